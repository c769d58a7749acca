"""Workers in processes of their own, and their deaths at moments that nobody chose."""

import faulthandler
import os
import random
import signal
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

KILLED = -signal.SIGKILL

# A life ends after fewer changes of the database than this, and so many seconds more at most. A
# worker begins with some changes, and writes one for each step of some transactions.
_CHANGES, _MOMENT = 24, 0.01

# A worker that is not done by then hangs: it says where, and ends.
_SECONDS = 240


def start(act: Callable[[], Any], log: Path, crash_at: str | None = None) -> int:
    """Has a process of its own do something; returns its number. What ends it stands in the log."""
    worker = os.fork()
    if worker:
        return worker
    try:
        with log.open("w") as said:
            faulthandler.dump_traceback_later(_SECONDS, exit=True, file=said)
            if crash_at:
                os.environ["ZEGEL_CRASH_AT"] = crash_at
            act()
        os._exit(0)
    except BaseException as error:
        log.write_text(repr(error))
        os._exit(1)


def finish(worker: int) -> int:
    """Waits for a process's end: its exit code, or minus the signal's number."""
    _, status = os.waitpid(worker, 0)
    return os.waitstatus_to_exitcode(status)


def kill_at_random(begin: Callable[[Callable[[], None]], int], kills: int, seed: int) -> None:
    """Starts workers, each of which the system kills a moment after some changes more.

    `begin` starts one that first does what it is given. One that came to its end would prove
    nothing: there must be work for all of them.
    """
    chance = random.Random(seed)
    for life in range(kills):
        changes, moment = chance.randrange(_CHANGES), chance.uniform(0, _MOMENT)
        ended = finish(begin(partial(_die_after, changes, moment)))
        assert ended == -signal.SIGALRM, f"worker {life} ended by itself: {ended}"


def _die_after(changes: int, moment: float) -> None:
    """Has the system end this process, as a power cut would, some seconds after a change.

    Counted here, and ended by a timer of the system: whoever watched from outside would come late
    where the machine is busy.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    done: Iterator[int] = count(1)

    def note(*_: Any) -> None:
        if next(done) == changes:
            signal.setitimer(signal.ITIMER_REAL, moment)

    if changes:
        event.listen(Engine, "commit", note)
    else:
        signal.setitimer(signal.ITIMER_REAL, moment)
