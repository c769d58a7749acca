"""Awarders open drops: any number of awards at once, for members to claim.

openDrop
  given a budget that covers its total
    it charges the budget and creates the points, which stand in the contract's account
    it ends with the epoch at the latest
    where points never expire, it ends when the awarder says
  given the caller is no awarder, or the budget is too small
    it is refused
  given the contract is no distributor of the token
    it is refused
  given the token has had a drop with this root
    it is refused, also when that one is over and closed
    for another token it is another drop
  given it would award nothing, or be over at once, or outlive the epoch
    it is refused
  given the program is paused
    it is refused

Spec: D1, D2, D3, D4
"""

import pytest
from support import roles
from support.clock import now, travel_to, utc
from support.deploying import BUDGET
from support.drops import EPOCH_END, tree
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import bytes32, lots, stored_lots

NEVER = 2**64 - 1


@pytest.fixture
def rows(member, other_member):
    """Two awards, of 500 and of 70."""
    return tree((member, 500), (other_member, 70))


def test_drop_stands_from_the_moment_that_it_is_opened(drop, points, rows, awarder):
    drop_id = rows.id(points)
    assert plain(drop.dropOf(drop_id)) == plain((ZERO, 0, 0, 0))

    tx = drop.openDrop(points, rows.root, 570, EPOCH_END, {"from": awarder})

    assert tx.return_value == drop_id == drop.dropIdOf(points, rows.root)
    assert plain(drop.dropOf(drop_id)) == plain((points, 570, EPOCH_END, 1))
    assert points.accountWord(drop) == lots(1, 570)
    assert stored_lots(points.supplyWord()) == lots(1, 570)
    assert points.budgetOf(awarder)["used"] == 570
    assert_events(
        tx,
        (drop, "DropOpened", drop_id, points, awarder, rows.root, 570, EPOCH_END),
        (points, "Transfer", ZERO, drop, 570),
        (points, "Awarded", awarder, drop, drop_id, 570),
    )


def test_drop_may_end_at_once_after_its_second(drop, points, rows, awarder):
    drop.openDrop(points, rows.root, 570, now() + 1, {"from": awarder})

    assert drop.dropOf(rows.id(points))["claimableUntil"] == now() + 1


def test_drop_that_outlives_its_epoch_is_refused(drop, points, rows, awarder):
    with refused("DropOutlivesEpoch", EPOCH_END + 1, EPOCH_END):
        drop.openDrop(points, rows.root, 570, EPOCH_END + 1, {"from": awarder})

    travel_to(EPOCH_END)
    next_end = utc(2026, 7, 1)
    drop.openDrop(points, rows.root, 570, next_end, {"from": awarder})

    assert plain(drop.dropOf(rows.id(points))) == plain((points, 570, next_end, 2))


@pytest.mark.parametrize(
    ("months", "lifetime", "end"), [(1, 1, utc(2026, 3, 1)), (12, 3, utc(2027, 1, 1))]
)
def test_epochs_of_every_length_bound_their_drops(
    drop, distributing, rows, awarder, months, lifetime, end
):
    token = distributing("LONG", months=months, lifetime=lifetime)

    with refused("DropOutlivesEpoch", end + 1, end):
        drop.openDrop(token, rows.root, 570, end + 1, {"from": awarder})
    drop.openDrop(token, rows.root, 570, end, {"from": awarder})

    assert drop.dropOf(rows.id(token))["claimableUntil"] == end


def test_drop_of_points_that_never_expire_ends_when_the_awarder_says(
    drop, distributing, rows, awarder, member
):
    token = distributing("EVER", months=0, lifetime=1)

    drop.openDrop(token, rows.root, 570, 2**32 - 1, {"from": awarder})

    assert plain(token.expiries(drop)) == ((NEVER, 570),)
    travel_to(2**32 - 2)
    drop.claim(rows.id(token), rows.rows[0], rows.proof(0), {"from": member})
    assert token.balanceOf(member) == 500


def test_drop_without_a_budget_is_refused(drop, points, rows, outsider):
    with refused("NotAwarder", outsider):
        drop.openDrop(points, rows.root, 570, EPOCH_END, {"from": outsider})


def test_drop_beyond_the_budget_is_refused(drop, points, rows, awarder, member):
    points.award(member, BUDGET - 569, bytes32("a gift"), {"from": awarder})

    with refused("BudgetExceeded", awarder, 570, 569):
        drop.openDrop(points, rows.root, 570, EPOCH_END, {"from": awarder})


def test_drop_of_a_token_that_does_not_let_it_distribute_is_refused(
    drop, create_program, rows, awarder
):
    token = create_program("ALONE")

    with refused("AccessControlUnauthorizedAccount", drop, roles.DISTRIBUTOR):
        drop.openDrop(token, rows.root, 570, EPOCH_END, {"from": awarder})


def test_same_root_is_opened_once_for_each_token(drop, points, distributing, rows, awarder):
    drop.openDrop(points, rows.root, 570, now() + 60, {"from": awarder})
    with refused("DropAlreadyOpened", rows.id(points)):
        drop.openDrop(points, rows.root, 1, EPOCH_END, {"from": awarder})

    travel_to(now() + 60)
    drop.closeDrop(rows.id(points), {"from": awarder})
    with refused("DropAlreadyOpened", rows.id(points)):
        drop.openDrop(points, rows.root, 570, EPOCH_END, {"from": awarder})

    rail = distributing("RAIL")
    drop.openDrop(rail, rows.root, 570, EPOCH_END, {"from": awarder})
    assert plain(drop.dropOf(rows.id(rail))) == plain((rail, 570, EPOCH_END, 1))
    assert drop.dropOf(rows.id(points))["remaining"] == 0


def test_empty_drop_is_refused(drop, points, rows, awarder):
    with refused("DropEmpty"):
        drop.openDrop(points, rows.root, 0, EPOCH_END, {"from": awarder})


@pytest.mark.parametrize("late", [0, 1])
def test_drop_that_is_over_is_refused(drop, points, rows, awarder, late):
    until = now() - late

    with refused("DropOver", rows.id(points), until):
        drop.openDrop(points, rows.root, 570, until, {"from": awarder})


def test_paused_program_opens_no_drop(drop, points, rows, awarder, guardian):
    points.pause({"from": guardian})

    with refused("ProgramPaused"):
        drop.openDrop(points, rows.root, 570, EPOCH_END, {"from": awarder})
