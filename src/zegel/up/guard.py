"""Ends processes whose starter has died, however it died.

It reads lines from its standard input: `+` and a process id when one starts, `-` and the id when it
has ended. The input ends when the starter does; what is left then is stopped.
"""

import contextlib
import os
import signal
import sys
import time

_SECONDS_TO_STOP = 15.0


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    left: set[int] = set()
    for line in sys.stdin:
        (left.add if line[0] == "+" else left.discard)(int(line[1:]))
    _signal(left, signal.SIGTERM)
    end = time.monotonic() + _SECONDS_TO_STOP
    while (left := {pid for pid in left if _lives(pid)}) and time.monotonic() < end:
        time.sleep(0.05)
    _signal(left, signal.SIGKILL)


def _signal(processes: set[int], number: signal.Signals) -> None:
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
