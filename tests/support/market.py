"""Money and prices, in base units, and the exchange's structs."""

from typing import Any

EURO = 10**6

# A price of one euro for one point, in trillionths of a euro.
PRICE = 10**12

# The last second there is, for conversions that may come at any time.
EVER = 2**256 - 1

# The bits of `Program.flags` above the decimals.
SUSPENDED, SCHEDULED, LIMITED, TERMS = (1 << bit for bit in range(3, 7))


def fields(struct: Any) -> tuple[int, ...]:
    """A struct of numbers that a view returned; Brownie's own type compares with nothing else."""
    return tuple(int(field) for field in struct)
