"""The roles of programs and of the registry, by their identifiers on the chain."""

from eth_utils import keccak

DEFAULT_ADMIN = "0x" + "00" * 32


def _role(name: str) -> str:
    return "0x" + keccak(text=f"{name}_ROLE").hex()


GUARDIAN = _role("GUARDIAN")
CORRECTOR = _role("CORRECTOR")
FREEZER = _role("FREEZER")
RECOVERER = _role("RECOVERER")
PRICER = _role("PRICER")
TREASURER = _role("TREASURER")
EXCHANGE = _role("EXCHANGE")
DESK = _role("DESK")
DISTRIBUTOR = _role("DISTRIBUTOR")

OPERATOR = _role("OPERATOR")
