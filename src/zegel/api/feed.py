"""What is new, to everyone who listens: blocks, movements of a member, states of its messages.

One look at the databases serves all listeners. Nothing is looked at while nobody listens. A
listener that does not keep up is let go, and asks again from where it was.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
from pydantic import BaseModel
from sqlalchemy import Connection, and_

from zegel.api.history import entries
from zegel.api.messages import receipt_body
from zegel.api.service import Service
from zegel.api.snapshot import Head, has_block, read_head
from zegel.errors import ZegelError
from zegel.index import schema
from zegel.web.problems import Problem

_PAUSE = 0.25
_MOST_WAITING = 1_000
# Other processes' clocks may be behind, and so may their changes.
_OVERLAP_MS = 1_000
_REMEMBERED = 20_000


class News(NamedTuple):
    """One event; `whose` is empty if it is for everyone. `block` is what one goes on from."""

    whose: str
    name: str
    block: int
    data: bytes

    def text(self) -> bytes:
        """As server-sent events are written."""
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (self.block, self.name.encode(), self.data)


@dataclass(eq=False)
class Listener:
    """Somebody who listens; `member` may be nobody, for blocks alone."""

    member: str
    queue: "asyncio.Queue[News | None]" = field(
        default_factory=lambda: asyncio.Queue(_MOST_WAITING)
    )

    def tell(self, news: News) -> bool:
        """Whether there was room for it."""
        if news.whose and news.whose != self.member:
            return True
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait(news)
            return True
        return False


@dataclass
class Feed:
    """All listeners of this process."""

    service: Service
    _listeners: set[Listener] = field(default_factory=set)
    _last: Head | None = None
    _moment: int = 0
    _told: dict[tuple[str, str], None] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self._listeners)

    def join(self, member: str) -> Listener:
        if not self._listeners:
            # What happened before is asked for by whoever needs it.
            self._last, self._moment = None, int(1000 * time.time()) - _OVERLAP_MS
        listener = Listener(member.lower())
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    async def run(self) -> None:
        """Looks until it is cancelled. What cannot be reached now is looked at again."""
        while True:
            await asyncio.sleep(_PAUSE)
            if not self._listeners:
                continue
            members = {each.member for each in self._listeners if each.member}
            with suppress(ZegelError, Problem):
                self._tell(await asyncio.to_thread(self._looked, members))

    def close(self) -> None:
        """Lets everyone go."""
        for listener in list(self._listeners):
            self._dismiss(listener)

    def _tell(self, news: Iterable[News]) -> None:
        for one in news:
            for listener in list(self._listeners):
                if not listener.tell(one):
                    self._dismiss(listener)

    def _dismiss(self, listener: Listener) -> None:
        self.leave(listener)
        while not listener.queue.empty():
            listener.queue.get_nowait()
        listener.queue.put_nowait(None)

    def _looked(self, members: set[str]) -> list[News]:
        return list(self._look(members))

    def _look(self, members: set[str]) -> Iterator[News]:
        with self.service.index.reading() as database:
            head, last = read_head(database), self._last
            if last != head:
                self._last = head
                yield from self._of_chain(database, last, head, members)
        yield from self._of_messages(members)

    def _of_chain(
        self, database: Connection, last: Head | None, head: Head, members: set[str]
    ) -> Iterator[News]:
        if last is not None and not (last.number < head.number and has_block(database, last)):
            # The chain gave blocks up: what was told may be untrue.
            yield News("", "reset", head.number, _json({"block": head.number}))
        elif last is not None:
            yield from movements(database, members, last.number, head.number)
        told = {"block": head.number, "time": head.timestamp}
        yield News("", "block", head.number, _json(told))

    def _of_messages(self, members: set[str]) -> Iterator[News]:
        relay = self.service.relay
        if relay is None or not members or self._last is None:
            return
        for change in relay.changes(self._moment - _OVERLAP_MS):
            self._moment = max(self._moment, change.moment)
            key = change.receipt.id, f"{change.receipt.state} {change.receipt.transaction}"
            if key not in self._told:
                self._told[key] = None
                whose = change.signer.lower()
                yield News(whose, "message", self._last.number, _json(receipt_body(change.receipt)))
        while len(self._told) > _REMEMBERED:
            self._told.pop(next(iter(self._told)))


def movements(
    database: Connection, members: Iterable[str], behind: int, last: int
) -> Iterator[News]:
    """What happened to members behind a block, oldest first."""
    m = schema.movements.c
    wanted = and_(m.block > behind, m.block <= last, m.member.in_(sorted(members)))
    for one in reversed(list(entries(database, wanted))):
        yield News(one.member, "movement", one.body.block or last, _json(one.body))


def _json(told: BaseModel | dict[str, int]) -> bytes:
    if isinstance(told, BaseModel):
        return told.model_dump_json(by_alias=True).encode()
    return orjson.dumps(told)
