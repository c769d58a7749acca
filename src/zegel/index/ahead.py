"""Reads in a process of its own, ahead of the writing.

Reading and writing the past take about as long as each other, and Python does one thing at a time.
The other process has no way to the database; it ends with this one.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Queue
from select import select
from threading import Thread

from zegel.errors import ChainError
from zegel.index.decoding import Decoded, decoded
from zegel.index.fetching import Reader
from zegel.index.garbage import undisturbed

_START = "import sys; sys.path = sys.argv[1:]; from zegel.index.ahead import answer; answer()"
_READY = b"!"

# Answers that were read and not asked for yet, of some two megabytes each.
_WAITING = 8
_END = b""


def read(reader: Reader, goal: int) -> Generator[list[Decoded], None, None]:
    """All blocks up to one, some at a time. The next are asked for while these are decoded."""
    with ThreadPoolExecutor(1) as asking:
        is_more = reader.place.number < goal
        if is_more:
            waiting = asking.submit(reader.read, goal)
        while is_more:
            blocks, contracts = waiting.result(), reader.contracts
            is_more = reader.place.number < goal
            if is_more:
                waiting = asking.submit(reader.read, goal)
            yield [decoded(block, contracts) for block in blocks]


def read_ahead(reader: Reader, goal: int) -> Generator[list[Decoded], None, None]:
    """The same, while the caller works on those before."""
    # It finds modules where this one does, and not where the user happens to be.
    process = subprocess.Popen(
        [sys.executable, "-c", _START, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        # It takes half a second to start. By then this one has read the first blocks.
        while not _is_ready(process) and reader.place.number < goal:
            blocks = reader.read(goal)
            yield [decoded(block, reader.contracts) for block in blocks]
        with suppress(BrokenPipeError), process.stdin as question:
            pickle.dump((reader, goal), question)
        process.stdout.read(len(_READY))
        while (told := _told(process)) is not None:
            yield told
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _is_ready(process: "subprocess.Popen[bytes]") -> bool:
    """Whether the other process waits for its question, or has ended."""
    assert process.stdout is not None
    return bool(select([process.stdout], [], [], 0)[0])


def _told(process: "subprocess.Popen[bytes]") -> list[Decoded] | None:
    """The next blocks of the other process; None if that were all."""
    assert process.stdout is not None
    told: list[Decoded] | Exception | None
    try:
        told = pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError):
        raise ChainError(
            f"the process that reads the chain ended with status {process.wait()}: "
            "run the same again, it goes on from there"
        ) from None
    if isinstance(told, Exception):
        raise told
    return told


def answer() -> None:
    """What the other process does."""
    # Whoever stops the first process stops this one by it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with undisturbed():
        _answer()


def _answer() -> None:
    sys.stdout.buffer.write(_READY)
    sys.stdout.buffer.flush()
    reader, goal = pickle.load(sys.stdin.buffer)
    # Reading goes on while the first process writes and does not listen.
    waiting: Queue[bytes] = Queue(_WAITING)
    telling = Thread(target=_tell, args=(waiting,))
    telling.start()
    end: Exception | None = None
    try:
        for blocks in read(reader, goal):
            waiting.put(pickle.dumps(blocks, pickle.HIGHEST_PROTOCOL))
    except Exception as error:
        end = error
    waiting.put(pickle.dumps(end))
    waiting.put(_END)
    telling.join()


def _tell(waiting: "Queue[bytes]") -> None:
    try:
        while (told := waiting.get()) != _END:
            sys.stdout.buffer.write(told)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Nobody reads on. (Without more ado, which would be to fill the pipe again.)
        os._exit(1)
