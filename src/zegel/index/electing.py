"""One process writes, chosen through the table `writer`; all may read.

A writer holds a lease and renews it with everything that it writes. When a lease has run out,
another process takes over in a new term, and whatever a writer of an old term tries is refused: the
database itself sees to it, in the transaction that writes.
"""

import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from zegel.errors import NotWriter
from zegel.index import schema
from zegel.index.database import Database

LEASE = 30


def _name() -> str:
    """Tells people which process it is, and is like no other's."""
    return f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:8]}"


@dataclass
class Writer:
    """A process that writes to a database, or would if it were elected."""

    database: Database
    lease: int = LEASE
    clock: Callable[[], float] = time.time
    holder: str = field(default_factory=_name)
    term: int = 0
    renewed: float = 0.0

    def elect(self) -> None:
        """Begins a term; raises `NotWriter` while another one lasts."""
        with self.database.writing() as connection:
            row = connection.execute(select(schema.writer).with_for_update()).one_or_none()
            now = int(self.clock())
            if row is None:
                connection.execute(
                    insert(schema.writer).values(term=0, holder="", until=0, final=-1)
                )
            elif row.until > now and row.holder != self.holder:
                raise NotWriter(
                    f"{self.database.name} is written by {row.holder} for {row.until - now} more "
                    "seconds: stop it, or read only"
                )
            self.term = (row.term if row is not None else 0) + 1
            connection.execute(
                update(schema.writer).values(
                    term=self.term, holder=self.holder, until=now + self.lease
                )
            )
            self.renewed = now

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction in the own term. Raises `NotWriter` if another has begun."""
        with self.database.writing() as connection:
            now = int(self.clock())
            mine = (schema.writer.c.term == self.term) & (schema.writer.c.holder == self.holder)
            renewed = connection.execute(
                update(schema.writer).where(mine).values(until=now + self.lease)
            )
            if renewed.rowcount != 1:
                raise NotWriter(
                    f"{self.database.name} has another writer since term {self.term}: "
                    "this one stops"
                )
            yield connection
            self.renewed = now

    def renew(self) -> None:
        """Keeps the lease while there is nothing to write."""
        if self.clock() - self.renewed > self.lease / 3:
            with self.writing():
                pass

    def resign(self) -> None:
        """Lets another writer begin at once."""
        with self.writing() as connection:
            connection.execute(update(schema.writer).values(until=0))


def final(connection: Connection) -> int:
    """The last block that a node called final; -1 if none did."""
    found = connection.execute(select(schema.writer.c.final)).scalar_one_or_none()
    return -1 if found is None else found


def keep_final(connection: Connection, block: int) -> None:
    """Remembers that no block up to this one will ever be taken away."""
    connection.execute(
        update(schema.writer).where(schema.writer.c.final < block).values(final=block)
    )
