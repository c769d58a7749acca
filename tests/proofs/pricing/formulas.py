"""The exchange's arithmetic, written once: for numbers, and for symbols that stand for all of them.

A *worth* is a price times one settlement token in its base units, a *scale* is 10^(12 + decimals):
so many base units of points are worth `points * worth / scale` base units of money. Money itself
counts as points whose worth equals their scale.

`test_binding.py` compares these formulas with the contracts, the other files prove with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

MILLION = 1_000_000


class Division(Protocol):
    """How whole numbers are divided: numbers at once, symbols by what makes a quotient one."""

    def down(self, dividend: Any, divisor: Any) -> Any: ...

    def up(self, dividend: Any, divisor: Any) -> Any: ...


class OfNumbers:
    """Division of Python's integers."""

    def down(self, dividend: int, divisor: int) -> int:
        return dividend // divisor

    def up(self, dividend: int, divisor: int) -> int:
        return -(-dividend // divisor)


@dataclass(frozen=True)
class Program:
    """A program as a conversion sees it; `ask` is the one that holds for the pair."""

    bid: Any
    ask: Any
    scale: Any


@dataclass(frozen=True)
class Conversion:
    """What leaves the account of the source, what reaches that of the target, what is issued."""

    value: Any
    net: Any
    out: Any


@dataclass(frozen=True)
class Arithmetic:
    division: Division

    def value_down(self, points: Any, worth: Any, scale: Any) -> Any:
        return self.division.down(points * worth, scale)

    def value_up(self, points: Any, worth: Any, scale: Any) -> Any:
        return self.division.up(points * worth, scale)

    def points_down(self, value: Any, worth: Any, scale: Any) -> Any:
        return self.division.down(value * scale, worth)

    def points_up(self, value: Any, worth: Any, scale: Any) -> Any:
        return self.division.up(value * scale, worth)

    def net(self, value: Any, fee: Any) -> Any:
        return value - self.division.up(value * fee, MILLION)

    def gross(self, net: Any, fee: Any) -> Any:
        return self.division.up(net * MILLION, MILLION - fee)

    def convert(self, amount: Any, source: Program, target: Program, fee: Any) -> Conversion:
        value = self.value_down(amount, source.bid, source.scale)
        net = self.net(value, fee)
        return Conversion(value, net, self.points_down(net, target.ask, target.scale))
