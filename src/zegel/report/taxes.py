"""What members were given in a calendar year, and what it was worth on the day, for tax offices.

The worth of a point is what its issuer would have paid for it at that second (its bid). An employer
reports its own program, of which employees are the members.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from zegel.index import schema
from zegel.report.figures import Program
from zegel.report.network import Network, read_network
from zegel.report.periods import Block, Period, period, year
from zegel.report.posted import Posted, read_posted
from zegel.report.sheet import Amount, Column, Moment, Row, Sheet
from zegel.report.statement import shown_ref

# What makes a member richer: awards, at once or by a claim.
_GIVEN = ("awarded", "claimed")


@dataclass(frozen=True)
class Gift:
    """One award, with its value at the time."""

    timestamp: int
    program: Program
    kind: str
    points: int
    value: int
    ref: str
    transaction: str


@dataclass(frozen=True)
class MemberYear:
    """All awards of a member in a year."""

    member: str
    year: int
    network: Network
    last: Block
    gifts: tuple[Gift, ...]

    @property
    def value(self) -> int:
        return sum(gift.value for gift in self.gifts)

    def sheet(self) -> Sheet:
        money = self.network.money
        rows = [
            (
                Moment(gift.timestamp),
                gift.program.symbol,
                gift.kind,
                gift.ref or None,
                Amount(gift.points, gift.program.decimals),
                Amount(gift.value, money.decimals),
                gift.transaction or None,
            )
            for gift in self.gifts
        ]
        total: Row = (None, "all", None, None, None, Amount(self.value, money.decimals), None)
        return Sheet(
            f"Points awarded to {self.member} in {self.year}",
            (
                Column("time", "time"),
                Column("program"),
                Column("what"),
                Column("reference"),
                Column("points", "number"),
                Column("value", "number", money.symbol),
                Column("transaction"),
            ),
            (*rows, total),
            _notes(self.last),
        )


@dataclass(frozen=True)
class Receiver:
    """One member's awards of one program, added up."""

    member: str
    program: Program
    awards: int
    points: int
    value: int


@dataclass(frozen=True)
class ProgramYear:
    """All members who were awarded points in a year."""

    year: int
    network: Network
    last: Block
    receivers: tuple[Receiver, ...]

    def sheet(self) -> Sheet:
        money = self.network.money
        return Sheet(
            f"Points awarded in {self.year}, by member",
            (
                Column("member"),
                Column("program"),
                Column("awards", "number"),
                Column("points", "number"),
                Column("value", "number", money.symbol),
            ),
            tuple(
                (
                    each.member,
                    each.program.symbol,
                    each.awards,
                    Amount(each.points, each.program.decimals),
                    Amount(each.value, money.decimals),
                )
                for each in self.receivers
            ),
            _notes(self.last),
        )


def member_year(database: Connection, member: str, number: int) -> MemberYear:
    """A member's awards, one by one."""
    network = read_network(database)
    posted = read_posted(database, network.money.decimals)
    member = member.lower()
    m, e = schema.movements, schema.events
    span = period(database, *year(number))
    rows = database.execute(
        select(m, e.c.transaction)
        .outerjoin(e, and_(e.c.block == m.c.block, e.c.log == m.c.log))
        .where(_given(span), m.c.member == member)
        .order_by(m.c.block, m.c.log, m.c.lot)
    )
    gifts = tuple(_gift(network, posted, row) for row in rows)
    return MemberYear(member, number, network, span.last, gifts)


def program_year(database: Connection, name: str, number: int) -> ProgramYear:
    """All members of the program with a symbol or an address."""
    network = read_network(database)
    posted = read_posted(database, network.money.decimals)
    program = network.program(name)
    m = schema.movements
    span = period(database, *year(number))
    rows = database.execute(
        select(m.c.member, m.c.amount, m.c.timestamp)
        .where(_given(span), m.c.token == program.token)
        .execution_options(yield_per=10_000)
    )
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for who, points, timestamp in rows:
        found = sums[who]
        found[0] += 1
        found[1] += points
        found[2] += posted.bid(program, points, timestamp)
    receivers = (Receiver(who, program, *found) for who, found in sorted(sums.items()))
    return ProgramYear(number, network, span.last, tuple(receivers))


def _given(span: Period) -> ColumnElement[bool]:
    """The awards of a year. The contract of a drop only passes them on."""
    m = schema.movements
    drops = select(m.c.other).where(m.c.kind == "claimed", m.c.amount > 0, m.c.other.is_not(None))
    return and_(
        m.c.kind.in_(_GIVEN),
        m.c.amount > 0,
        m.c.timestamp >= span.since,
        m.c.timestamp < span.until,
        m.c.member.not_in(drops),
    )


def _gift(network: Network, posted: Posted, row: Any) -> Gift:
    program = network.programs[row.token]
    value = posted.bid(program, row.amount, row.timestamp)
    return Gift(
        row.timestamp,
        program,
        row.kind,
        row.amount,
        value,
        shown_ref(row.ref),
        row.transaction or "",
    )


def _notes(last: Block) -> tuple[str, ...]:
    return (
        f"As of block {last.number} with the hash {last.hash}.",
        "Values are what the issuer would have paid for the points at that time, rounded down.",
    )
