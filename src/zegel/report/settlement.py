"""A partner's settlement statement: what conversions with each other program moved, the account in
the exchange, and the prices by which it was done.

Nothing is owed at its end: a conversion moves the money between the accounts at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, or_, select

from zegel.index import schema
from zegel.ledger.prices import Prices
from zegel.report.cells import plain
from zegel.report.charts import Node, flows_chart
from zegel.report.figures import Flow, Program
from zegel.report.network import Network, labels, read_network
from zegel.report.periods import Period
from zegel.report.sheet import Amount, Column, Moment, Row, Sheet

# The page's colours for programs, and the width of a drawing on it.
_COLOURS, _WIDTH = 4, 1070


@dataclass(frozen=True)
class Flows:
    """The bilateral matrix: all conversions from one program to another, or from and to money."""

    network: Network
    period: Period
    sides: Mapping[tuple[str, str], Flow]

    def net(self, token: str, partner: str) -> int:
        """What a program has received from a partner, less what it has paid."""
        into, out = (self.sides.get(pair, Flow()) for pair in ((partner, token), (token, partner)))
        return into.value - into.fee - out.value

    def sheet(self) -> Sheet:
        money = self.network.money.symbol
        return Sheet(
            "Conversions between programs",
            (
                Column("from"),
                Column("to"),
                Column("times", "number"),
                Column("given up", "number"),
                Column("received", "number"),
                Column("value", "number", money),
                Column("of it fee", "number", money),
            ),
            tuple(self._rows()),
            (self.period.note,),
            self._chart(),
        )

    def _chart(self) -> str:
        """Money from the programs on the left to those on the right; the last colour is money's."""
        network = self.network
        if not self.sides:
            return ""
        nodes = {
            token: Node(plain(program.name), f"p{number % _COLOURS}")
            for number, (token, program) in enumerate(network.programs.items())
        } | {network.money.token: Node("Money", f"p{_COLOURS}")}
        values = {pair: side.value for pair, side in self.sides.items()}
        return flows_chart(values, nodes, network.money.decimals, _WIDTH)

    def _rows(self) -> Iterator[Row]:
        network, decimals = self.network, self.network.money.decimals
        for (source, target), side in self.sides.items():
            yield (
                network.symbol(source),
                network.symbol(target),
                side.count,
                Amount(side.amount, network.decimals(source)),
                Amount(side.out, network.decimals(target)),
                Amount(side.value, decimals),
                Amount(side.fee, decimals),
            )


@dataclass(frozen=True)
class Posting:
    """One movement of an issuer's account in the exchange."""

    timestamp: int
    kind: str
    amount: int
    balance: int
    other: str
    transaction: str


@dataclass(frozen=True)
class Version:
    """Conversions under one version of the prices, in one direction."""

    version: int
    prices: Prices | None
    side: Flow = field(default_factory=Flow)


@dataclass(frozen=True)
class Settlement:
    """One program against all others. `versions` is by (partner, own version, direction)."""

    program: Program
    flows: Flows
    opening: int
    postings: tuple[Posting, ...]
    versions: Mapping[tuple[str, int, str], Version]

    @property
    def closing(self) -> int:
        return self.opening + sum(posting.amount for posting in self.postings)

    def sheet(self) -> Sheet:
        """What each partner has given and taken."""
        network, own = self.flows.network, self.program
        return Sheet(
            f"Settlement of {own.name}",
            (
                Column("partner"),
                Column("conversions out", "number"),
                Column("points given up", "number", own.symbol),
                Column("paid", "number", network.money.symbol),
                Column("conversions in", "number"),
                Column("points received", "number", own.symbol),
                Column("earned", "number", network.money.symbol),
                Column("of it fee", "number", network.money.symbol),
                Column("net", "number", network.money.symbol),
            ),
            tuple(self._rows()),
            (self.flows.period.note, "Paid and settled by each conversion: nothing is owed."),
        )

    def account(self) -> Sheet:
        """Every movement of the account."""
        money = self.flows.network.money
        start, end = self.flows.period.since, self.flows.period.until
        rows = (
            (
                Moment(p.timestamp),
                p.kind,
                p.other,
                Amount(p.amount, money.decimals),
                Amount(p.balance, money.decimals),
                p.transaction or None,
            )
            for p in self.postings
        )
        opening, closing = (Amount(n, money.decimals) for n in (self.opening, self.closing))
        return Sheet(
            f"Account of {self.program.name} in the exchange",
            (
                Column("time", "time"),
                Column("what"),
                Column("with"),
                Column("amount", "number", money.symbol),
                Column("balance", "number", money.symbol),
                Column("transaction"),
            ),
            (
                (Moment(start), "opening", None, None, opening, None),
                *rows,
                (Moment(end), "closing", None, None, closing, None),
            ),
            (self.flows.period.note,),
        )

    def prices(self) -> Sheet:
        """The prices by which it was done."""
        network = self.flows.network
        return Sheet(
            f"Prices of {self.program.name} that conversions used",
            (
                Column("partner"),
                Column("direction"),
                Column("version", "number"),
                Column("bid", "number", network.money.symbol),
                Column("ask", "number", network.money.symbol),
                Column("conversions", "number"),
                Column("value", "number", network.money.symbol),
            ),
            tuple(
                (
                    network.symbol(partner),
                    direction,
                    number,
                    Amount(used.prices.bid, 12) if used.prices else None,
                    Amount(used.prices.ask, 12) if used.prices else None,
                    used.side.count,
                    Amount(used.side.value, network.money.decimals),
                )
                for (partner, number, direction), used in sorted(self.versions.items())
            ),
            (self.flows.period.note, "Bid and ask are those for everyone at that version."),
        )

    def _rows(self) -> Iterator[Row]:
        network, own = self.flows.network, self.program
        partners = sorted({other for pair in self.flows.sides for other in pair} - {own.token})
        decimals, money = own.decimals, network.money.decimals
        for partner in partners:
            out = self.flows.sides.get((own.token, partner), Flow())
            into = self.flows.sides.get((partner, own.token), Flow())
            yield (
                network.symbol(partner),
                out.count,
                Amount(out.amount, decimals),
                Amount(out.value, money),
                into.count,
                Amount(into.out, decimals),
                Amount(into.value - into.fee, money),
                Amount(into.fee, money),
                Amount(self.flows.net(own.token, partner), money),
            )


def flows(database: Connection, period: Period, token: str | None = None) -> Flows:
    """The bilateral matrix of a period: of all programs, or of those pairs that have one."""
    c = schema.conversions
    sides: dict[tuple[str, str], Flow] = defaultdict(Flow)
    question = select(c.c.source, c.c.target, c.c.amount, c.c.out, c.c.value, c.c.fee).where(
        c.c.timestamp >= period.since, c.c.timestamp < period.until
    )
    if token is not None:
        question = question.where(or_(c.c.source == token, c.c.target == token))
    # Money exceeds 64 bits, so that not every database could add it up exactly.
    for source, target, *amounts in database.execute(question).yield_per(10_000):
        sides[source, target].add(*amounts)
    return Flows(read_network(database), period, dict(sorted(sides.items())))


def settlement(database: Connection, name: str, period: Period) -> Settlement:
    """The statement of the program with a symbol or an address."""
    program = read_network(database).program(name)
    opening, postings = _postings(database, program.token, period)
    return Settlement(
        program,
        flows(database, period, program.token),
        opening,
        postings,
        _versions(database, program.token, period),
    )


def _postings(database: Connection, token: str, period: Period) -> tuple[int, tuple[Posting, ...]]:
    m, e = schema.money, schema.events
    names = labels(database)
    earlier = database.scalars(
        select(m.c.amount).where(m.c.program == token, m.c.timestamp < period.since)
    )
    opening = balance = sum(earlier)
    found = []
    for row in database.execute(
        select(m, e.c.transaction)
        .outerjoin(e, (e.c.block == m.c.block) & (e.c.log == m.c.log))
        .where(m.c.program == token, m.c.timestamp >= period.since, m.c.timestamp < period.until)
        .order_by(m.c.block, m.c.log, m.c.entry)
    ):
        balance += row.amount
        other = names.get(row.other, row.other or "")
        found.append(
            Posting(row.timestamp, row.kind, row.amount, balance, other, row.transaction or "")
        )
    return opening, tuple(found)


def _versions(
    database: Connection, token: str, period: Period
) -> dict[tuple[str, int, str], Version]:
    p, c = schema.prices, schema.conversions
    posted = {
        row.version: Prices(row.bid, row.ask)
        for row in database.execute(
            select(p.c.version, p.c.bid, p.c.ask)
            .where(p.c.program == token, p.c.partner.is_(None))
            .order_by(p.c.block, p.c.log)
        )
    }
    versions: dict[tuple[str, int, str], Version] = {}
    for row in database.execute(
        select(c)
        .where(
            or_(c.c.source == token, c.c.target == token),
            c.c.timestamp >= period.since,
            c.c.timestamp < period.until,
        )
        .order_by(c.c.block, c.c.log)
    ):
        out = row.source == token
        number = row.source_version if out else row.target_version
        key = (row.target if out else row.source, number, "out" if out else "in")
        if key not in versions:
            versions[key] = Version(number, _in_force(posted, number))
        versions[key].side.add(row.amount, row.out, row.value, row.fee)
    return versions


def _in_force(posted: Mapping[int, Prices], version: int) -> Prices | None:
    """The prices for everyone at a version; terms for one partner raise the version too."""
    known = [number for number in posted if number <= version]
    return posted[max(known)] if known else None
