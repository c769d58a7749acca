"""The roles of a program's token and of the registry; see contracts/libraries/Roles.sol."""

from eth_utils.crypto import keccak

DEFAULT_ADMIN = bytes(32)

GUARDIAN = keccak(text="GUARDIAN_ROLE")
CORRECTOR = keccak(text="CORRECTOR_ROLE")
FREEZER = keccak(text="FREEZER_ROLE")
RECOVERER = keccak(text="RECOVERER_ROLE")
PRICER = keccak(text="PRICER_ROLE")
TREASURER = keccak(text="TREASURER_ROLE")
EXCHANGE = keccak(text="EXCHANGE_ROLE")
DISTRIBUTOR = keccak(text="DISTRIBUTOR_ROLE")

OPERATOR = keccak(text="OPERATOR_ROLE")

# By the names that settings files and messages use.
OF_PROGRAMS = {
    "guardian": GUARDIAN,
    "corrector": CORRECTOR,
    "freezer": FREEZER,
    "recoverer": RECOVERER,
    "pricer": PRICER,
    "treasurer": TREASURER,
    "exchange": EXCHANGE,
    "distributor": DISTRIBUTOR,
}
OF_REGISTRY = {"operator": OPERATOR}

NAMES = {role: name for name, role in [*OF_PROGRAMS.items(), *OF_REGISTRY.items()]} | {
    DEFAULT_ADMIN: "default admin"
}
