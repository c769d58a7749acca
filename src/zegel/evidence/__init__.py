"""Evidence packs: everything that happened, signed, for someone who trusts nobody's database."""
