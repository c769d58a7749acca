"""A journal for hledger, which `hledger check --strict` finds in order."""

from collections.abc import Iterator
from typing import BinaryIO

from sqlalchemy import Connection

from zegel.ledger.prices import PAR
from zegel.report.bookkeeping.entries import Books, Entry, accounts, entries
from zegel.report.bookkeeping.naming import account_name, commodity_names
from zegel.report.bookkeeping.quotes import day, quotes
from zegel.report.cells import plain
from zegel.report.sheet import Amount, Moment, exact


def write(database: Connection, books: Books, stream: BinaryIO) -> None:
    """The whole journal. It is written as the entries come."""
    for line in _lines(database, books):
        stream.write(f"{line}\n".encode())


def _lines(database: Connection, books: Books) -> Iterator[str]:
    network = books.network
    names = commodity_names(network)
    yield f"; {books.period.note}"
    for token in (network.money.token, *books.tokens):
        # The number shows how amounts are written; it always needs its decimal mark.
        number = "1000." + network.decimals(token) * "0"
        yield f'commodity {number} "{names[token]}"'
    for account, _ in accounts(books):
        yield f"account {account_name(account, names)}"
    yield ""
    for quote in quotes(database, books):
        bid = exact(Amount(quote.bid, len(str(PAR)) - 1))
        money = names[network.money.token]
        yield f'P {day(quote.since)} "{names[quote.token]}" {bid} "{money}"'
    for entry in entries(database, books):
        yield ""
        yield from _entry(entry, books, names)
    yield ""
    yield f"{day(books.period.until - 1)} * closing"
    for account, commodity, units in books.closing:
        nothing, amount = (exact(Amount(n, network.decimals(commodity))) for n in (0, units))
        name = f'"{names[commodity]}"'
        yield f"    {account_name(account, names)}  {nothing} {name} = {amount} {name}"


def _entry(entry: Entry, books: Books, names: dict[str, str]) -> Iterator[str]:
    # A semicolon would begin a comment.
    words = plain(entry.text).replace(";", "%3B")
    yield f"{day(entry.timestamp)} * {words}"
    tags = [f"time:{exact(Moment(entry.timestamp))}"]
    if entry.transaction:
        tags += [f"transaction:{entry.transaction}", f"block:{entry.block}"]
    yield f"    ; {', '.join(tags)}"
    for account, commodity, units in entry.postings:
        amount = exact(Amount(units, books.network.decimals(commodity)))
        yield f'    {account_name(account, names)}  {amount} "{names[commodity]}"'
