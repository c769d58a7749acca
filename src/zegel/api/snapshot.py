"""The network as the index has it after its last block: programs, prices, who is frozen.

It is the same for everyone who asks during one block, so it is read once a block. Who is frozen is
read on from the block before, unless the chain gave that up.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, literal_column, or_, select

from zegel.index import schema
from zegel.index.database import Database
from zegel.ledger.prices import Prices
from zegel.report.figures import Program
from zegel.report.network import Network, read_network
from zegel.report.posted import NO_PRICES, valued
from zegel.web.problems import Problem

# As the index of the same name has it.
_FREEZING = "name IN ('Frozen', 'Unfrozen')"


@dataclass(frozen=True)
class Head:
    """The last block of the index."""

    number: int
    hash: str
    timestamp: int


@dataclass(frozen=True)
class Snapshot:
    """`frozen` are (token, member) in lower case; `prices` are those in force for everyone."""

    head: Head
    network: Network
    prices: Mapping[str, Prices]
    frozen: frozenset[tuple[str, str]]

    def bid(self, program: Program, points: int) -> int:
        """What the issuer pays for points now, in base units of money."""
        price = self.prices.get(program.token, NO_PRICES).bid
        return valued(points, price, program, self.network.money.decimals)

    def program(self, token: str) -> Program:
        """The program of a token; a problem if there is none."""
        found = self.network.programs.get(token.lower())
        if found is None:
            raise Problem(
                404,
                "program-unknown",
                f"token: {token} is no program of this network: see /v1/programs",
            )
        return found


@dataclass
class Snapshots:
    """The newest snapshot. Threads share it."""

    index: Database
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: Snapshot | None = None

    def current(self) -> Snapshot:
        with self.index.reading() as database:
            return self.within(database)

    def within(self, database: Connection) -> Snapshot:
        """The snapshot that fits what a transaction sees."""
        head = read_head(database)
        last = self._last
        if last is not None and last.head == head:
            return last
        with self._lock:
            if self._last is not None and self._last.head == head:
                return self._last
            self._last = _read(database, head, self._last)
            return self._last


def read_head(database: Connection) -> Head:
    blocks = schema.blocks.c
    row = database.execute(
        select(blocks.number, blocks.hash, blocks.timestamp).order_by(blocks.number.desc()).limit(1)
    ).one_or_none()
    if row is None:
        raise Problem(
            503, "index-empty", "the index has no block yet: let it follow the chain first"
        )
    return Head(row.number, row.hash, row.timestamp)


def _read(database: Connection, head: Head, last: Snapshot | None) -> Snapshot:
    return Snapshot(
        head, read_network(database), _prices(database, head), _frozen(database, head, last)
    )


def _prices(database: Connection, head: Head) -> dict[str, Prices]:
    prices = schema.prices.c
    rows = database.execute(
        select(prices.program, prices.bid, prices.ask)
        .where(
            prices.partner.is_(None),
            prices.since <= head.timestamp,
            or_(prices.until.is_(None), prices.until > head.timestamp),
        )
        .order_by(prices.since, prices.block, prices.log)
    )
    return {program: Prices(bid, ask) for program, bid, ask in rows}


def _frozen(database: Connection, head: Head, last: Snapshot | None) -> frozenset[tuple[str, str]]:
    known = last is not None and last.head.number <= head.number and has_block(database, last.head)
    found = set(last.frozen) if known and last is not None else set()
    since = last.head.number if known and last is not None else -1
    events = schema.events.c
    changes = database.execute(
        select(events.name, events.contract, events.arguments)
        .where(and_(literal_column(f"({_FREEZING})"), events.block > since))
        .order_by(events.block, events.log)
    )
    for name, token, told in changes:
        (found.add if name == "Frozen" else found.discard)((token, told["member"].lower()))
    return frozenset(found)


def has_block(database: Connection, head: Head) -> bool:
    """Whether the index still has a block."""
    blocks = schema.blocks.c
    return database.scalar(select(blocks.hash).where(blocks.number == head.number)) == head.hash
