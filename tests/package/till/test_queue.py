"""The queue
├── a new one is empty, and its records come back in order
├── a record
│   ├── is on the disk before `append` returns
│   └── bears the hash of the one before
├── a torn end of any length is cut off, and the queue goes on
├── a byte that was changed anywhere is named with its line
├── a line that was dropped, doubled or moved is named
├── a file that is full is closed, and the hashes go on in the next, whenever that is killed
├── one process at a time writes, others may read
├── a full disk takes nothing, and the queue goes on when there is room
└── a process that is killed at random moments loses no record that was acknowledged
"""

import errno
import os
import random
import signal
import time
from pathlib import Path

import pytest
from package.till.shops import killed_at

from zegel.errors import FileError
from zegel.till import queue as queue_module
from zegel.till.queue import open_queue, read_queue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till" / "queue.jsonl"


def write(path: Path, *values: int) -> None:
    with open_queue(path) as queue:
        for value in values:
            queue.append("sale", 1_000 + value, {"value": value})


def values(path: Path) -> list[int]:
    with open_queue(path) as queue:
        return [record.values["value"] for record in queue.records]


def test_records_come_back_in_order(path):
    write(path)
    assert values(path) == []
    write(path, 3, 1)
    write(path, 2)

    with open_queue(path) as queue:
        assert [(r.number, r.at, r.kind, r.values) for r in queue.records] == [
            (0, 1003, "sale", {"value": 3}),
            (1, 1001, "sale", {"value": 1}),
            (2, 1002, "sale", {"value": 2}),
        ]
        assert queue.cut == 0


def test_a_record_is_on_the_disk_before_append_returns(path, monkeypatch):
    synced = []
    with open_queue(path) as queue:
        real = os.fsync

        def fsync(file):
            synced.append(path.read_bytes())
            real(file)

        monkeypatch.setattr(os, "fsync", fsync)
        record = queue.append("sale", 1, {"value": 7})

    assert synced == [path.read_bytes()]
    assert record.hash.encode() in synced[0]


def test_each_record_bears_the_hash_of_the_one_before(path):
    write(path, 1, 2)
    first, second = path.read_bytes().splitlines()

    with open_queue(path) as queue:
        hashes = [record.hash for record in queue.records]
    assert b'"before":"' + b"0" * 64 in first
    assert f'"before":"{hashes[0]}"'.encode() in second
    assert len(set(hashes)) == 2


def test_a_torn_end_of_any_length_is_cut_off(path):
    write(path, 1, 2)
    kept = path.read_bytes()
    write(path, 3)
    whole = path.read_bytes()

    for length in range(len(kept), len(whole) + 1):
        path.write_bytes(whole[:length])
        # All of it but the line break is all of it.
        left = [1, 2, 3] if length >= len(whole) - 1 else [1, 2]
        with open_queue(path) as queue:
            assert queue.cut == (length - len(kept) if len(left) == 2 else 0), length
            queue.append("sale", 9, {"value": 9})
        assert values(path) == [*left, 9], length


def test_a_byte_that_was_changed_anywhere_is_named(path):
    write(path, 1, 2, 3)
    whole = path.read_bytes()
    chance = random.Random(1)

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        line = whole[:place].count(b"\n") + 1
        with pytest.raises(FileError) as refused, open_queue(path):
            pass
        assert refused.value.line == line, place
        assert "go on with a copy that was made before" in str(refused.value)
        assert path.read_bytes() == changed


@pytest.mark.parametrize(
    "order", [[1, 2], [0, 2], [0, 0, 1, 2], [1, 0, 2], [0, 2, 1], [0, 1, 1, 2]], ids=str
)
def test_a_line_that_was_dropped_doubled_or_moved_is_named(path, order):
    write(path, 1, 2, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[number] for number in order))
    wrong = next(place for place, number in enumerate(order) if place != number)

    with pytest.raises(FileError, match=f"line {wrong + 1}: does not follow the line before"):
        values(path)


@pytest.fixture
def short(monkeypatch):
    """Files of three records."""
    monkeypatch.setattr(queue_module, "_MOST", 3)


def files(path):
    return sorted(one.name for one in path.parent.glob("queue*.jsonl"))


def test_a_full_file_is_closed_and_the_hashes_go_on(path, short):
    write(path, 0, 1)
    for value in range(2, 8):
        write(path, value)

    assert files(path) == ["queue-000000000.jsonl", "queue-000000003.jsonl", "queue.jsonl"]
    assert values(path) == list(range(8))
    assert [record.values["value"] for record in read_queue(path)] == list(range(8))
    closed = path.with_name("queue-000000003.jsonl").read_bytes()
    assert closed.count(b"\n") == 3
    with open_queue(path) as queue:
        assert f'"before":"{queue.records[2].hash}"'.encode() in closed
        queue.append("sale", 8, {"value": 8})
        queue.append("sale", 9, {"value": 9})
    assert path.with_name("queue-000000003.jsonl").read_bytes() == closed
    assert values(path) == list(range(10))


@pytest.mark.parametrize("file", ["queue-000000000.jsonl", "queue-000000003.jsonl"])
def test_a_closed_file_that_is_gone_or_changed_is_noticed(path, short, file):
    write(path, *range(8))
    lost = path.with_name(file)
    content = lost.read_bytes()
    lost.unlink()
    with pytest.raises(FileError, match="line 1: does not follow the line before"):
        values(path)
    lost.write_bytes(content.replace(b'"sale"', b'"salt"', 1))
    with pytest.raises(FileError, match=f"{file}, line 1: does not match its hash"):
        values(path)
    lost.write_bytes(content[:-9])
    with pytest.raises(FileError, match=f"{file}: ends in the middle of a line"):
        values(path)


def test_a_kill_while_a_file_is_closed_loses_nothing(path, short):
    write(path, 0, 1, 2)
    assert killed_at("till.turning", lambda: write(path, 3))
    assert files(path) == ["queue-000000000.jsonl"]
    assert values(path) == [0, 1, 2]
    write(path, 3)
    assert values(path) == [0, 1, 2, 3]
    assert files(path) == ["queue-000000000.jsonl", "queue.jsonl"]


def test_a_file_that_cannot_be_closed_takes_nothing(path, short, monkeypatch):
    write(path, 0, 1, 2)
    real = os.open

    def full(name, flags, *mode):
        if flags & os.O_EXCL:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(name, flags, *mode)

    with open_queue(path) as queue:
        monkeypatch.setattr(os, "open", full)
        with pytest.raises(FileError, match=r"cannot be closed .*, nothing was taken: make room"):
            queue.append("sale", 3, {"value": 3})
        monkeypatch.undo()
        monkeypatch.setattr(queue_module, "_MOST", 3)
        queue.append("sale", 3, {"value": 3})
    assert values(path) == [0, 1, 2, 3]


def test_who_reads_while_a_file_is_closed_reads_all(path, short, monkeypatch):
    write(path, 0, 1, 2)
    real, turned = Path.read_bytes, []

    def turns(file):
        content = real(file)
        if not turned:
            turned.append(file)
            write(path, 3)
        return content

    monkeypatch.setattr(Path, "read_bytes", turns)
    assert [record.values["value"] for record in read_queue(path)] == [0, 1, 2, 3]


def test_one_process_at_a_time_writes(path):
    write(path, 1)
    with open_queue(path):
        with pytest.raises(FileError, match="another process works with it"), open_queue(path):
            pass
        assert [record.values["value"] for record in read_queue(path)] == [1]
    assert values(path) == [1]


def test_a_queue_that_is_not_there_is_not_read(path):
    with pytest.raises(FileError, match="cannot be read"):
        read_queue(path)


def test_a_full_disk_takes_nothing(path, monkeypatch):
    write(path, 1)
    with open_queue(path) as queue:
        before, real = path.read_bytes(), os.write

        def part(file, content):
            if len(content) < 100:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(file, content[: len(content) // 2])

        monkeypatch.setattr(os, "write", part)
        with pytest.raises(FileError, match=r"No space left on device.*nothing was taken"):
            queue.append("sale", 2, {"value": 2})
        assert path.read_bytes() == before
        monkeypatch.undo()
        queue.append("sale", 3, {"value": 3})
    assert values(path) == [1, 3]


def test_nothing_is_added_where_a_failure_cannot_be_undone(path, monkeypatch):
    def fails(*_):
        raise OSError(errno.EIO, "Input/output error")

    with open_queue(path) as queue:
        monkeypatch.setattr(queue_module.os, "fsync", fails)
        with pytest.raises(FileError, match="nothing was taken"):
            queue.append("sale", 1, {"value": 1})
        monkeypatch.undo()
        with pytest.raises(FileError, match="start the till again"):
            queue.append("sale", 2, {"value": 2})


def test_a_process_that_is_killed_loses_nothing_that_it_acknowledged(path):
    chance = random.Random(1)
    acknowledged = -1
    for _ in range(25):
        read, write_end = os.pipe()
        worker = os.fork()
        if not worker:
            try:
                with open_queue(path) as queue:
                    while True:
                        value = len(queue.records)
                        queue.append("sale", value, {"value": value, "filling": "x" * 3_000})
                        os.write(write_end, value.to_bytes(4, "big"))
            finally:
                os._exit(1)
        os.close(write_end)
        time.sleep(chance.uniform(0, 0.06))
        os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        with os.fdopen(read, "rb") as told:
            answers = told.read()
        if answers:
            acknowledged = int.from_bytes(answers[-4:], "big")
        found = values(path)
        assert found == list(range(len(found)))
        assert len(found) > acknowledged
    assert acknowledged > 25
