"""Several workers with one journal
├── share a file, whether they send from one account or from two
└── meet the same file ten times at once
"""

import pytest
from support.killing import finish


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request, tmp_path):
    """A journal's address, once of each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.mark.parametrize("keys", [(0, 0), (0, 1)])
def test_workers_share_a_file(job, shared, keys):
    work = job(60, shared)

    workers = [work.start(key=key, window=2) for key in keys]

    assert [finish(worker) for worker in workers] == [0] * len(keys)
    work.check()


def test_a_file_that_is_sent_ten_times_at_once_is_awarded_once(job, shared):
    work = job(12, shared)

    workers = [work.start(key=number % 2) for number in range(10)]

    assert [finish(worker) for worker in workers] == [0] * 10
    work.check()


def test_one_of_two_workers_is_killed(job, shared):
    work = job(60, shared)

    other = work.start(key=0, window=2)
    work.work("award.signed:2", key=0, window=2)

    assert finish(other) == 0
    work.check()
