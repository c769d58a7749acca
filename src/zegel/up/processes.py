"""Processes that live as long as the one that started them: stopped in turn, and left by no death.

They are sessions of their own, so that Ctrl-C reaches only their starter, which stops them one
after another. A guard stops them if it cannot, and others wait until it has.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from zegel.errors import ZegelError

_SECONDS_TO_STOP = 15.0

# Whatever the command line is called here.
ZEGEL = (sys.executable, "-c", "from zegel.cli import main; main()")


class Ended(ZegelError):  # noqa: N818 -- as the others of its tree
    """A process ended that should have gone on."""


@dataclass(frozen=True)
class Running:
    """A process, and where it writes what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Processes:
    """A context in which processes run; the next one on the same `lock` waits for their end."""

    def __init__(self, lock: Path) -> None:
        self._lock = lock
        self._running: list[Running] = []
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Processes":
        with self._lock.open("w") as lock:
            # Whose starter was killed are stopped now, and may be writing what is read next.
            fcntl.flock(lock, fcntl.LOCK_EX)
            # The guard has the lock as long as it lives.
            self._guard = subprocess.Popen(
                [sys.executable, "-m", "zegel.up.guard"],
                stdin=subprocess.PIPE,
                start_new_session=True,
                pass_fds=[lock.fileno()],
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()

    def start(self, name: str, command: Sequence[str], log: Path) -> Running:
        """Starts a process that writes to a log."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._tell(f"+{process.pid}")
        running = Running(name, process, log)
        self._running.append(running)
        return running

    def finish(self, name: str, command: Sequence[str], log: Path) -> None:
        """Starts a process that ends by itself, and waits for that; raises `Ended` if it failed."""
        running = self.start(name, command, log)
        code = running.process.wait()
        self._running.remove(running)
        self._tell(f"-{running.process.pid}")
        if code:
            raise _ended(running, code)

    def stop(self) -> None:
        """Stops them, the last one first."""
        while self._running:
            running = self._running.pop()
            _stop(running.process)
            self._tell(f"-{running.process.pid}")

    @contextmanager
    def watching(self, pid: int) -> Iterator[None]:
        """Has the guard look after a process that somebody else starts and stops."""
        self._tell(f"+{pid}")
        try:
            yield
        finally:
            self._tell(f"-{pid}")

    def check(self) -> None:
        """Raises `Ended` if one has ended."""
        for running in self._running:
            code = running.process.poll()
            if code is not None:
                raise _ended(running, code)

    def _tell(self, line: str) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.write(f"{line}\n".encode())
            self._guard.stdin.flush()


def _ended(running: Running, code: int) -> Ended:
    """What it said last, and where it said the rest."""
    said = running.log.read_text(errors="replace").strip().splitlines() or ["nothing"]
    return Ended(f"{running.name} ended with {code}, and said: {said[-1]} (see {running.log})")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
