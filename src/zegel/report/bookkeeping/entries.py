"""Double entry of points and money, before anyone has decided for which program it is written.

Points of each program are a commodity of their own, and so is money; every entry balances in each
of them. To an issuer, points that members have are a liability, and its account in the exchange is
an asset. What members send each other changes neither, and is left out.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, and_, or_, select

from zegel.errors import ConfigError
from zegel.index import schema
from zegel.index.schema import CREATED
from zegel.report.liability import COUNTED, Liability, liability
from zegel.report.network import Network, read_network
from zegel.report.periods import Period
from zegel.report.statement import shown_ref

Root = Literal["Assets", "Liabilities", "Equity", "Income", "Expenses"]

# Who owns what belongs to no program.
NETWORK = "network"

_AT_ONCE = 10_000


class Account(NamedTuple):
    """`owner` is a program's token, or the network."""

    root: Root
    owner: str
    name: str


class Posting(NamedTuple):
    """An amount in base units of a commodity, which is a token's address."""

    account: Account
    commodity: str
    units: int


@dataclass(frozen=True)
class Entry:
    """Postings that add up to nothing in every commodity.

    Expiries and openings follow from the calendar and have no transaction.
    """

    timestamp: int
    text: str
    postings: tuple[Posting, ...]
    transaction: str = ""
    block: int = 0
    log: int = 0

    @property
    def place(self) -> tuple[int, int, int]:
        return self.timestamp, self.block, self.log


@dataclass(frozen=True)
class Books:
    """What the entries of a period are about, and what they must lead to.

    `issuers` are the programs whose books they are; `whole` says that these are all of them.
    """

    network: Network
    period: Period
    liabilities: tuple[Liability, ...]
    opening: Entry
    closing: tuple[Posting, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(each.program.token for each in self.liabilities)

    @property
    def whole(self) -> bool:
        return len(self.liabilities) == len(self.network.programs)


def open_books(database: Connection, period: Period, names: Iterable[str] = ()) -> Books:
    """The books of some programs, or of all."""
    network = read_network(database)
    tokens = [network.program(name).token for name in names] or list(network.programs)
    if not tokens:
        raise ConfigError("the index has no programs: let it follow the chain further")
    found = tuple(liability(database, token, period) for token in tokens)
    holders = [*tokens, *(["fees"] if len(tokens) == len(network.programs) else [])]
    money = {holder: _money_at(database, holder, period) for holder in holders}
    opening, closing = [], []
    for each in found:
        token = each.program.token
        owed = Account("Liabilities", token, "Points")
        opening += _both(owed, _opening(token), token, -each.total.opening)
        closing.append(Posting(owed, token, -each.total.closing))
    for holder, (before, after) in money.items():
        account, owner = _cash(holder), NETWORK if holder == "fees" else holder
        opening += _both(account, _opening(owner), network.money.token, before)
        closing.append(Posting(account, network.money.token, after))
    start = Entry(period.since, "opening", tuple(p for p in opening if p.units))
    return Books(network, period, found, start, tuple(closing))


def entries(database: Connection, books: Books) -> Iterator[Entry]:
    """All entries of the period in their order, the opening first."""
    if books.opening.postings:
        yield books.opening
    yield from heapq.merge(
        _points(database, books),
        _conversions(database, books),
        _funds(database, books),
        _expiries(books),
        key=lambda entry: entry.place,
    )


def accounts(books: Books) -> list[tuple[Account, tuple[str, ...]]]:
    """Every account that entries may use, with the commodities that it may hold."""
    money = books.network.money.token
    found: list[tuple[Account, tuple[str, ...]]] = []
    for token in books.tokens:
        found.append((Account("Assets", token, "Exchange"), (money,)))
        found.append((Account("Liabilities", token, "Points"), (token,)))
        found.append((_opening(token), (token, money)))
        found.append((_funding(token), (money,)))
        for kind in (*COUNTED, "expired"):
            found.append((_reason(token, kind), (token,)))
    if books.whole:
        found.append((_cash("fees"), (money,)))
        found.append((_opening(NETWORK), (money,)))
        found.append((_funding(NETWORK), (money,)))
    found.append((_SETTLED, (money,)))
    return found


def _points(database: Connection, books: Books) -> Iterator[Entry]:
    """Points that came into being or went, one entry for all that one transaction says alike."""
    m, e = schema.movements, schema.events
    kinds = [kind for kind in COUNTED if not kind.startswith("converted")]
    rows = database.execute(
        select(
            m.c.block,
            m.c.log,
            m.c.timestamp,
            m.c.token,
            m.c.kind,
            m.c.amount,
            m.c.ref,
            e.c.transaction,
        )
        .outerjoin(e, and_(e.c.block == m.c.block, e.c.log == m.c.log))
        .where(
            m.c.token.in_(books.tokens),
            m.c.kind.in_(kinds),
            m.c.timestamp >= books.period.since,
            m.c.timestamp < books.period.until,
        )
        .order_by(m.c.block, m.c.log, m.c.lot)
        .execution_options(yield_per=_AT_ONCE)
    )
    alike = groupby(rows, lambda r: (r.block, r.transaction, r.token, r.kind, r.ref))
    for (block, transaction, token, kind, ref), some in alike:
        first, count, total = _added(some)
        times = f" {count} times" if count > 1 else ""
        text = f"{kind}{times} {shown_ref(ref)}".rstrip()
        postings = _came_or_went(token, kind, abs(total))
        yield Entry(first.timestamp, text, postings, transaction or "", block, first.log)


def _conversions(database: Connection, books: Books) -> Iterator[Entry]:
    c = schema.conversions
    rows = database.execute(
        select(c)
        .where(
            or_(c.c.source.in_(books.tokens), c.c.target.in_(books.tokens)),
            c.c.timestamp >= books.period.since,
            c.c.timestamp < books.period.until,
        )
        .order_by(c.c.block, c.c.log)
        .execution_options(yield_per=_AT_ONCE)
    )
    symbol = books.network.symbol
    for row in rows:
        text = f"converted {symbol(row.source)} to {symbol(row.target)}"
        postings = tuple(_converted(books, row))
        yield Entry(row.timestamp, text, postings, row.transaction, row.block, row.log)


def _converted(books: Books, row: Any) -> Iterator[Posting]:
    """The points of both sides and their money. What goes to anyone else, a partner with books of
    its own or a member who is paid out, stands against `_SETTLED`."""
    money, rest = books.network.money.token, 0
    if row.source in books.tokens:
        yield from _came_or_went(row.source, "converted out", row.amount)
        yield Posting(_cash(row.source), money, -row.value)
        rest += row.value
    if row.target in books.tokens:
        yield from _came_or_went(row.target, "converted in", row.out)
        yield Posting(_cash(row.target), money, row.value - row.fee)
        rest -= row.value - row.fee
    if row.fee and books.whole:
        yield Posting(_cash("fees"), money, row.fee)
        rest -= row.fee
    if rest:
        yield Posting(_SETTLED, money, rest)


def _funds(database: Connection, books: Books) -> Iterator[Entry]:
    """What issuers paid in and took out, and the fees that were paid out."""
    m, e = schema.money, schema.events
    holders = [*books.tokens, *(["fees"] if books.whole else [])]
    rows = database.execute(
        select(m, e.c.transaction)
        .outerjoin(e, and_(e.c.block == m.c.block, e.c.log == m.c.log))
        .where(
            m.c.program.in_(holders),
            m.c.kind.in_(("funded", "withdrawn")),
            m.c.timestamp >= books.period.since,
            m.c.timestamp < books.period.until,
        )
        .order_by(m.c.block, m.c.log, m.c.entry)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        owner = NETWORK if row.program == "fees" else row.program
        postings = _both(_cash(row.program), _funding(owner), books.network.money.token, row.amount)
        yield Entry(
            row.timestamp, row.kind, tuple(postings), row.transaction or "", row.block, row.log
        )


def _expiries(books: Books) -> Iterator[Entry]:
    """By the calendar, whatever was announced."""
    gone = [
        (line.expires, each.program.token, line.movements.expired)
        for each in books.liabilities
        for line in each.lines
        if line.movements.expired
    ]
    for expires, token, amount in sorted(gone):
        yield Entry(expires, "expired", _came_or_went(token, "expired", amount))


def _came_or_went(token: str, kind: str, amount: int) -> tuple[Posting, ...]:
    owed = Account("Liabilities", token, "Points")
    sign = -1 if kind in CREATED else 1
    return tuple(_both(owed, _reason(token, kind), token, sign * amount))


def _both(account: Account, against: Account, commodity: str, units: int) -> list[Posting]:
    return [Posting(account, commodity, units), Posting(against, commodity, -units)]


def _reason(token: str, kind: str) -> Account:
    return Account("Expenses" if kind in CREATED else "Income", token, kind.capitalize())


def _cash(holder: str) -> Account:
    if holder == "fees":
        return Account("Assets", NETWORK, "Fees")
    return Account("Assets", holder, "Exchange")


def _opening(owner: str) -> Account:
    return Account("Equity", owner, "Opening")


def _funding(owner: str) -> Account:
    return Account("Equity", owner, "Funding")


_SETTLED = Account("Equity", NETWORK, "Settled")


def _added(rows: Iterable[Any]) -> tuple[Any, int, int]:
    """The first of some rows, how many awards or the like they are, and their sum."""
    first, places, total = None, set(), 0
    for row in rows:
        first = first or row
        places.add(row.log)
        total += row.amount
    return first, len(places), total


def _money_at(database: Connection, holder: str, period: Period) -> tuple[int, int]:
    """An account in the exchange before a period, and at its end."""
    m = schema.money
    before = after = 0
    # Money exceeds 64 bits, so that not every database could add it up exactly.
    for timestamp, amount in database.execute(
        select(m.c.timestamp, m.c.amount)
        .where(m.c.program == holder, m.c.timestamp < period.until)
        .execution_options(yield_per=_AT_ONCE)
    ):
        after += amount
        before += amount if timestamp < period.since else 0
    return before, after
