"""A relay that is killed
├── at every point that the code names
├── at random moments, again and again
└── is replaced by another one: no message that was accepted is missing, none is doubled
"""

import re
from pathlib import Path

import pytest
from support.killing import KILLED, kill_at_random

import zegel.outbox
import zegel.relay

POINTS = sorted(
    name
    for package in (zegel.outbox, zegel.relay)
    for path in Path(package.__file__).parent.glob("*.py")
    for name in re.findall(
        r'crash_point\(f?"(?:relay|{box\.crashes})\.([^"]+)"\)', path.read_text()
    )
)
# They are passed before anything is sent.
BEFORE = ("accepting", "accepted")
# This one needs a transaction that is stuck: see test_stuck.
AGAIN = "signed again"


def test_the_points_are_the_ones_between_all_steps():
    assert POINTS == [
        "accepted",
        "accepting",
        "mined",
        "sending",
        "sent",
        "signed",
        AGAIN,
        "signing",
        "watched",
    ]


@pytest.mark.parametrize("passes", [1, 3])
@pytest.mark.parametrize("point", BEFORE)
def test_a_relay_that_is_killed_while_it_accepts_has_what_it_said(traffic, point, passes):
    work = traffic(4)

    assert work.accept_elsewhere(f"relay.{point}:{passes}") == KILLED

    known = passes - (point == "accepting")
    assert work.states() == ["accepted"] * known + ["unknown"] * (4 - known)
    # The wallet that heard nothing asks again.
    assert {receipt.state for receipt in work.accept()} == {"accepted"}
    work.check()


@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize("point", [each for each in POINTS if each not in (*BEFORE, AGAIN)])
def test_a_worker_that_is_killed_is_replaced(traffic, point, passes):
    work = traffic()
    work.accept()

    assert work.work(f"relay.{point}:{passes}") == KILLED

    work.check()


def test_workers_that_are_killed_at_random_are_replaced(traffic):
    work = traffic(60)
    work.accept()

    kill_at_random(lambda die: work.start(first=die, window=3, lease=0), 5, seed=1)
    work.check()


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_workers_are_killed_at_random(traffic, seed):
    work = traffic(500)
    work.accept()

    kill_at_random(lambda die: work.start(first=die, window=3, lease=0), 25, seed)
    work.check()


def test_a_point_that_was_sent_twice_would_be_seen(traffic):
    """The planted bug: the same member signs twice, for the same till."""
    work, other = traffic(2), traffic(2)
    work.accept()
    work.work_off()
    token = work.suite().token("SHOP")
    message, _ = other.signed[0]
    connection = token.w3
    sender = connection.eth.accounts[0]
    token.functions.award(message.values["to"], 1, b"".ljust(32)).transact({"from": sender})

    with pytest.raises(AssertionError):
        work.check()
