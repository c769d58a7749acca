"""The prices that journals quote, and the days on which things stand in them."""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import NamedTuple

from sqlalchemy import Connection

from zegel.report.bookkeeping.entries import Books
from zegel.report.posted import read_posted

_DAY = 86_400


class Quote(NamedTuple):
    """What an issuer pays for one of its points from a second on, in trillionths of the money."""

    token: str
    since: int
    bid: int


def quotes(database: Connection, books: Books) -> Iterator[Quote]:
    """The prices in force at the beginning of the period, and every change in it."""
    posted = read_posted(database, books.network.money.decimals)
    for token in books.tokens:
        first = posted.at(token, books.period.since)
        if first.bid:
            yield Quote(token, books.period.since, first.bid)
        changes = zip(posted.since.get(token, ()), posted.prices.get(token, ()), strict=True)
        for since, prices in changes:
            if books.period.since < since < books.period.until and prices.bid:
                yield Quote(token, since, prices.bid)


def day(timestamp: int) -> str:
    """The day of a second, in UTC."""
    return f"{datetime.fromtimestamp(timestamp, timezone.utc):%Y-%m-%d}"


def next_day(timestamp: int) -> str:
    """The first day that begins at a second or after it."""
    return day(-(-timestamp // _DAY) * _DAY)
