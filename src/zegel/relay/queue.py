"""The queue: what was accepted, and where it stands. A database of its own, for one chain."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, Select, bindparam, func, select

from zegel.chain.connection import Connection as Chain
from zegel.outbox import journal
from zegel.outbox.journal import Journal
from zegel.relay import states
from zegel.relay.schema import VERSION, messages, outgoing, tables

# Databases take a bounded number of values in one question.
_TOGETHER = 500

# No message has a higher number.
LAST = 2**62


def own_queue(chain: Chain, folder: Path) -> str:
    """The URL of the queue that stands beside the address books of a chain."""
    return journal.beside(chain, folder, "relay")


def open_queue(url: str, chain: Chain) -> Journal:
    """The queue behind a database's URL, as sqlite:///relay.db; made if there is none."""
    return journal.open_journal(url, chain, tables, VERSION, "queue")


def milliseconds() -> int:
    """When something changed."""
    return time.time_ns() // 1_000_000


def find(database: Database, name: str) -> RowMapping | None:
    """A message by its hash, with the transaction that carries it."""
    return database.execute(_BY_NAME, {"name": name}).mappings().first()


def earlier(database: Database, signer: str, than: int = LAST) -> list[Mapping[str, Any]]:
    """What is on its way of a signer, in its order, as far as it came before a message."""
    found = database.execute(_EARLIER, {"whose": signer, "than": than})
    return [dict(one) for one in found.mappings()]


def waiting(database: Database) -> int:
    """How many messages wait to be sent."""
    found: int = database.execute(_WAITING).scalar_one()
    return found


def with_transactions() -> Select[Any]:
    """Messages, each with the last transaction that was signed for it while it is on its way."""
    last = (
        select(outgoing.c.hash)
        .where(outgoing.c.job == messages.c.number)
        .order_by(outgoing.c.nonce.desc(), outgoing.c.attempt.desc())
        .limit(1)
        .scalar_subquery()
    )
    carrier = func.coalesce(messages.c.transaction, last).label("carrier")
    return select(messages, carrier)


# Put together once: that takes as long as asking.
_BY_NAME = with_transactions().where(messages.c.id == bindparam("name"))
_WAITING = select(func.count()).where(messages.c.state == states.ACCEPTED)
_EARLIER = (
    select(messages.c.target, messages.c.data, messages.c.gas)
    .where(
        messages.c.signer == bindparam("whose"),
        messages.c.state.in_(states.OPEN),
        messages.c.number < bindparam("than"),
    )
    .order_by(messages.c.number)
)


def portions(numbers: Iterable[int]) -> Iterable[Sequence[int]]:
    """Numbers, as many at a time as a database takes."""
    held = list(numbers)
    return (held[start : start + _TOGETHER] for start in range(0, len(held), _TOGETHER))
