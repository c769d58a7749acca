"""one writer at a time
├── a second one is told who writes, and for how long
├── a killed writer is replaced when its lease is over, by the next in a new term
├── and is refused if it comes back to life: nothing of its transaction stands
├── a writer that renews stays
└── one that resigns is followed at once
"""

import pytest
from sqlalchemy import insert, select
from support.indexing import quick
from support.manual_clock import ManualClock

from zegel.errors import NotWriter
from zegel.index import schema
from zegel.index.electing import Writer


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        found = quick(str(tmp_path / "index.db"))
    else:
        found = quick(request.getfixturevalue("postgres_url"))
    with found.writing() as connection:
        schema.tables.create_all(connection)
    return found


@pytest.fixture
def clock():
    return ManualClock(1_000)


def _row(number: int) -> dict:
    return {"number": number, "hash": f"0x{number}", "parent": "0x", "timestamp": 0}


def _numbers(database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(select(schema.blocks.c.number)).scalars())


def test_a_second_writer_is_told_who_writes(database, clock):
    Writer(database, clock=clock, holder="first").elect()

    with pytest.raises(NotWriter, match=r"is written by first for 30 more seconds: stop it"):
        Writer(database, clock=clock).elect()


def test_a_killed_writer_is_replaced(database, clock):
    first, second = Writer(database, clock=clock), Writer(database, clock=clock)
    first.elect()
    clock.now += 30

    second.elect()

    assert second.term == first.term + 1


def test_a_writer_of_an_old_term_is_refused(database, clock):
    first, second = Writer(database, clock=clock), Writer(database, clock=clock)
    first.elect()
    clock.now += 30
    second.elect()

    with pytest.raises(NotWriter, match="has another writer since term 1"), first.writing():
        raise AssertionError("got so far")
    with second.writing() as connection:
        connection.execute(insert(schema.blocks).values(_row(1)))

    assert _numbers(database) == [1]


def test_a_writer_that_fails_leaves_nothing(database, clock):
    writer = Writer(database, clock=clock)
    writer.elect()

    with pytest.raises(ZeroDivisionError):
        _fail(writer)

    assert _numbers(database) == []


def _fail(writer: Writer) -> None:
    with writer.writing() as connection:
        connection.execute(insert(schema.blocks).values(_row(1)))
        raise ZeroDivisionError


def test_writing_renews_the_lease(database, clock):
    first, second = Writer(database, clock=clock), Writer(database, clock=clock)
    first.elect()
    for _ in range(5):
        clock.now += 20
        with first.writing():
            pass

    with pytest.raises(NotWriter):
        second.elect()


def test_waiting_renews_the_lease(database, clock):
    first, second = Writer(database, clock=clock), Writer(database, clock=clock)
    first.elect()
    for _ in range(5):
        clock.now += 20
        first.renew()

    with pytest.raises(NotWriter):
        second.elect()


def test_a_writer_that_resigns_is_followed_at_once(database, clock):
    first, second = Writer(database, clock=clock), Writer(database, clock=clock)
    first.elect()
    first.resign()

    second.elect()

    assert second.term == 2
