"""Whose points expire soon: whom to tell, and how much the issuer will no longer owe."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from zegel.index import schema
from zegel.report.figures import Program
from zegel.report.network import labels, read_network
from zegel.report.periods import Period
from zegel.report.sheet import Amount, Column, Day, Sheet


@dataclass(frozen=True)
class Holding:
    """A member's points that expire at one second."""

    member: str
    label: str
    expires: int
    points: int


@dataclass(frozen=True)
class Expiring:
    """What members have after the last block that expires before the end of the period."""

    program: Program
    period: Period
    holdings: tuple[Holding, ...]

    @property
    def points(self) -> int:
        return sum(holding.points for holding in self.holdings)

    def sheet(self) -> Sheet:
        decimals = self.program.decimals
        rows = tuple(
            (Day(each.expires), each.member, each.label or None, Amount(each.points, decimals))
            for each in self.holdings
        )
        return Sheet(
            f"Points of {self.program.name} that expire soon",
            (
                Column("expires", "time"),
                Column("member"),
                Column("name"),
                Column("points", "number", self.program.symbol),
            ),
            (*rows, (None, "all", None, Amount(self.points, decimals))),
            (
                f"Balances after block {self.period.last.number} "
                f"with the hash {self.period.last.hash}.",
            ),
        )


def expiring(database: Connection, name: str, now: Period, before: int) -> Expiring:
    """The points that are alive at the end of `now` and expire before a second, soonest first."""
    program = read_network(database).program(name)
    names = labels(database)
    m = schema.movements
    generations = [
        generation
        for generation in database.scalars(
            select(m.c.generation).where(m.c.token == program.token).distinct()
        )
        if now.until <= program.epochs.expiry(generation) < before
    ]
    left = func.sum(m.c.amount)
    rows = database.execute(
        select(m.c.generation, m.c.member, left)
        .where(
            m.c.token == program.token,
            m.c.generation.in_(generations),
            m.c.timestamp < now.until,
        )
        .group_by(m.c.generation, m.c.member)
        .having(left > 0)
        .order_by(m.c.generation, left.desc(), m.c.member)
    )
    return Expiring(
        program,
        now,
        tuple(
            Holding(member, names.get(member, ""), program.epochs.expiry(generation), int(points))
            for generation, member, points in rows
        ),
    )
