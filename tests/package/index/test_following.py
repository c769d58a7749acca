"""following a chain
├── SQLite and PostgreSQL hold the same
├── nothing depends on how many blocks were read at once, or how much was written at once
├── nothing depends on whether a process of its own reads ahead
├── the head of a chain that was given up meanwhile is nothing to wait for
└── a reading process hands on what stops it, and ends with the one that started it
"""

import os
import pickle
import signal
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from support.faulty_node import FaultyNode
from support.indexing import BRISK, lines

from zegel.chain.node import Node, Patience
from zegel.errors import ChainError
from zegel.index import ahead, fetching, following, schema
from zegel.index.fetching import Forked, Place, Reader
from zegel.index.following import catch_up


def test_both_databases_hold_the_same(lived, network, database, in_postgres):
    url = lived.connection.url
    last = lived.connection.web3.eth.block_number

    assert catch_up(url, network, database).number == last
    catch_up(url, network, in_postgres)

    assert lines(database) == lines(in_postgres)
    with database.reading() as connection:
        kinds = set(connection.execute(select(schema.events.c.kind)).scalars())
    assert kinds == set(network.contracts.values()) | {"PointToken"}


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (fetching, "_FIRST_BLOCKS_AT_ONCE", 1),
        (fetching, "_MOST_BLOCKS_AT_ONCE", 1),
        (following, "_EVENTS_AT_ONCE", 1),
        (following, "_SECONDS_AT_ONCE", 0.0),
        (following, "_FAR", 0),
    ],
)
@pytest.mark.parametrize("kind", ["database", "in_postgres"])
def test_nothing_depends_on_how_it_is_read(
    lived, anvil, network, kind, request, monkeypatch, tmp_path, module, name, value
):
    url, database = lived.connection.url, request.getfixturevalue(kind)
    # So that what happened is final, and may be written at once.
    anvil.mine(70)
    whole = following.Database(str(tmp_path / "whole.db"))
    catch_up(url, network, whole)

    monkeypatch.setattr(module, name, value)
    catch_up(url, network, database)

    assert lines(database) == lines(whole)


def test_a_head_that_is_no_more_is_asked_for_again(suite, network, database, monkeypatch):
    url, told = suite.connection.url, []

    def head(node: Node) -> fetching.Block:
        newest = real(node)
        told.append(newest.number)
        return replace(newest, number=newest.number + 5) if len(told) == 1 else newest

    real = fetching.head
    monkeypatch.setattr(fetching, "head", head)

    patience = Patience(attempts=3, pause=0.001, longest=0.01)
    assert catch_up(url, network, database, patience=patience).number == told[0]
    assert len(told) > 2


def _reader(url, network, patience: Patience = BRISK, parent: str = "") -> Reader:
    place = Place(network.first_block - 1, parent)
    return Reader(Node(url, patience), place, network.contracts, network.registry)


@pytest.fixture
def ready(monkeypatch):
    """Says how many portions are read here before the other process is ready."""

    def after(portions: int) -> None:
        left = iter([False] * portions)
        monkeypatch.setattr(ahead, "_is_ready", lambda _: next(left, True))

    return after


@pytest.mark.parametrize("portions", [0, 1, 2, 1_000], ids=lambda portions: f"after {portions}")
def test_a_process_reads_what_one_would_read_oneself(lived, network, ready, portions):
    url, last = lived.connection.url, lived.connection.web3.eth.block_number
    ready(portions)

    here = [block for some in ahead.read(_reader(url, network), last) for block in some]
    there = [block for some in ahead.read_ahead(_reader(url, network), last) for block in some]

    assert there == here
    assert here[-1].number == last
    assert sum(len(block.followed) for block in here) > 40


def test_what_stops_the_reading_process_is_told(suite, network, ready):
    ready(0)
    url, last = suite.connection.url, suite.connection.web3.eth.block_number
    with FaultyNode(url) as node:
        node.plant("empty", "eth_getLogs", times=1_000)
        with pytest.raises(ChainError, match=r"told blocks \d+ to \d+ wrongly 14 times: not all"):
            list(ahead.read_ahead(_reader(node.url, network), last))
    ready(0)
    with pytest.raises(Forked):
        list(ahead.read_ahead(_reader(url, network, parent="0xother"), last))


@pytest.mark.parametrize("told", [b"", b"!", b"!" + pickle.dumps([["half", "an", "answer"]])[:-4]])
def test_a_reading_process_that_is_killed_is_told(suite, network, monkeypatch, ready, told):
    ready(0)
    start = f"import os; os.write(1, {told!r}); os.kill(os.getpid(), 9)"
    monkeypatch.setattr(ahead, "_START", start)
    with pytest.raises(ChainError, match="ended with status -9: run the same again"):
        list(ahead.read_ahead(_reader(suite.connection.url, network), 10))


def test_a_reading_process_ends_with_its_caller(lived, network, ready):
    ready(0)
    url, last = lived.connection.url, lived.connection.web3.eth.block_number
    before = _children()
    with closing(ahead.read_ahead(_reader(url, network), last)) as reading:
        next(reading)
        assert len(_children() - before) == 1
    assert _children() == before


# A reading process that has something to tell for ever.
_ENDLESS = """
import sys
sys.path = sys.argv[1:]
from zegel.index import ahead
ahead.read = lambda reader, goal: iter(lambda: bytes(10**6), None)
ahead.answer()
"""


def test_a_reading_process_does_not_survive_its_caller(network, monkeypatch, ready):
    ready(0)
    monkeypatch.setattr(ahead, "_START", _ENDLESS)
    told, tell = os.pipe()
    caller = os.fork()
    if caller == 0:
        # Whatever goes wrong, this copy of the tests' process runs no other test.
        try:
            reading = ahead.read_ahead(_reader("http://127.0.0.1:9", network), 10)
            next(reading)
            (child,) = _children()
            os.write(tell, str(child).encode())
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(tell)
    os.waitpid(caller, 0)
    child = int(os.read(told, 20))

    until = time.monotonic() + 20
    while _is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_running(child)


def _children() -> set[int]:
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
