"""Drops end; what nobody has claimed is destroyed, and no drop hands out another one's points.

closeDrop
  given the drop is over
    it destroys what nobody has claimed, whoever calls it
    it leaves the points of other drops
    an epoch later, it destroys what is left of all drops of that epoch
    when the points have expired, it says so and destroys none
  given the drop can still be claimed, there is none, or nothing is unclaimed
    it is refused
  given the program is paused
    it is refused, and can be done later
clear
  given older points in the contract's account, of drops that are over or sent by somebody
    it destroys them, and no others
  given there are none
    it does nothing
two drops across the end of an epoch
  each claim gives points of its own drop's generation, and every one is covered
  when the later one is opened, what the earlier one left is destroyed

Spec: D3, D7, D11
"""

import pytest
from support.clock import now, travel_to, utc
from support.drops import EPOCH_END
from support.errors import refused
from support.events import ZERO, assert_events
from support.words import bytes32, lots

NEXT_END = utc(2026, 7, 1)
OLD = bytes32("old points of drops")


@pytest.fixture
def opened(open_drop, member, other_member):
    return open_drop((member, 500), (other_member, 70))


# closeDrop


def test_close_destroys_what_nobody_claimed(points, drop, open_drop, member, merchant, outsider):
    short = open_drop((member, 500), (merchant, 70), until=now() + 60)
    long = open_drop((member, 8), label="long")
    short.claim(1, merchant)
    travel_to(now() + 60)

    tx = drop.closeDrop(short.id, {"from": outsider})

    assert tx.return_value is None
    assert short.remaining == 0
    assert points.balanceOf(drop) == long.remaining == 8
    assert points.totalSupply() == 78
    assert_events(
        tx,
        (drop, "DropClosed", short.id, 500),
        (points, "Transfer", drop, ZERO, 500),
        (points, "Redeemed", drop, short.id, 500, lots(1, 500)),
    )
    long.claim(0, member)


def test_close_an_epoch_later_destroys_all_that_is_left(
    points, drop, opened, open_drop, merchant, outsider
):
    other = open_drop((merchant, 8), label="other")
    travel_to(EPOCH_END)

    tx = drop.closeDrop(opened.id, {"from": outsider})

    assert points.balanceOf(drop) == points.totalSupply() == 0
    assert_events(
        tx,
        (drop, "DropClosed", opened.id, 570),
        (drop, "OldPointsCleared", points, 578),
        (points, "Transfer", drop, ZERO, 578),
        (points, "Redeemed", drop, OLD, 578, lots(2, 0, 578)),
    )
    assert_events(drop.closeDrop(other.id, {"from": outsider}), (drop, "DropClosed", other.id, 8))


def test_close_after_the_points_expired_destroys_none(points, drop, opened, outsider):
    travel_to(utc(2027, 1, 1))

    tx = drop.closeDrop(opened.id, {"from": outsider})

    assert opened.remaining == points.totalSupply() == 0
    assert_events(tx, (drop, "DropClosed", opened.id, 570))


def test_drop_that_is_not_over_is_not_closed(drop, opened, outsider):
    travel_to(EPOCH_END - 1)

    with refused("DropNotOver", opened.id, EPOCH_END):
        drop.closeDrop(opened.id, {"from": outsider})


def test_unknown_drop_is_not_closed(drop, outsider):
    with refused("DropUnknown", OLD):
        drop.closeDrop(OLD, {"from": outsider})


def test_drop_is_closed_once(drop, opened, outsider):
    travel_to(EPOCH_END)
    drop.closeDrop(opened.id, {"from": outsider})

    with refused("NothingUnclaimed", opened.id):
        drop.closeDrop(opened.id, {"from": outsider})


def test_drop_of_which_all_was_claimed_needs_no_closing(
    drop, opened, member, other_member, outsider
):
    opened.claim(0, member)
    opened.claim(1, other_member)
    travel_to(EPOCH_END)

    with refused("NothingUnclaimed", opened.id):
        drop.closeDrop(opened.id, {"from": outsider})


@pytest.mark.parametrize("later", [60, EPOCH_END - utc(2026, 2, 11)])
def test_drop_is_closed_after_the_pause(
    points, drop, open_drop, guardian, issuer, member, outsider, later
):
    opened = open_drop((member, 500), until=now() + 60)
    travel_to(now() + later)
    points.pause({"from": guardian})
    with refused("ProgramPaused"):
        drop.closeDrop(opened.id, {"from": outsider})

    points.unpause({"from": issuer})
    drop.closeDrop(opened.id, {"from": outsider})

    assert points.totalSupply() == 0


# clear


def test_clear_destroys_points_that_somebody_sent(
    points, drop, open_drop, awarder, member, other_member, outsider
):
    points.award(other_member, 30, OLD, {"from": awarder})
    travel_to(EPOCH_END)
    opened = open_drop((member, 500), until=NEXT_END)
    points.transfer(drop, 30, {"from": other_member})
    assert points.accountWord(drop) == lots(2, 500, 30)

    tx = drop.clear(points, {"from": outsider})

    assert tx.return_value is None
    assert points.accountWord(drop) == lots(2, 500)
    assert_events(
        tx,
        (drop, "OldPointsCleared", points, 30),
        (points, "Transfer", drop, ZERO, 30),
        (points, "Redeemed", drop, OLD, 30, lots(2, 0, 30)),
    )
    opened.claim(0, member)
    assert points.accountWord(member) == lots(2, 500)


def test_clear_leaves_points_of_open_drops(points, drop, opened, outsider):
    tx = drop.clear(points, {"from": outsider})

    assert points.balanceOf(drop) == opened.remaining == 570
    assert_events(tx)


def test_clear_of_points_that_expired_does_nothing(points, drop, opened, outsider):
    travel_to(utc(2027, 1, 1))

    assert_events(drop.clear(points, {"from": outsider}))


# two drops across the end of an epoch


def test_claims_give_the_generation_of_their_drop(
    points, drop, open_drop, awarder, member, other_member, merchant
):
    early = open_drop((member, 500), (other_member, 70))
    early.claim(0, member)
    travel_to(EPOCH_END)

    late = open_drop((member, 5), (merchant, 7), until=NEXT_END, label="late")

    # What the early drop left went when the late one was opened: were it still there, the first to
    # claim would get points that expire a quarter before those they were awarded.
    assert points.accountWord(drop) == lots(2, 12)
    late.claim(1, merchant)
    late.claim(0, member)
    assert points.accountWord(member) == lots(2, 5, 500)
    assert points.accountWord(merchant) == lots(2, 7)
    assert points.balanceOf(drop) == late.remaining == 0
    with refused("DropOver", early.id, EPOCH_END):
        early.claim(1, other_member)


def test_closing_the_early_drop_leaves_the_late_one_whole(
    points, drop, open_drop, member, other_member, outsider
):
    early = open_drop((other_member, 70))
    travel_to(EPOCH_END)
    late = open_drop((member, 500), until=NEXT_END, label="late")

    drop.closeDrop(early.id, {"from": outsider})
    drop.clear(points, {"from": outsider})

    assert points.balanceOf(drop) == late.remaining == 500
    travel_to(NEXT_END - 1)
    late.claim(0, member)
    assert points.accountWord(member) == lots(2, 500)


def test_what_a_drop_left_is_told_when_the_next_one_is_opened(
    points, drop, open_drop, awarder, member
):
    open_drop((member, 70))
    travel_to(EPOCH_END)
    late = open_drop((member, 5), until=NEXT_END, label="late")
    rows = late.tree
    travel_to(NEXT_END)

    again = type(rows)(tuple((*row[:2], 9, *row[3:]) for row in rows.rows))
    tx = drop.openDrop(points, again.root, 9, utc(2026, 10, 1), {"from": awarder})

    drop_id = again.id(points)
    assert_events(
        tx,
        (drop, "DropOpened", drop_id, points, awarder, again.root, 9, utc(2026, 10, 1)),
        (drop, "OldPointsCleared", points, 5),
        (points, "Transfer", drop, ZERO, 5),
        (points, "Redeemed", drop, OLD, 5, lots(3, 0, 5)),
        (points, "Transfer", ZERO, drop, 9),
        (points, "Awarded", awarder, drop, drop_id, 9),
    )
