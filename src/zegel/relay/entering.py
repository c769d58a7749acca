"""Puts accepted messages into the queue: all that wait at one moment in one change of the database.

Waiting for the disk is what takes longest, so threads that come together wait for it together.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select

from zegel.crashing import crash_point
from zegel.errors import RelayRefused
from zegel.outbox.journal import Journal
from zegel.relay import states
from zegel.relay.calls import Call
from zegel.relay.limits import Limits, Tally
from zegel.relay.queue import milliseconds
from zegel.relay.schema import messages

# Beyond that, a moment is as good as none.
_FOR_EVER = 2**62

# Put together once: that takes as long as asking.
_KNOWN = select(messages.c.id).where(messages.c.id.in_(bindparam("names", expanding=True)))
_INSERT = insert(messages)


@dataclass(frozen=True)
class Entry:
    """A message that was checked and played. `id` is its hash, `gas` the most that it may use."""

    id: str
    kind: str
    call: Call
    gas: int
    accepted: int

    @property
    def signer(self) -> str:
        return self.call.signer.lower()

    @property
    def program(self) -> str:
        return self.call.program.lower()

    def row(self) -> dict[str, object]:
        before = self.call.valid_before
        return {
            "id": self.id,
            "type": self.kind,
            "signer": self.signer,
            "program": self.program,
            "target": self.call.target.lower(),
            "data": self.call.data,
            "gas": self.gas,
            "charged": self.gas,
            "valid_before": before if before is not None and before < _FOR_EVER else None,
            "accepted": self.accepted,
            "state": states.ACCEPTED,
            "changed": milliseconds(),
        }


class Entrance:
    """Where threads hand entries in."""

    def __init__(self, queue: Journal, limits: Limits) -> None:
        self._queue, self._limits = queue, limits
        self._waiting: list[tuple[Entry, Future[bool]]] = []
        self._changed, self._writing = threading.Condition(), False

    def enter(self, entry: Entry) -> bool:
        """Whether an entry was new: it stands in the database now. Raises `RelayRefused` if it is
        more than what is left of a day."""
        done: Future[bool] = Future()
        with self._changed:
            self._waiting.append((entry, done))
            self._changed.wait_for(lambda: done.done() or not self._writing)
            if done.done():
                return done.result()
            self._writing = True
            waiting, self._waiting = self._waiting, []
        try:
            self._write_waiting(waiting)
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
        return done.result()

    def _write_waiting(self, waiting: Sequence[tuple[Entry, Future[bool]]]) -> None:
        try:
            results = self._write([entry for entry, _ in waiting])
        except BaseException as error:
            for _, done in waiting:
                done.set_exception(error)
            return
        for (_, done), result in zip(waiting, results, strict=True):
            if isinstance(result, RelayRefused):
                done.set_exception(result)
            else:
                done.set_result(result)

    def _write(self, entries: Sequence[Entry]) -> list[bool | RelayRefused]:
        """Writes what is new and within the quotas: which it was, or why it was not."""
        results: list[bool | RelayRefused] = []
        rows = []
        with self._queue.writing() as database:
            names = {entry.id for entry in entries}
            known = set(database.scalars(_KNOWN, {"names": sorted(names)}))
            tally = Tally(database, self._limits, entries)
            for entry in entries:
                try:
                    results.append(entry.id not in known)
                    if results[-1]:
                        tally.charge(entry)
                        known.add(entry.id)
                        rows.append(entry.row())
                except RelayRefused as refused:
                    results[-1] = refused
            if rows:
                tally.write()
                database.execute(_INSERT, rows)
            crash_point("relay.accepting")
        crash_point("relay.accepted")
        return results
