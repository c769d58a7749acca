"""What the EVM charges, and from it the least that each operation can cost.

A floor is the sum of what an operation cannot do without, whoever writes the contract: the
transaction with its calldata, every storage slot that must change, every further account that must
be called, the events that must be emitted and the signature that must be checked. Computation,
memory and the dispatch of the call are left out, so no contract reaches its floor.

Prices are those of Osaka, in force on mainnet since December 2025.
"""

from dataclasses import dataclass

TRANSACTION = 21_000
ZERO_BYTE = 4
OTHER_BYTE = 16

COLD_ACCOUNT = 2_600
SLOT_READ = 2_100
SLOT_CHANGED = SLOT_READ + 2_900
SLOT_CREATED = SLOT_READ + 20_000

LOG = 375
LOG_TOPIC = 375
LOG_BYTE = 8

ECRECOVER = 3_000
# EIP-7951.
P256VERIFY = 6_900

# EIP-7825: no transaction may use more, so no batch may be larger.
TRANSACTION_LIMIT = 16_777_216
# EIP-170.
CODE_LIMIT = 24_576


@dataclass(frozen=True)
class Term:
    """One thing that an operation cannot do without.

    Args:
        name: What it is, for people.
        gas: What it costs once.
        times: How often it is needed.
    """

    name: str
    gas: int
    times: int = 1

    @property
    def total(self) -> int:
        return self.gas * self.times


def calldata(data: bytes) -> int:
    """The gas that a transaction pays for its data."""
    zeros = data.count(0)
    return zeros * ZERO_BYTE + (len(data) - zeros) * OTHER_BYTE


def log(topics: int, words: int) -> int:
    """The gas of an event. `topics` counts the one that names it; `words` are 32 bytes of data."""
    return LOG + topics * LOG_TOPIC + 32 * words * LOG_BYTE


def transaction(data: bytes) -> tuple[Term, ...]:
    """What every transaction pays before it does anything."""
    return Term("transaction", TRANSACTION), Term("calldata", calldata(data))


def total(terms: tuple[Term, ...]) -> int:
    return sum(term.total for term in terms)
