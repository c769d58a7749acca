"""The time that a report is about: from one second up to, and without, another one.

A period ends at the latest where the index does. Its last block is named, so that anyone can ask
any node for the same figures.
"""

from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import Connection, func, select

from zegel.errors import ConfigError
from zegel.index import schema


@dataclass(frozen=True)
class Block:
    number: int
    hash: str
    timestamp: int


@dataclass(frozen=True)
class Period:
    """[since, until) in Unix seconds; `last` is the last block before its end."""

    since: int
    until: int
    last: Block

    @property
    def note(self) -> str:
        return (
            f"From {_shown(self.since)} up to {_shown(self.until)} (UTC), "
            f"as of block {self.last.number} with the hash {self.last.hash}."
        )


def period(database: Connection, since: int, until: int) -> Period:
    """A period of the index."""
    if since >= until:
        raise ConfigError(f"the period ends at {_shown(until)}, not after {_shown(since)}")
    head = _last(database, None)
    last = _last(database, until)
    return Period(since, min(until, head.timestamp + 1), last)


def beginning(database: Connection) -> int:
    """The second of the first block of the index."""
    found = database.scalar(select(func.min(schema.blocks.c.timestamp)))
    if found is None:
        raise ConfigError("the index has no block: let it follow the chain first")
    return int(found)


def second(text: str) -> int:
    """The second that is meant by 2026-01-31, or by 2026-01-31T12:00:00Z."""
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise ConfigError(f"{text!r} is no date: write it as 2026-01-31") from None
    return int(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp())


def year(number: int) -> tuple[int, int]:
    """The first second of a calendar year, and that of the next."""
    return second(f"{number:04}-01-01"), second(f"{number + 1:04}-01-01")


def _last(database: Connection, until: int | None) -> Block:
    """The last block before a second, or of all."""
    blocks = schema.blocks
    found = select(blocks.c.number, blocks.c.hash, blocks.c.timestamp)
    if until is not None:
        found = found.where(blocks.c.timestamp < until)
    row = database.execute(found.order_by(blocks.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        before = "" if until is None else f" before {_shown(until)}"
        raise ConfigError(f"the index has no block{before}: let it follow the chain first")
    return Block(row.number, row.hash, row.timestamp)


def _shown(timestamp: int) -> str:
    moment = datetime.fromtimestamp(timestamp, timezone.utc)
    return f"{moment:%Y-%m-%d}" if timestamp % 86400 == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"
