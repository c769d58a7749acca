"""An index in the middle of a life.

A seed tells it all: random acts, reorganisations, a node that errs, stalls, lags and lies, and
kills in the middle of the work. After each of them the index is read on. In the end it is, byte for
byte, what a fresh one is, and every balance is the contract's.

`python -m faults.surviving COUNT` lives the first so many, until one ends badly.
"""

import os
import random
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from faults.lives import Life, Town, found
from support.faulty_node import FaultyNode
from support.indexing import BRISK, quick

from zegel.index.checking import check
from zegel.index.electing import Writer
from zegel.index.following import catch_up

_CRASHES = (
    "index.projected",
    "index.written",
    "index.committed",
    "index.undoing",
    "index.undone",
)


def live(town: Town, seed: int, url: str) -> None:
    life = Life(town, seed)
    chance = random.Random(f"{seed} faults")
    base = town.height
    with FaultyNode(town.url, seed, rate=0.15, stall=0.01) as node:
        for _ in range(4):
            life.act(chance.randint(2, 8))
            if chance.random() < 0.6 and town.height > base:
                life.reorganise(chance.randint(1, town.height - base))
            if chance.random() < 0.5:
                crash = f"{chance.choice(_CRASHES)}:{chance.randint(1, 12)}"
                _killed(node.url, town, url, crash)
            else:
                _read_on(node.url, town, url)
        _read_on(node.url, town, url)

    found = check(town.url, town.about, quick(url), BRISK)
    assert [result for result in found if not result.ok] == []


def _read_on(node: str, town: Town, url: str) -> None:
    """Follows the chain to its end, whoever wrote before."""
    database = quick(url)
    catch_up(node, town.about, database, patience=BRISK, writer=Writer(database, lease=0))


def _killed(node: str, town: Town, url: str, crash: str) -> None:
    """Reads on in a process of its own, which may be killed at a point."""
    child = os.fork()
    if child == 0:
        os.environ["ZEGEL_CRASH_AT"] = crash
        status = 1
        try:
            _read_on(node, town, url)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    assert ended in (0, signal.SIGKILL)


def main() -> int:
    """0 if all lives ended well; else 3, and what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        founded = found(Path(folder))
        for seed in range(int(sys.argv[1])):
            with founded.town() as town:
                try:
                    live(town, seed, str(Path(folder) / f"{seed}.db"))
                except Exception as error:
                    print(f"seed {seed}: {type(error).__name__}: {str(error)[:300]}")
                    return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
