"""Ends the process at a named point, as a power cut would, so that tests can see what survives it.

The environment variable ZEGEL_CRASH_AT names the point, with the number of the pass that ends it:
`index.before commit:3` is the third time. Without the number it is the first. Nothing is closed,
flushed or told.
"""

import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Ends the process here if the environment says so."""
    wanted = os.environ.get("ZEGEL_CRASH_AT")
    if wanted is None:
        return
    point, _, number = wanted.partition(":")
    if point == name:
        _passed[name] += 1
        if _passed[name] == int(number or 1):
            os.kill(os.getpid(), signal.SIGKILL)
