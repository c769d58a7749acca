"""A worker that is killed
├── at every point that the code names
├── at random moments, again and again
└── is replaced by another one: no award is missing, none is doubled
"""

import re
from pathlib import Path

import pytest
from support.killing import KILLED, kill_at_random

import zegel.award
import zegel.outbox
from zegel.award import awarding

POINTS = sorted(
    "award." + name
    for package in (zegel.award, zegel.outbox)
    for path in Path(package.__file__).parent.glob("*.py")
    for name in re.findall(
        r'crash_point\(f?"(?:award|{box\.crashes})\.([^"]+)"\)', path.read_text()
    )
)
# This one needs a transaction that is stuck: see test_stuck.
AGAIN = "award.signed again"


def test_the_points_are_the_ones_between_all_steps():
    assert POINTS == [
        "award.entered",
        "award.entering",
        "award.mined",
        "award.sending",
        "award.sent",
        "award.signed",
        AGAIN,
        "award.signing",
        "award.watched",
    ]


@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize("point", [point for point in POINTS if point != AGAIN])
def test_a_worker_that_is_killed_is_replaced(job, point, passes):
    work = job()
    once = point in ("award.entering", "award.entered", "award.watched")
    if once and passes == 2:
        # Passed once in a run: the worker comes to its end, and the next one is killed.
        passes = 1
        work.work(point)

    killed = work.work(f"{point}:{passes}", window=2)

    assert killed == KILLED or once
    work.check()


def test_workers_that_are_killed_at_random_are_replaced(job):
    work = job(240)

    kill_at_random(lambda die: work.start(first=die, window=3), 6, seed=1)
    work.check()


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_workers_are_killed_at_random(job, seed):
    work = job(900)

    kill_at_random(lambda die: work.start(first=die, window=3), 25, seed)
    work.check()


def test_an_award_that_was_made_twice_would_be_seen(job):
    """The planted bug: the same rows, cut otherwise, in another journal."""
    work = job(6)
    awarding.run(work.office(), work.path)
    other = work.path.with_name("other.db")
    awarding.run(work.town.office(f"sqlite:///{other}", batch_rows=2), work.path)

    with pytest.raises(AssertionError):
        work.check()
