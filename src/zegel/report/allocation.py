"""What part of a sale's price belongs to the points that came with it (IFRS 15, B39 to B43).

Points are a promise of their own: the price is divided between the goods and the points by what
each would cost alone, points by the part of them that will be redeemed. The points' part is owed
until they are redeemed or gone.
"""

from dataclasses import dataclass

_MILLION = 10**6


@dataclass(frozen=True)
class Allocation:
    """A price in two parts: `revenue` now, and `liability` until the points are used."""

    revenue: int
    liability: int


def allocate(price: int, goods: int, points: int, share: int, step: int = 1) -> Allocation:
    """Divides a price between goods and points.

    `goods` is what the goods cost alone, `points` what all the points are worth, `share` the
    millionths of them that will be redeemed. The points' part of the whole is rounded half up to
    `step` millionths: accountants may round it to a tenth of a percent.
    """
    expected = points * share
    whole = (goods * _MILLION + expected) * step
    part = (2 * expected * _MILLION + whole) // (2 * whole) * step
    liability = _rounded(price * part, _MILLION)
    return Allocation(price - liability, liability)


def release(liability: int, used: int, of: int) -> int:
    """What of a liability becomes revenue once `used` points of `of` are redeemed.

    `of` is as many as the issuer expects to be redeemed (IFRS 15, B45), or all of them where it
    releases by points outstanding.
    """
    return _rounded(liability * min(used, of), of)


def _rounded(numerator: int, denominator: int) -> int:
    """Half up."""
    return (2 * numerator + denominator) // (2 * denominator)
