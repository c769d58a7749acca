"""A program's points month by month: what came, what went, and what was there at the end."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from zegel.index import schema
from zegel.ledger.epochs import months_between
from zegel.report.charts import generations_chart
from zegel.report.figures import Month, Movements, Program
from zegel.report.liability import COUNTED
from zegel.report.network import read_network
from zegel.report.periods import Period
from zegel.report.sheet import Amount, Column, Day, Row, Sheet

_DAY = 86_400
_WIDTH, _HEIGHT = 1070, 340

# What came and went on a day, by generation.
Days = dict[int, dict[int, Movements]]


@dataclass(frozen=True)
class History:
    """Calendar months in UTC, from the one in which the program was created."""

    program: Program
    period: Period
    months: tuple[Month, ...]

    def sheet(self) -> Sheet:
        names = tuple(vars(Movements()))
        numbers = ("opening", *(name.replace("_", " ") for name in names), "closing")
        return Sheet(
            f"{self.program.name}, month by month",
            (
                Column("month", "time"),
                *(Column(name, "number", self.program.symbol) for name in numbers),
            ),
            tuple(self._rows(names)),
            (self.period.note,),
            generations_chart(self, _WIDTH, _HEIGHT),
        )

    def _rows(self, names: tuple[str, ...]) -> Iterator[Row]:
        for month in self.months:
            moved = (getattr(month.movements, name) for name in names)
            points = (month.opening, *moved, month.closing)
            yield (Day(month.start), *(Amount(n, self.program.decimals) for n in points))


def history(database: Connection, name: str, period: Period) -> History:
    """The months of the program with a symbol or an address, up to the end of a period.

    The first month is that of the period's beginning.
    """
    program = read_network(database).program(name)
    months = tuple(_months(program, _days(database, program.token, period), period))
    return History(program, period, months)


def _days(database: Connection, token: str, period: Period) -> Days:
    m = schema.movements
    day = m.c.timestamp // _DAY
    days: Days = defaultdict(lambda: defaultdict(Movements))
    for number, generation, kind, total in database.execute(
        select(day, m.c.generation, m.c.kind, func.sum(m.c.amount))
        .where(m.c.token == token, m.c.timestamp < period.until, m.c.kind.in_(COUNTED))
        .group_by(day, m.c.generation, m.c.kind)
    ):
        found = Movements(**{kind.replace(" ", "_"): abs(int(total))})
        days[int(number) * _DAY][generation] += found
    return days


def _months(program: Program, days: Days, period: Period) -> Iterator[Month]:
    starts = months_between(min(program.epochs.created, period.since), period.until - 1)
    supply: dict[int, int] = defaultdict(int)
    waiting = sorted(days)
    for start, end in zip(starts, [*starts[1:], period.until], strict=True):
        opening = sum(supply.values())
        moved = Movements()
        while waiting and waiting[0] < end:
            for generation, found in days[waiting.pop(0)].items():
                supply[generation] += found.net
                moved += found
        moved.expired = sum(supply.pop(g) for g in list(supply) if program.epochs.expiry(g) < end)
        outstanding = {program.epochs.expiry(g): n for g, n in sorted(supply.items()) if n}
        if end > period.since:
            yield Month(start, end - 1, opening, moved, outstanding)
