"""SQLite and PostgreSQL give the same reports, to the last cell and byte."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, create_engine
from support.ledger_rows import Rows
from support.ledger_town import ANN, BAKER, Town, tell_town
from support.postgres import postgres, postgres_url

from zegel.report.bookkeeping import audit_file, beancount, hledger
from zegel.report.bookkeeping.entries import open_books
from zegel.report.campaigns import campaigns, charter_rewards
from zegel.report.directory import directory
from zegel.report.expiring import expiring
from zegel.report.history import history
from zegel.report.liability import Estimate, liability
from zegel.report.periods import Period, period, second
from zegel.report.render import render
from zegel.report.settlement import flows, settlement
from zegel.report.sheet import Sheet
from zegel.report.statement import statement
from zegel.report.taxes import member_year, program_year

__all__ = ["postgres", "postgres_url"]

SHEETS: dict[str, Callable[[Connection, Period], Sheet]] = {
    "statement": lambda db, span: statement(db, ANN, span).sheet(),
    "statement of a merchant": lambda db, span: statement(db, BAKER, span).sheet(),
    "liability": lambda db, span: liability(db, "SHOP", span, Estimate(10**10, 1)).sheet(),
    "history": lambda db, span: history(db, "SHOP", span).sheet(),
    "flows": lambda db, span: flows(db, span).sheet(),
    "settlement": lambda db, span: settlement(db, "SHOP", span).sheet(),
    "account": lambda db, span: settlement(db, "SHOP", span).account(),
    "prices": lambda db, span: settlement(db, "SHOP", span).prices(),
    "tax of a member": lambda db, _: member_year(db, ANN, 2026).sheet(),
    "tax of a program": lambda db, _: program_year(db, "WORK", 2026).sheet(),
    "campaigns": lambda db, span: campaigns(db, span).sheet(),
    "charters": lambda db, span: charter_rewards(db, span).sheet(),
    "expiring": lambda db, span: expiring(db, "AIR", span, 2**63).sheet(),
    "directory": lambda db, span: directory(db, span).sheet(),
}
COMPANY = audit_file.Company("Corner Shop", "NL", "1", "EUR")


def all_of(town: Town) -> dict[str, bytes]:
    """Every report and every book of a town, as bytes."""
    town.book.write()
    found = {}
    with town.book.engine.connect() as database:
        span = period(database, second("2026-02-01"), second("2026-09-01"))
        for name, make in SHEETS.items():
            stream = io.BytesIO()
            render(make(database, span), "json", stream)
            found[name] = stream.getvalue()
        books = open_books(database, span)
        for writer, more in ((beancount, ()), (hledger, ()), (audit_file, (COMPANY, {}))):
            stream = io.BytesIO()
            writer.write(database, books, *more, stream)
            found[writer.__name__] = stream.getvalue()
    return found


def test_both_databases_give_the_same(postgres_url: str):
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    there = all_of(tell_town(Rows(create_engine(url))))
    here = all_of(tell_town())

    assert there == here
    assert len(here) == len(SHEETS) + 3


@pytest.mark.parametrize("name", SHEETS)
def test_every_report_has_rows(town: Town, name: str):
    town.book.write()
    with town.book.engine.connect() as database:
        span = period(database, second("2026-02-01"), second("2026-09-01"))
        sheet = SHEETS[name](database, span)
        rows = list(sheet.rows)

    assert rows
    assert {len(row) for row in rows} == {len(sheet.columns)}
