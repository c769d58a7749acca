"""An issuer's liability: the points that members still have, and how they came and went.

Every generation has its own line: opening + awarded + guaranteed + refunded + converted in
- redeemed - converted out - corrected - expired = closing. Points are gone at the second at which
their generation expires, whether anyone has announced it or not; announcements afterwards say
nothing new, and are not counted.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from zegel.errors import ConfigError
from zegel.index import schema
from zegel.index.schema import CREATED, DESTROYED
from zegel.ledger.epochs import NEVER
from zegel.ledger.prices import PAR, Prices
from zegel.report.figures import Movements, Program
from zegel.report.network import Currency, read_network
from zegel.report.periods import Period
from zegel.report.posted import read_posted, valued
from zegel.report.sheet import Amount, Cell, Column, Day, Row, Sheet, exact

_MILLION = 10**6

# Expiries follow from the calendar: see above.
COUNTED = (*CREATED, *(kind for kind in DESTROYED if kind != "expired"))

_LINES = (
    "awarded",
    "guaranteed",
    "refunded",
    "converted_in",
    "redeemed",
    "converted_out",
    "corrected",
    "expired",
)


@dataclass(frozen=True)
class Estimate:
    """What the issuer reckons with: the cost of a point, in trillionths of a settlement token,
    and the millionths of all points that nobody will ever redeem."""

    cost: int
    breakage: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.breakage <= _MILLION:
            raise ConfigError(
                f"breakage: {self.breakage} is not between 0 and 1,000,000 millionths"
            )

    def value(self, points: int, program: Program, money: Currency) -> int:
        """In base units of the settlement token, rounded half up."""
        value: int = points * self.cost * (_MILLION - self.breakage) * 10**money.decimals
        unit: int = PAR * _MILLION * 10**program.decimals
        return (2 * value + unit) // (2 * unit)


@dataclass(frozen=True)
class Line:
    """The points of one generation; `expires` is the second at which they are gone."""

    expires: int
    opening: int
    movements: Movements

    @property
    def closing(self) -> int:
        return self.opening + self.movements.net


@dataclass(frozen=True)
class Liability:
    """The roll-forward of one program. `supply` is what `totalSupply` says after the last block:
    more than the closing total only where points expired between that block and the end."""

    program: Program
    money: Currency
    period: Period
    lines: tuple[Line, ...]
    supply: int
    prices: Prices
    estimate: Estimate | None

    @property
    def total(self) -> Line:
        return Line(
            NEVER,
            sum(line.opening for line in self.lines),
            sum((line.movements for line in self.lines), Movements()),
        )

    def sheet(self) -> Sheet:
        symbol, money = self.program.symbol, self.money.symbol
        numbers = ("opening", *(name.replace("_", " ") for name in _LINES), "closing")
        return Sheet(
            f"Liability of {self.program.name}",
            (
                Column("expires"),
                *(Column(name, "number", symbol) for name in numbers),
                Column("closing at bid", "number", money),
                Column("closing at ask", "number", money),
                *((Column("closing at cost", "number", money),) if self.estimate else ()),
            ),
            tuple(self._rows()),
            tuple(self._notes()),
        )

    def values(self) -> tuple[int, ...]:
        """The total line in money at the issuer's own estimate: opening, movements, closing.

        Each is the change of the value so far, so that they add up to the last unit.
        """
        if self.estimate is None:
            return ()
        total, found = self.total, []
        points = total.opening
        before = self.estimate.value(points, self.program, self.money)
        found.append(before)
        for name in _LINES:
            amount = getattr(total.movements, name)
            points += amount if name in _RAISING else -amount
            after = self.estimate.value(points, self.program, self.money)
            found.append(abs(after - before))
            before = after
        return (*found, before)

    def _rows(self) -> Iterator[Row]:
        for line in self.lines:
            yield self._row(Day(line.expires), line)
        yield self._row("all", self.total)
        if self.estimate is not None:
            money = (Amount(value, self.money.decimals) for value in self.values())
            yield (f"value, {self.money.symbol}", *money, None, None, None)

    def _row(self, name: Cell, line: Line) -> Row:
        points = (line.opening, *(getattr(line.movements, n) for n in _LINES), line.closing)
        values = [
            valued(line.closing, price, self.program, self.money.decimals) for price in self.prices
        ]
        if self.estimate is not None:
            values.append(self.estimate.value(line.closing, self.program, self.money))
        return (
            name,
            *(Amount(units, self.program.decimals) for units in points),
            *(Amount(units, self.money.decimals) for units in values),
        )

    def _notes(self) -> Iterator[str]:
        yield self.period.note
        supply = exact(Amount(self.supply, self.program.decimals))
        yield f"totalSupply after that block: {supply} {self.program.symbol}."
        if self.estimate is not None:
            cost = exact(Amount(self.estimate.cost, 12))
            share = exact(Amount(self.estimate.breakage, 4))
            yield (
                f"At cost: {cost} {self.money.symbol} a point, "
                f"of which {share} % will never be redeemed."
            )


_RAISING = frozenset({"awarded", "guaranteed", "refunded", "converted_in"})


def liability(
    database: Connection, name: str, period: Period, estimate: Estimate | None = None
) -> Liability:
    """The roll-forward of the program with a symbol or an address."""
    network = read_network(database)
    program = network.program(name)
    opening, within = _sums(database, program.token, period)
    generations = sorted(opening.keys() | within.keys())
    lines = [_line(program.epochs.expiry(g), opening[g], within[g], period) for g in generations]
    at = period.last.timestamp
    return Liability(
        program,
        network.money,
        period,
        tuple(line for line in lines if line.opening or any(vars(line.movements).values())),
        sum(opening[g] + within[g].net for g in generations if program.epochs.expiry(g) > at),
        read_posted(database, network.money.decimals).at(program.token, at),
        estimate,
    )


def _line(expires: int, before: int, movements: Movements, period: Period) -> Line:
    if expires < period.since:
        # Gone before: whatever was left then was lost in an earlier period.
        return Line(expires, 0, Movements())
    left = before + movements.net
    lost = left if expires < period.until else 0
    return Line(expires, before, movements + Movements(expired=lost))


def _sums(
    database: Connection, token: str, period: Period
) -> tuple[dict[int, int], dict[int, Movements]]:
    """By generation: what there was before the period, and what came and went in it."""
    m = schema.movements
    earlier = case((m.c.timestamp < period.since, 1), else_=0)
    rows = database.execute(
        select(earlier, m.c.generation, m.c.kind, func.sum(m.c.amount))
        .where(m.c.token == token, m.c.timestamp < period.until, m.c.kind.in_(COUNTED))
        .group_by(earlier, m.c.generation, m.c.kind)
    )
    opening: dict[int, int] = defaultdict(int)
    within: dict[int, Movements] = defaultdict(Movements)
    for before, generation, kind, total in rows:
        if before:
            opening[generation] += int(total)
        else:
            found = Movements(**{kind.replace(" ", "_"): abs(int(total))})
            within[generation] += found
    return opening, within
