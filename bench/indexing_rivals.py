"""What others take to read the same events: web3.py, and Ponder if npm has it."""

import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg

from zegel.chain.connection import Connection
from zegel.errors import ZegelError

_PONDER = "0.16.10"
_SAMPLE = 20_000
_BLOCKS_AT_ONCE = 10
_SECONDS_FOR_PONDER = 600
_PORT = "42069"
_FILES = Path(__file__).parent / "ponder"


@dataclass(frozen=True)
class Points:
    """The token whose awards are read."""

    url: str
    token: str
    first_block: int
    events: int
    total: int


@dataclass(frozen=True)
class Measured:
    """What one reader found, in how many seconds and bytes. A `sample` is only the first events."""

    name: str
    events: int
    seconds: float
    count: int
    total: int
    balances: dict[str, int] = field(default_factory=dict)
    sample: int = 0
    memory: int = 0

    @property
    def rate(self) -> float:
        return self.events / self.seconds


def apart(work: Callable[..., Measured], *arguments: Any) -> Measured:
    """Does work in a process of its own, whose memory is measured."""
    # Nobody waits for what others have written.
    os.sync()
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., Measured], arguments: tuple[Any, ...]) -> Measured:
    found = work(*arguments)
    # With the process that reads ahead, if there was one.
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = sum(resource.getrusage(who).ru_maxrss for who in whose)
    return replace(found, memory=peak * (1 if sys.platform == "darwin" else 1024))


def web3(points: Points) -> Measured:
    """The first events by web3.py, as its documentation says."""
    connection = Connection(points.url)
    token = connection.contract("PointToken", points.token)
    total = found = 0
    block, seconds = points.first_block, time.perf_counter()
    while found < _SAMPLE:
        last = block + _BLOCKS_AT_ONCE - 1
        for told in token.events.Transfer().get_logs(from_block=block, to_block=last):
            found += 1
            total += told["args"]["value"]
        block = last + 1
    seconds = time.perf_counter() - seconds
    return Measured("web3.py, a sample, kept nowhere", found, seconds, found, total, sample=found)


def ponder(points: Points, database: str, say: Callable[[str], None]) -> Iterator[Measured]:
    """All events and balances by Ponder into PostgreSQL, from its start."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "ponder"
        shutil.copytree(_FILES, folder)
        npm = subprocess.run(
            ["npm", "install", "--no-save", f"ponder@{_PONDER}", "viem", "hono"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if npm.returncode:
            say(f"Ponder is left out: npm has no ponder@{_PONDER} here")
            return
        yield _run_ponder(points, database, folder)


def _run_ponder(points: Points, database: str, folder: Path) -> Measured:
    settings = {
        "PONDER_RPC": points.url,
        "PONDER_TOKEN": points.token,
        "PONDER_FIRST_BLOCK": str(points.first_block),
        "DATABASE_URL": database,
        "PONDER_TELEMETRY_DISABLED": "true",
    }
    program = folder / "node_modules" / "ponder" / "dist" / "esm" / "bin" / "ponder.js"
    # The program itself, since what the wheel calls node only starts it.
    node = subprocess.check_output(["node", "-p", "process.execPath"], text=True).strip()
    command = [node, str(program), "start", "--schema", "points", "--port", _PORT]
    with (folder / "log").open("w") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        read = _wait(points, database)
        seconds = time.perf_counter() - start
        process.kill()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = -signal.SIGKILL
    if not read:
        raise ZegelError(f"Ponder did not read all: {(folder / 'log').read_text()[-500:]}")
    with psycopg.connect(database) as connection:
        found, total = _sum(connection)
        rows = connection.execute("SELECT member, amount FROM points.balance").fetchall()
    balances = {member: int(amount) for member, amount in rows}
    name = f"Ponder {_PONDER}, PostgreSQL"
    return Measured(name, found, seconds, found, total, balances, memory=1024 * usage.ru_maxrss)


def _wait(points: Points, database: str) -> bool:
    """Whether all events were read before the patience ended."""
    end = time.monotonic() + _SECONDS_FOR_PONDER
    with psycopg.connect(database, autocommit=True) as connection:
        while time.monotonic() < end:
            time.sleep(0.2)
            with suppress(psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
                if _sum(connection)[0] >= points.events:
                    return True
    return False


def _sum(connection: psycopg.Connection[Any]) -> tuple[int, int]:
    row = connection.execute("SELECT count(*), sum(amount) FROM points.award").fetchone()
    found, total = row or (0, 0)
    return found, int(total or 0)
