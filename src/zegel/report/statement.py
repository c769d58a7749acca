"""A member's statement: what there was, every movement, and what there is, program by program.

Points are gone when their time comes: the statement says so on that day, and takes no notice of
announcements afterwards. Points that a member has set aside for tills are still the member's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, func, select

from zegel.award.rows import unpacked_text
from zegel.index import schema
from zegel.index.schema import FREE
from zegel.report.figures import Program
from zegel.report.network import labels, read_network
from zegel.report.periods import Period
from zegel.report.sheet import Amount, Column, Day, Moment, Row, Sheet

_NOBODY = "0x" + 40 * "0"


@dataclass(frozen=True)
class Entry:
    """One movement, with the balance behind it. `aside` of it went to tills' purses, or came back.

    Expiries have no transaction: they need none.
    """

    timestamp: int
    kind: str
    amount: int
    aside: int
    balance: int
    other: str
    ref: str
    transaction: str


@dataclass(frozen=True)
class Account:
    """One program on a statement; `expires` tells what is left by the second of its expiry."""

    program: Program
    opening: int
    entries: tuple[Entry, ...]
    closing: int
    expires: Mapping[int, int]


@dataclass(frozen=True)
class Statement:
    """All programs of one member."""

    member: str
    period: Period
    accounts: tuple[Account, ...]

    def sheet(self) -> Sheet:
        return Sheet(
            f"Statement of {self.member}",
            (
                Column("program"),
                Column("time", "time"),
                Column("what"),
                Column("with"),
                Column("reference"),
                Column("points", "number"),
                Column("set aside", "number"),
                Column("balance", "number"),
                Column("transaction"),
            ),
            tuple(self._rows()),
            (self.period.note,),
        )

    def _rows(self) -> Iterator[Row]:
        for account in self.accounts:
            symbol, decimals = account.program.symbol, account.program.decimals

            def points(units: int, decimals: int = decimals) -> Amount:
                return Amount(units, decimals)

            start, end = Moment(self.period.since), Moment(self.period.until)
            opening = points(account.opening)
            yield symbol, start, "opening", None, None, None, None, opening, None
            for entry in account.entries:
                yield (
                    symbol,
                    Moment(entry.timestamp),
                    entry.kind,
                    entry.other or None,
                    entry.ref or None,
                    points(entry.amount),
                    points(entry.aside) if entry.aside else None,
                    points(entry.balance),
                    entry.transaction or None,
                )
            closing = points(account.closing)
            yield symbol, end, "closing", None, None, None, None, closing, None
            for expires, amount in account.expires.items():
                left = points(amount)
                yield symbol, Day(expires), "of it expires", None, None, None, None, left, None


def statement(database: Connection, member: str, period: Period) -> Statement:
    """The statement of a member by address. Programs without points or movements are left out."""
    network, names = read_network(database), labels(database)
    member = member.lower()
    before = _before(database, member, period.since)
    rows = _rows(database, member, period)
    by_token = {token: tuple(some) for token, some in groupby(rows, lambda row: row.token)}
    accounts = (
        _account(program, period, before[program.token], by_token.get(program.token, ()), names)
        for program in network.programs.values()
    )
    return Statement(
        member, period, tuple(a for a in accounts if a.opening or a.entries or a.closing)
    )


def _before(database: Connection, member: str, since: int) -> dict[str, dict[int, int]]:
    """What a member had by program and generation, whatever expired since."""
    m = schema.movements
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for token, generation, amount in database.execute(
        select(m.c.token, m.c.generation, func.sum(m.c.amount))
        .where(m.c.member == member, m.c.timestamp < since, m.c.kind != "expired")
        .group_by(m.c.token, m.c.generation)
    ):
        found[token][generation] = int(amount)
    return found


def _rows(database: Connection, member: str, period: Period) -> Iterable[Any]:
    m, e = schema.movements, schema.events
    return database.execute(
        select(m, e.c.transaction)
        .outerjoin(e, and_(e.c.block == m.c.block, e.c.log == m.c.log))
        .where(
            m.c.member == member,
            m.c.timestamp >= period.since,
            m.c.timestamp < period.until,
            m.c.kind != "expired",
        )
        .order_by(m.c.token, m.c.block, m.c.log, m.c.lot)
    )


def _account(
    program: Program,
    period: Period,
    before: dict[int, int],
    rows: Iterable[Any],
    names: Mapping[str, str],
) -> Account:
    lots = {g: n for g, n in before.items() if program.epochs.expiry(g) >= period.since}
    opening = sum(lots.values())
    entries = tuple(_entries(program, period, lots, rows, names))
    expires = {program.epochs.expiry(g): n for g, n in sorted(lots.items()) if n}
    return Account(program, opening, entries, sum(lots.values()), expires)


def _entries(
    program: Program,
    period: Period,
    lots: dict[int, int],
    rows: Iterable[Any],
    names: Mapping[str, str],
) -> Iterator[Entry]:
    """The movements with expiries between them. `lots` becomes what is left at the end."""
    for _, some in groupby(rows, lambda row: (row.block, row.log, row.kind)):
        moved = list(some)
        first = moved[0]
        yield from _expiries(program, lots, first.timestamp)
        for row in moved:
            lots[row.generation] = lots.get(row.generation, 0) + row.amount
        yield Entry(
            first.timestamp,
            first.kind,
            sum(row.amount for row in moved),
            sum(row.amount for row in moved if row.purse != FREE),
            sum(lots.values()),
            _other(first, moved, names),
            shown_ref(first.ref),
            first.transaction or "",
        )
    yield from _expiries(program, lots, period.until - 1)


def _expiries(program: Program, lots: dict[int, int], now: int) -> Iterator[Entry]:
    """Takes away what expired until a second, and tells of it."""
    for generation in sorted(lots):
        expires = program.epochs.expiry(generation)
        if expires <= now:
            amount = lots.pop(generation)
            if amount:
                yield Entry(expires, "expired", -amount, 0, sum(lots.values()), "", "", "")


def _other(row: Any, moved: Iterable[Any], names: Mapping[str, str]) -> str:
    """Who is on the other side; for points set aside, who may take them."""
    address = next((r.purse for r in moved if r.purse != FREE), None) or row.other or ""
    return "any merchant" if address == _NOBODY else names.get(address, address)


def shown_ref(ref: str | None) -> str:
    """A reference for people: its text, or its digits."""
    return unpacked_text(bytes.fromhex(ref[2:])) if ref else ""
