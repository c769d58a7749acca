"""What a till does by itself where there is a network: it syncs, settles what has waited, and sees
whether the network is still there.

Without a network it keeps quiet, and looks ever more seldom.
"""

import logging
from dataclasses import dataclass, field
from threading import Event, Thread

from zegel.errors import ChainError, ZegelError
from zegel.till.counter import Counter
from zegel.till.status import status

log = logging.getLogger("zegel.till")

# Seconds between two looks at the clock, and at most between two at a network that is not there.
_LOOK = 1.0
_LONGEST_PAUSE = 60.0

# For how many seconds a network that answered is believed to be there. People at the till see it,
# and a question is a few hundred bytes.
_BELIEVED = 10

# That many purses may be read, all in all; a node does a hundred times more.
_PURSES_A_SECOND = 10


@dataclass
class Rounds:
    """`sync_every` and `settle_after` are seconds: the age of the books at which they are read
    again, and that of a sale at which it is settled."""

    counter: Counter
    sync_every: int = 60
    settle_after: int = 900
    _stopped: Event = field(default_factory=Event, repr=False)
    _thread: Thread | None = field(default=None, repr=False)
    _pause: float = field(default=_LOOK, repr=False)
    # What was sent may take its time to stand deep enough.
    _not_before: int = field(default=0, repr=False)

    def start(self) -> None:
        self._thread = Thread(target=self._run, name="rounds", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Waits until what is under way has ended, but not for ever."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def make(self) -> None:
        """One round: settles what has waited, reads what is old, or only looks."""
        till = self.counter.till
        now, standing = till.clock(), status(till)
        is_reached = not self.counter.trouble
        due = max(self._due(standing.oldest_at, standing.settle_before), self._not_before)
        if standing.open and self.counter.line.account and now >= due:
            self._settle(now)
        elif self.counter.owes() and now >= self._not_before:
            self._not_before = now + self.sync_every
            for trouble in self.counter.pay_back().troubles:
                log.warning("%s", trouble)
        elif standing.must_sync or not is_reached or now - standing.synced_at >= self._fresh():
            self.counter.sync()
        elif now - self.counter.reached_at >= _BELIEVED:
            self.counter.look()

    def _settle(self, now: int) -> None:
        """Settles; where that does not go, the till goes on selling, and is settled later."""
        before = self.counter.not_settled
        self._not_before = now + self.sync_every
        try:
            outcome = self.counter.settle()
            self._not_before = self._not_before if outcome.open else 0
        except ChainError:
            self.counter.sync()
        if self.counter.not_settled and not before:
            log.warning("not settled: %s", self.counter.not_settled)

    def _fresh(self) -> int:
        """The age at which the books are read again: later where that means much to ask for."""
        known = self.counter.till.known
        return max(self.sync_every, len(known.members) // _PURSES_A_SECOND if known else 0)

    def _due(self, oldest: int, latest: int) -> int:
        """When the oldest open sale is settled: early enough, whatever the merchant wishes."""
        return min(oldest + self.settle_after, oldest + (latest - oldest) // 2)

    def _run(self) -> None:
        while not self._stopped.wait(self._pause):
            before = self.counter.trouble
            try:
                self.make()
            except ZegelError as error:
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)
                if self.counter.trouble != before:
                    log.warning("no network: %s", error)
            except Exception:
                self._pause = _LONGEST_PAUSE
                log.exception("a round failed")
            else:
                if before and not self.counter.trouble:
                    log.warning("the network is there")
                self._pause = _LOOK
