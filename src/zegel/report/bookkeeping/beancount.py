"""A journal for Beancount, which `bean-check` finds in order."""

from collections.abc import Iterator
from typing import BinaryIO

from sqlalchemy import Connection

from zegel.ledger.prices import PAR
from zegel.report.bookkeeping.entries import Books, Entry, accounts, entries
from zegel.report.bookkeeping.naming import account_name, commodity_names
from zegel.report.bookkeeping.quotes import Quote, day, next_day, quotes
from zegel.report.cells import plain
from zegel.report.sheet import Amount, Moment, exact


def write(database: Connection, books: Books, stream: BinaryIO) -> None:
    """The whole journal. It is written as the entries come."""
    for line in _lines(database, books):
        stream.write(f"{line}\n".encode())


def _lines(database: Connection, books: Books) -> Iterator[str]:
    names = commodity_names(books.network)
    start = day(books.period.since)
    yield f"; {books.period.note}"
    yield 'option "title" "Points and money"'
    yield f'option "operating_currency" "{names[books.network.money.token]}"'
    yield ""
    for token in (books.network.money.token, *books.tokens):
        yield f"{start} commodity {names[token]}"
        yield f"  symbol: {_quoted(books.network.symbol(token))}"
        yield f'  token: "{token}"'
    for account, commodities in accounts(books):
        held = ",".join(names[commodity] for commodity in commodities)
        yield f"{start} open {account_name(account, names)} {held}"
    yield ""
    for quote in quotes(database, books):
        yield _price(quote, names, books.network.money.token)
    for entry in entries(database, books):
        yield ""
        yield from _entry(entry, books, names)
    yield ""
    end = next_day(books.period.until)
    for account, commodity, units in books.closing:
        amount = exact(Amount(units, books.network.decimals(commodity)))
        yield f"{end} balance {account_name(account, names)} {amount} {names[commodity]}"


def _price(quote: Quote, names: dict[str, str], money: str) -> str:
    bid = exact(Amount(quote.bid, len(str(PAR)) - 1))
    return f"{day(quote.since)} price {names[quote.token]} {bid} {names[money]}"


def _entry(entry: Entry, books: Books, names: dict[str, str]) -> Iterator[str]:
    yield f"{day(entry.timestamp)} * {_quoted(entry.text)}"
    yield f'  time: "{exact(Moment(entry.timestamp))}"'
    if entry.transaction:
        yield f'  transaction: "{entry.transaction}"'
        yield f"  block: {entry.block}"
    for account, commodity, units in entry.postings:
        amount = exact(Amount(units, books.network.decimals(commodity)))
        yield f"  {account_name(account, names)}  {amount} {names[commodity]}"


def _quoted(words: str) -> str:
    escaped = plain(words).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
