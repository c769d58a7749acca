"""Kills workers at moments that nobody chose, whatever the speed of the machine."""

import os
import random
import signal
import time
from collections.abc import Callable

from sqlalchemy import Table, create_engine, func, select
from sqlalchemy.exc import OperationalError

KILLED = -signal.SIGKILL

# A worker lives for fewer transactions than this, and so many seconds more at most.
_FEW, _MOMENT = 4, 0.01
_SECONDS = 60


def finish(worker: int) -> int:
    """Waits for a process's end: its exit code, or minus the signal's number."""
    _, status = os.waitpid(worker, 0)
    return os.waitstatus_to_exitcode(status)


def kill_at_random(
    start: Callable[[], int], journal: str, outgoing: Table, kills: int, seed: int
) -> None:
    """Starts workers on a journal, and kills each a moment after some transactions more.

    A worker that came to its end would prove nothing: there must be work for all of them.
    """
    chance = random.Random(seed)
    for _ in range(kills):
        goal = _carried_out(journal, outgoing) + chance.randrange(_FEW)
        worker, end = start(), time.monotonic() + _SECONDS
        while _carried_out(journal, outgoing) < goal:
            assert time.monotonic() < end, f"a worker does nothing for {_SECONDS} s"
            time.sleep(0.005)
        time.sleep(chance.uniform(0, _MOMENT))
        os.kill(worker, signal.SIGKILL)
        assert finish(worker) == KILLED, "a worker had come to its end"


def _carried_out(journal: str, outgoing: Table) -> int:
    """How many transactions stand in blocks, asked by a connection that no worker inherits."""
    engine = create_engine(journal)
    try:
        with engine.connect() as database:
            done = outgoing.c.state.in_(("mined", "final"))
            return database.execute(select(func.count()).where(done)).scalar_one()
    except OperationalError:
        # No worker has made the tables yet.
        return 0
    finally:
        engine.dispose()
