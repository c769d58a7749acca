"""The queue: all that a till has asked for, taken, settled and paid back, in the order in which it
happened.

A file of lines, to which is only ever added. Each line is JSON, bears the hash of the line before
and ends with its own, so that no record can be changed, dropped or moved unseen. A record is on the
disk before `append` returns. What a kill or a power cut leaves of a record that was not finished is
cut off when the queue is opened: nobody was told that it was taken.

A file that is full is closed under a name of its own, and never touched again; the hashes go on in
the next one.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zegel.crashing import crash_point
from zegel.errors import FileError
from zegel.files import sync_folder
from zegel.till.sealing import seal, seal_of, unseal

# What the first line bears instead of the hash of one before.
_START = "0" * 64

# In one file: some sixty megabytes.
_MOST = 100_000

LOCK = "queue.lock"

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND

_REMEDY = (
    "the file was changed, or its disk is failing. Take no more vouchers with it, keep it, and go "
    "on with a copy that was made before"
)


@dataclass(frozen=True)
class Record:
    """One thing that happened: its number, the till's second, its kind, what it says, its hash."""

    number: int
    at: int
    kind: str
    values: Mapping[str, Any]
    hash: str


@dataclass
class Queue:
    """An open queue, of which no other process is the writer."""

    path: Path
    records: list[Record]
    # What was left of a record that was not finished, in bytes.
    cut: int
    _file: int = field(repr=False)
    _length: int = field(repr=False)
    # The number of the first record in the file.
    _first: int = field(default=0, repr=False)

    def append(self, kind: str, at: int, values: Mapping[str, Any]) -> Record:
        """Adds a record. When this returns, it survives whatever happens to the till."""
        if self._file < 0:
            raise FileError(self.path, "is closed, or could not be written: start the till again")
        before = self.records[-1].hash if self.records else _START
        number = len(self.records)
        if number - self._first >= _MOST:
            self._turn(number)
        line = seal({"number": number, "at": at, "kind": kind, **values, "before": before})
        try:
            _write(self._file, line + b"\n")
            os.fsync(self._file)
        except OSError as error:
            self._undo()
            raise FileError(
                self.path, f"cannot be written ({error.strerror}), nothing was taken: make room"
            ) from None
        self._length += len(line) + 1
        self.records.append(Record(number, at, kind, dict(values), seal_of(line)))
        return self.records[-1]

    def close(self) -> None:
        """Lets another process have it."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def _turn(self, number: int) -> None:
        """Closes the file, and begins another one."""
        closed = _closed_name(self.path, self._first)
        try:
            os.rename(self.path, closed)
            crash_point("till.turning")
            file = os.open(self.path, _FLAGS | os.O_EXCL, 0o644)
            sync_folder(self.path.parent)
        except OSError as error:
            if closed.exists() and not self.path.exists():
                os.rename(closed, self.path)
            raise FileError(
                self.path, f"cannot be closed ({error.strerror}), nothing was taken: make room"
            ) from None
        os.close(self._file)
        self._file, self._length, self._first = file, 0, number

    def _undo(self) -> None:
        """Takes back what was written of a record; where that fails too, nothing more is added."""
        try:
            os.ftruncate(self._file, self._length)
            os.fsync(self._file)
        except OSError:
            self.close()


@contextmanager
def open_queue(path: Path) -> Iterator[Queue]:
    """Opens the queue in a file, which is made if it is not there, for this process alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_name(LOCK), os.O_RDWR | os.O_CREAT, 0o644)
    queue = Queue(path, [], 0, -1, 0)
    try:
        _lock(path, lock)
        queue.records = _closed_records(path)
        _open(queue)
        yield queue
    finally:
        queue.close()
        os.close(lock)


def read_queue(path: Path) -> list[Record]:
    """The records in a file, and in those that were closed, whoever writes to it meanwhile."""
    closed = _closed_files(path)
    try:
        content = path.read_bytes()
        records = _closed_records(path)
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): check the name") from None
    if _closed_files(path) != closed:
        # It was closed meanwhile.
        return read_queue(path)
    _read(path, content, records)
    return records


def _open(queue: Queue) -> None:
    """Opens the file that is written to, and cuts off what was not finished."""
    path, is_new = queue.path, not queue.path.exists()
    queue._file = os.open(path, _FLAGS, 0o644)
    if is_new:
        sync_folder(path.parent)
    content = path.read_bytes()
    queue._first = len(queue.records)
    whole = _read(path, content, queue.records)
    queue.cut = max(0, len(content) - whole)
    if queue.cut:
        os.ftruncate(queue._file, whole)
    elif whole > len(content):
        # Only its line break is missing.
        _write(queue._file, b"\n")
    os.fsync(queue._file)
    queue._length = whole


def _closed_name(path: Path, first: int) -> Path:
    return path.with_name(f"{path.stem}-{first:09}{path.suffix}")


def _closed_files(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.stem}-{'[0-9]' * 9}{path.suffix}"))


def _closed_records(path: Path) -> list[Record]:
    """The records of all files that are full."""
    records: list[Record] = []
    for file in _closed_files(path):
        content = file.read_bytes()
        if _read(file, content, records) != len(content):
            raise FileError(file, f"ends in the middle of a line: {_REMEDY}")
    return records


def _read(path: Path, content: bytes, records: list[Record]) -> int:
    """Adds the records of a file; returns how long it is with them alone."""
    *lines, rest = content.split(b"\n")
    for place, line in enumerate(lines, start=1):
        records.append(_checked(path, place, line, records))
    whole, last = len(content) - len(rest), len(lines) + 1
    # A kill leaves the beginning of a line; one with something else behind its end was changed.
    if _is_sealed(rest[:-1]):
        raise FileError(path, f"is no line: {_REMEDY}", line=last)
    if _is_sealed(rest):
        records.append(_checked(path, last, rest, records))
        whole = len(content) + 1
    return whole


def _checked(path: Path, place: int, line: bytes, earlier: list[Record]) -> Record:
    number = len(earlier)
    try:
        values = unseal(line)
        if values.pop("before") != (earlier[-1].hash if earlier else _START):
            raise ValueError("does not follow the line before")
        if values.pop("number") != number:
            raise ValueError("has another number")
        return Record(number, values.pop("at"), values.pop("kind"), values, seal_of(line))
    except (ValueError, KeyError) as error:
        raise FileError(path, f"{error}: {_REMEDY}", line=place) from None


def _is_sealed(line: bytes) -> bool:
    try:
        return bool(unseal(line))
    except ValueError:
        return False


def _lock(path: Path, file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FileError(path, "another process works with it: stop that one first") from None


def _write(file: int, content: bytes) -> None:
    """Writes all of it: a disk that is almost full takes a part without complaint."""
    while content:
        content = content[os.write(file, content) :]
