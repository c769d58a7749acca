"""databases among faults
├── a full disk stops the index in one line; with room again it goes on
└── a PostgreSQL that is stopped at once, in the middle of the work, too
"""

import os

import pytest
from faults.lives import Life, Town
from sqlalchemy import event
from support.indexing import BRISK, lines, quick

from zegel.errors import DatabaseFailed
from zegel.index import following
from zegel.index.database import Database
from zegel.index.electing import Writer
from zegel.index.following import catch_up


def _read_on(town: Town, database: Database) -> None:
    catch_up(town.url, town.about, database, patience=BRISK, writer=Writer(database, lease=0))


@pytest.fixture
def fresh(town: Town, tmp_path):
    """What an index holds that nothing happened to."""
    Life(town, 1).act(30)
    database = quick(str(tmp_path / "fresh.db"))
    _read_on(town, database)
    return lines(database)


def test_a_full_disk_stops_it_and_room_lets_it_go_on(town: Town, fresh, tmp_path):
    database = quick(str(tmp_path / "index.db"))
    pages = [6]

    @event.listens_for(database.engine, "checkout")
    def limit(connection, *_) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    told = []
    while len(told) < 100:
        try:
            _read_on(town, database)
            break
        except DatabaseFailed as failure:
            told.append(str(failure))
            pages[0] += 6

    assert len(told) >= 3
    assert all(": database or disk is full: see that" in text for text in told)
    assert lines(database) == fresh


@pytest.mark.skipif(
    "ZEGEL_TEST_POSTGRES" in os.environ, reason="stops the server, which is not ours to stop"
)
def test_a_postgresql_that_is_stopped_at_once_loses_nothing(
    town: Town, fresh, postgres, monkeypatch
):
    from support.postgres import new_database

    points = ["index.projected", "index.written", "index.committed"]
    # What is lost at each of them: all, all, and nothing but the rest.
    monkeypatch.setattr(following, "_EVENTS_AT_ONCE", 10)

    def power_cut(point: str) -> None:
        if points and point == points[0]:
            points.pop(0)
            postgres.stop_at_once()

    monkeypatch.setattr(following, "crash_point", power_cut)
    with new_database(postgres.url()) as url:
        while points:
            with pytest.raises(DatabaseFailed):
                _read_on(town, Database(url))
            postgres.start()
        database = Database(url)
        _read_on(town, database)

        assert lines(database) == fresh
        database.engine.dispose()
