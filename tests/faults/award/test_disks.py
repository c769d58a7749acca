"""A database that has no room, or that stops
├── leaves the journal as it was before, and says so in one line
└── goes on when it has room, or runs, again
"""

import pytest
from sqlalchemy import event

from zegel.award import awarding
from zegel.errors import DatabaseFailed


def test_a_full_disk_at_every_point_leaves_nothing_half_done(job):
    """Every run gets a little more room than the one before, until one comes to its end."""
    work = job(300)
    failures = 0
    for pages in range(24, 400):
        if run_with(work, pages):
            break
        failures += 1
    assert failures > 5
    work.check()


def run_with(work, pages):
    """Whether a run in a file of so many pages comes to its end."""
    office = work.office(batch_rows=30)
    office.journal.database.engine.dispose()
    event.listen(
        office.journal.database.engine,
        "connect",
        lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages}"),
    )
    try:
        awarding.run(office, work.path)
    except DatabaseFailed as error:
        # SQLite counts the file as it is in a bound that is too low.
        return "database or disk is full: see that the database runs and has room" not in str(error)
    return True


def test_a_server_that_stops_at_once_goes_on_when_it_runs_again(job, postgres, postgres_url):
    if not postgres_url.startswith(postgres.url().partition("?")[0].rsplit("/", 1)[0]):
        pytest.skip("ZEGEL_TEST_POSTGRES names a server that is not ours to stop")
    work = job(12, postgres_url)
    office = work.office(window=1)
    awarding.enter(office, work.path)
    postgres.stop_at_once()
    try:
        with pytest.raises(DatabaseFailed, match="then run the same again"):
            awarding.run(office, work.path)
    finally:
        postgres.start()

    work.check()
