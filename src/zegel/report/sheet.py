"""One table for every format: what a report shows, before anyone has decided how.

A cell is text, a whole number, an amount, a moment, a day, or empty. Amounts are whole base units
with the decimals of their program or of the settlement token, so nothing is rounded on the way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Literal, NamedTuple

from zegel.ledger.epochs import NEVER
from zegel.report import text
from zegel.report.cells import plain


class Amount(NamedTuple):
    """Points or money in base units, of which the last `decimals` digits are decimals."""

    units: int
    decimals: int


class Moment(NamedTuple):
    """A second, in Unix time."""

    second: int


class Day(NamedTuple):
    """The day on which a second lies, in UTC; points that never expire have none."""

    second: int


Cell = str | int | Amount | Moment | Day | None
Row = tuple[Cell, ...]
Kind = Literal["text", "number", "time"]


@dataclass(frozen=True)
class Column:
    """`unit` is what the numbers are of, where that is the same in all rows."""

    title: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def heading(self) -> str:
        return plain(f"{self.title}, {self.unit}" if self.unit else self.title)


@dataclass(frozen=True)
class Sheet:
    """A report as a table. Its rows may be many, and are read once.

    `notes` are sentences that say what the figures are. `chart` is a drawing (SVG) for the formats
    that can show one.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    notes: tuple[str, ...] = ()
    chart: str = field(default="", repr=False)


def exact(cell: Cell) -> str:
    """A cell for programs: no thousands separators, ISO 8601 times."""
    if isinstance(cell, Amount):
        return text.amount(cell.units, cell.decimals).replace(",", "")
    if isinstance(cell, Moment):
        return f"{_utc(cell.second):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(cell, Day):
        return "never" if cell.second >= NEVER else f"{_utc(cell.second):%Y-%m-%d}"
    return "" if cell is None else plain(str(cell))


def shown(cell: Cell) -> str:
    """A cell for people."""
    if isinstance(cell, Amount):
        return text.amount(cell.units, cell.decimals)
    if isinstance(cell, Moment):
        return f"{_utc(cell.second):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return exact(cell)


def _utc(second: int) -> datetime:
    return datetime.fromtimestamp(second, timezone.utc)
