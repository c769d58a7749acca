"""The queue: all that a till has asked for, taken, settled and paid back, in the order in which it
happened.

A file of lines, to which is only ever added. Each line is JSON, bears the hash of the line before
and ends with its own, so that no record can be changed, dropped or moved unseen. A record is on the
disk before `append` returns. What a kill or a power cut leaves of a record that was not finished is
cut off when the queue is opened: nobody was told that it was taken.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zegel.errors import FileError
from zegel.files import sync_folder
from zegel.till.sealing import seal, seal_of, unseal

# What the first line bears instead of the hash of one before.
_START = "0" * 64

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

    def append(self, kind: str, at: int, values: Mapping[str, Any]) -> Record:
        """Adds a record. When this returns, it survives whatever happens to the till."""
        if self._file < 0:
            raise FileError(self.path, "is closed, or could not be written: start the till again")
        before = self.records[-1].hash if self.records else _START
        number = len(self.records)
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
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    queue = Queue(path, [], 0, file, 0)
    try:
        _lock(path, file)
        if is_new:
            sync_folder(path.parent)
        content = path.read_bytes()
        queue.records, whole = _read(path, content)
        queue.cut = max(0, len(content) - whole)
        if queue.cut:
            os.ftruncate(file, whole)
        elif whole > len(content):
            # Only its line break is missing.
            _write(file, b"\n")
        os.fsync(file)
        queue._length = whole
        yield queue
    finally:
        queue.close()


def read_queue(path: Path) -> list[Record]:
    """The records in a file, whoever writes to it meanwhile."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): check the name") from None
    return _read(path, content)[0]


def _read(path: Path, content: bytes) -> tuple[list[Record], int]:
    """The records, and how long the file is with them alone."""
    *lines, rest = content.split(b"\n")
    records: list[Record] = []
    for line in lines:
        records.append(_checked(path, line, records))
    whole = len(content) - len(rest)
    # A kill leaves the beginning of a line; one with something else behind its end was changed.
    if _is_sealed(rest[:-1]):
        raise FileError(path, f"is no line: {_REMEDY}", line=len(lines) + 1)
    if _is_sealed(rest):
        records.append(_checked(path, rest, records))
        whole = len(content) + 1
    return records, whole


def _checked(path: Path, line: bytes, earlier: list[Record]) -> Record:
    number = len(earlier)
    try:
        values = unseal(line)
        if values.pop("before") != (earlier[-1].hash if earlier else _START):
            raise ValueError("does not follow the line before")
        if values.pop("number") != number:
            raise ValueError("has another number")
        return Record(number, values.pop("at"), values.pop("kind"), values, seal_of(line))
    except (ValueError, KeyError) as error:
        raise FileError(path, f"{error}: {_REMEDY}", line=number + 1) from None


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
