"""Who takes part in the simulation, and what they know."""

from collections import Counter
from dataclasses import dataclass, field

from proofs.offline.town import Key, Voucher

# What a merchant may take of one member out of the shared purse.
LIMIT = 60


@dataclass(frozen=True)
class Size:
    """How much is simulated."""

    merchants: int
    tills: int
    members: int
    days: int
    # Of the members.
    cheats: float = 0.05
    # How often an honest member pays.
    visits: int = 8


@dataclass
class Merchant:
    key: Key
    colludes: bool
    tills: list["Till"] = field(default_factory=list)
    limit: int = LIMIT
    was_robbed: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it settles as late as the rules allow: those with one till do."""
        return len(self.tills) == 1

    @property
    def address(self) -> str:
        return self.key.address


@dataclass
class Till:
    """A till: what it read, and what it has taken since it last settled."""

    key: Key
    merchant: Merchant
    readings: dict[tuple[str, bool], int] = field(default_factory=dict)
    read_at: int = 0
    share: int = 0
    taken: list[Voucher] = field(default_factory=list)
    promised: Counter[tuple[str, bool]] = field(default_factory=Counter)
    serial: int = 0
    next_sync: int = 0
    visitors: list[tuple[int, "Member", bool]] = field(default_factory=list)
    is_robbed: bool = False
    is_closed: bool = False

    @property
    def address(self) -> str:
        return self.key.address


@dataclass
class Member:
    key: Key
    kind: str
    home: Merchant
    promises: list[tuple[str, Voucher]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.key.address

    @property
    def is_honest(self) -> bool:
        return self.kind == "honest"
