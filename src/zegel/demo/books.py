"""The demo's reports from the index: statements, liabilities, settlements and books, in files."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, func, select

from zegel.deploy.suite import Suite
from zegel.files import replacing
from zegel.index import schema
from zegel.index.database import Database
from zegel.index.following import catch_up
from zegel.index.network import about
from zegel.report.bookkeeping import audit_file, beancount, hledger
from zegel.report.bookkeeping.entries import entries, open_books
from zegel.report.bookkeeping.quotes import day
from zegel.report.checks import Check
from zegel.report.compile import Report
from zegel.report.history import history
from zegel.report.liability import Estimate, Liability, liability
from zegel.report.network import Currency
from zegel.report.periods import Period, beginning, period, year
from zegel.report.render import form_of, render
from zegel.report.settlement import flows, settlement
from zegel.report.sheet import Sheet
from zegel.report.statement import statement

INDEX = "index.sqlite"

# What the record shop reckons with: a cent a point, of which an eighth is never redeemed.
_ESTIMATE = Estimate(cost=10**10, breakage=125_000)
_COMPANY = audit_file.Company("Record Shop B.V.", "NL", "NL000000000B00", "EUR")
_STATEMENTS = 3


def write_books(
    suite: Suite, report: Report, shop: str, out: Path
) -> tuple[list[Path], list[Check]]:
    """Indexes the chain into the folder, and writes all reports of `shop` and its members there.

    The checks hold what the index says against what the chain says.
    """
    for old in out.glob(f"{INDEX}*"):
        old.unlink()
    database = Database(str(out / INDEX))
    catch_up(suite.connection.url, about(suite), database, until=report.block)
    with database.reading() as connection:
        span = period(connection, beginning(connection), report.figures.end + 1)
        written = [out / INDEX, *_write(connection, span, shop, out)]
        return written, list(_checks(connection, span, report))


def _write(database: Connection, span: Period, shop: str, out: Path) -> Iterator[Path]:
    for name, sheet in _sheets(database, span, shop):
        path = out / name
        render(sheet, form_of(path), path)
        yield path
    books = open_books(database, span)
    # Tax offices ask for a calendar year.
    first = period(database, *year(int(day(span.since)[:4])))
    own = open_books(database, first, [shop])
    estimates = {own.tokens[0]: _ESTIMATE}
    for name, write in (
        ("journal.beancount", partial(beancount.write, database, books)),
        ("journal.hledger", partial(hledger.write, database, books)),
        ("audit.xml", partial(audit_file.write, database, own, _COMPANY, estimates)),
    ):
        with replacing(out / name) as stream:
            write(stream)
        yield out / name


def _sheets(database: Connection, span: Period, shop: str) -> Iterator[tuple[str, Sheet]]:
    owed = liability(database, shop, span, _ESTIMATE).sheet()
    yield "liability.pdf", owed
    yield "liability.xlsx", owed
    yield "history.html", history(database, shop, span).sheet()
    yield "flows.html", flows(database, span).sheet()
    settled = settlement(database, shop, span)
    yield "settlement.pdf", settled.sheet()
    yield "account.csv", settled.account()
    for number, member in enumerate(_busiest(database), 1):
        yield f"statement-{number}.pdf", statement(database, member, span).sheet()


def _busiest(database: Connection) -> list[str]:
    """The members with the most movements."""
    m = schema.movements
    count = func.count()
    return list(
        database.scalars(
            select(m.c.member)
            .group_by(m.c.member)
            .order_by(count.desc(), m.c.member)
            .limit(_STATEMENTS)
        )
    )


def _checks(database: Connection, span: Period, report: Report) -> Iterator[Check]:
    books = open_books(database, span)
    sums: dict[tuple[str, str, str], int] = {}
    for entry in entries(database, books):
        for account, commodity, units in entry.postings:
            place = (account.owner, account.name, commodity)
            sums[place] = sums.get(place, 0) + units
    for owed in books.liabilities:
        yield from _checks_of(owed, books.network.money, sums, report)


def _checks_of(
    owed: Liability, money: Currency, sums: dict[tuple[str, str, str], int], report: Report
) -> Iterator[Check]:
    token = owed.program.token
    state = report.state.programs[token]
    symbol, decimals = owed.program.symbol, owed.program.decimals
    yield Check(
        symbol, "liability in the index = totalSupply", owed.supply, state.total_supply, decimals
    )
    yield Check(
        symbol,
        "points owed in the journal = totalSupply",
        -sums.get((token, "Points", token), 0),
        state.total_supply,
        decimals,
    )
    yield Check(
        symbol,
        "money in the journal = account",
        sums.get((token, "Exchange", money.token), 0),
        state.account,
        money.decimals,
    )
    movements = report.figures.programs[token].total
    yield Check(
        symbol,
        "movements in the index that are the report's = all",
        sum(vars(owed.total.movements)[name] == amount for name, amount in vars(movements).items()),
        len(vars(movements)),
    )
