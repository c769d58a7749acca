"""Which worker sends from which account: one at a time, chosen through the table `senders`.

A worker renews its lease while it lives. When a lease has run out, another worker that has the same
key takes over. Should both believe that the account is theirs, each nonce is still given out once:
the database sees to that.
"""

import os
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection as Database
from sqlalchemy import insert, select, update

from zegel.outbox.journal import Journal
from zegel.relay.schema import senders

LEASE = 10


def _name() -> str:
    """Tells people which process it is, and is like no other's."""
    return f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:8]}"


@dataclass
class Leases:
    """The accounts that one worker sends from."""

    queue: Journal
    lease: int = LEASE
    now: Callable[[], float] = time.time
    holder: str = field(default_factory=_name)
    _renewed: dict[str, float] = field(default_factory=dict)

    def hold(self, account: str) -> bool:
        """Whether an account is this worker's, now and for some seconds to come."""
        if self.now() - self._renewed.get(account, float("-inf")) < self.lease / 3:
            return True
        with self.queue.writing() as database:
            taken = self._take(database, account)
        if taken:
            self._renewed[account] = self.now()
        else:
            self._renewed.pop(account, None)
        return taken

    def resign(self) -> None:
        """Lets others begin at once."""
        with self.queue.writing() as database:
            database.execute(update(senders).where(senders.c.holder == self.holder).values(until=0))
        self._renewed.clear()

    def orphans(self) -> list[str]:
        """The accounts that nobody sends from now. What they signed may need looking after."""
        with self.queue.reading() as database:
            return list(
                database.scalars(
                    select(senders.c.address).where(senders.c.until <= int(self.now()))
                )
            )

    def note(self, account: str, trouble: str | None) -> None:
        """Writes down what keeps an account from sending, or that nothing does."""
        with self.queue.writing() as database:
            database.execute(
                update(senders)
                .where(senders.c.address == account, senders.c.holder == self.holder)
                .values(trouble=trouble)
            )

    def _take(self, database: Database, account: str) -> bool:
        now = int(self.now())
        row = database.execute(
            select(senders.c.holder, senders.c.until).where(senders.c.address == account)
        ).one_or_none()
        mine = {"holder": self.holder, "until": now + self.lease}
        if row is None:
            database.execute(insert(senders).values(address=account, **mine))
            return True
        if row.holder != self.holder and row.until > now:
            return False
        database.execute(update(senders).where(senders.c.address == account).values(**mine))
        return True
