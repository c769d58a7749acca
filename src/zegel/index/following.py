"""Follows a chain into a database, from the block in which the registry was deployed.

Blocks of the past are written many at a time, those at the head as they come, in one transaction
with all that follows from them. What the database holds depends on the chain alone, not on how and
how often it was interrupted.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress

from sqlalchemy import Connection, select, text

from zegel.chain.node import Node, Patience
from zegel.crashing import crash_point
from zegel.errors import ChainError, DatabaseFailed, Differs, NotWriter
from zegel.index import fetching, schema
from zegel.index.ahead import read, read_ahead
from zegel.index.database import Database
from zegel.index.decoding import Decoded
from zegel.index.electing import Writer, final, keep_final
from zegel.index.fetching import Block, Forked, Place, Reader
from zegel.index.garbage import undisturbed
from zegel.index.network import About
from zegel.index.projecting import Projector
from zegel.index.reorgs import common_ancestor, undo
from zegel.index.state import Account, State
from zegel.index.writing import write

_SECONDS_BETWEEN_BLOCKS = 1.0

# More blocks than this are worth a process that reads ahead.
_FAR = 256

# What is written at once. The more it is, the fewer are the balances that are written again and
# again.
_EVENTS_AT_ONCE = 50_000
_SECONDS_AT_ONCE = 5.0


def follow(
    url: str,
    about: About,
    database: Database,
    *,
    until: int | None = None,
    patience: Patience | None = None,
    writer: Writer | None = None,
    pause: float = _SECONDS_BETWEEN_BLOCKS,
    caught_up: Callable[[Place], None] | None = None,
) -> None:
    """Keeps a database up with the chain at a node, for ever or until it has a block.

    While another process writes, this one waits for its turn. `caught_up` is told of the newest
    block when that is reached for the first time.
    """
    follower = Follower(url, about, database, patience=patience, writer=writer)
    try:
        while True:
            try:
                follower.catch_up(until)
            except NotWriter:
                time.sleep(pause)
                continue
            if caught_up is not None:
                caught_up(follower.place())
                caught_up = None
            if until is not None and follower.place().number >= until:
                return
            time.sleep(pause)
    except KeyboardInterrupt:
        # Whoever comes next need not wait until the lease has ended.
        with suppress(NotWriter, DatabaseFailed):
            follower.writer.resign()
        raise


def catch_up(
    url: str,
    about: About,
    database: Database,
    *,
    until: int | None = None,
    patience: Patience | None = None,
    writer: Writer | None = None,
) -> Place:
    """Brings a database up to the chain's newest block, and says which that is."""
    follower = Follower(url, about, database, patience=patience, writer=writer)
    follower.catch_up(until)
    follower.writer.resign()
    return follower.place()


class Follower:
    """A process that follows a chain. It may be stopped at any moment."""

    def __init__(
        self,
        url: str,
        about: About,
        database: Database,
        *,
        patience: Patience | None = None,
        writer: Writer | None = None,
    ) -> None:
        database.prepare(about)
        self.writer = writer or Writer(database)
        self._about, self._database = about, database
        self._node = Node(url, patience or Patience())
        self._fresh = True
        self._written = time.monotonic()

    def place(self) -> Place:
        """The last block that the database has."""
        with self._database.reading() as connection:
            return _place(connection, self._about)

    def catch_up(self, until: int | None = None) -> None:
        """Reads on to the newest block, through all reorganisations on the way."""
        self._node.check(self._about.chain_id, self._about.genesis)
        if not self._holds_term():
            self.writer.elect()
        doubting = False
        while True:
            newest = self._newest()
            goal = newest.number if until is None else min(until, newest.number)
            place = self.place()
            if place.number >= goal and self._agrees(newest, place):
                break
            try:
                self._read(place, goal, newest, doubting)
            except Forked:
                self._step_back(newest)
            except Differs:
                # A node that lost logs; its receipts may know better.
                if doubting:
                    raise
                doubting = True
            except ChainError:
                # A node that lags may have told the head of a chain that was given up meanwhile.
                if self._newest().number >= goal:
                    raise
        self.writer.renew()
        if self._fresh:
            self._make_indexes()

    def _holds_term(self) -> bool:
        if not self.writer.term:
            return False
        self.writer.renew()
        return True

    def _newest(self) -> Block:
        """The node's newest block, unless the node is behind what was read before."""
        place = self.place()
        for attempt in range(self._node.patience.attempts):
            newest = fetching.head(self._node)
            if newest.number >= place.number or self._is_other(newest):
                return newest
            self._node.patience.wait(attempt)
        raise ChainError(
            f"{self._node.url} has {newest.number} blocks, and {place.number} were read before: "
            "it is behind. Name another node, or wait for it"
        )

    def _is_other(self, block: Block) -> bool:
        """Whether the index has another block of this number, so that the chain is a new one."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(schema.blocks.c.hash).where(schema.blocks.c.number == block.number)
            ).scalar_one_or_none()
        return found is not None and found != block.hash

    def _agrees(self, newest: Block, place: Place) -> bool:
        if newest.number == place.number:
            if newest.hash != place.hash:
                self._step_back(newest)
                return False
            return True
        return newest.number > place.number or not self._is_other(newest)

    def _step_back(self, newest: Block) -> None:
        """Goes back to where the chain and the index part."""
        with self._database.reading() as connection:
            ancestor = common_ancestor(connection, self._node, newest.number)
        with self.writer.writing() as connection:
            undo(connection, ancestor.number)
            crash_point("index.undoing")
        crash_point("index.undone")

    def _read(self, place: Place, goal: int, newest: Block, doubting: bool) -> None:
        """Reads and writes up to a block."""
        last_final = fetching.final(self._node, newest.number)
        with self._database.reading() as connection:
            state = State.loaded(connection, self._about)
            last_final = max(last_final, final(connection))
        projector = Projector(state)
        reader = Reader(self._node, place, state.kinds, self._about.registry, doubting)
        reading = (read_ahead if goal - place.number > _FAR else read)(reader, goal)
        with undisturbed(), closing(reading):
            for blocks in reading:
                self._project(projector, state, blocks)
                if self._is_much(projector):
                    self._write(projector, last_final)
            self._write(projector, last_final)

    def _project(self, projector: Projector, state: State, blocks: Sequence[Decoded]) -> None:
        def load(accounts: set[Account]) -> None:
            with self._database.reading() as connection:
                state.load(connection, accounts)

        projector.project(blocks, load)

    def _is_much(self, projector: Projector) -> bool:
        """Whether so much waits to be written that memory or a crash would make it costly."""
        return (
            len(projector.rows.tables["events"]) >= _EVENTS_AT_ONCE
            or time.monotonic() - self._written > _SECONDS_AT_ONCE
        )

    def _write(self, projector: Projector, last_final: int) -> None:
        """Blocks with all that follows from them, or nothing."""
        blocks = projector.rows.tables["blocks"]
        if not blocks:
            return
        crash_point("index.projected")
        with self.writer.writing() as connection:
            write(connection, projector.rows)
            keep_final(connection, min(last_final, blocks[-1][0]))
            crash_point("index.written")
        crash_point("index.committed")
        projector.written()
        self._written = time.monotonic()

    def _make_indexes(self) -> None:
        with self.writer.writing() as connection:
            for index in schema.INDEXES:
                connection.execute(text(index))
        self._fresh = False


def _place(connection: Connection, about: About) -> Place:
    blocks = schema.blocks.c
    row = connection.execute(
        select(blocks.number, blocks.hash).order_by(blocks.number.desc()).limit(1)
    ).one_or_none()
    return Place(row.number, row.hash) if row is not None else Place(about.first_block - 1, "")
