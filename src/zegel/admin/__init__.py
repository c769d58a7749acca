"""What issuers and operators do, each act a plan: shown first, sent once, checked afterwards."""
