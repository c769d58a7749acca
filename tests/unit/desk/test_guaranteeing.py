"""Issuers say what they stand in for.

constructor
  the offline window lies between an hour and thirty days
setGuarantee
  the default admin sets the most for one member, and how many shared purses may be open
  given less than the limits sum to, or fewer purses than are open
    it is refused
setLimit
  a higher limit holds at once
  a lower one is announced, holds twice the window later, and is free for others twice the window
  later still
  given the limits would sum to more than the guarantee for a member
    it is refused
both
  given somebody else, or an unknown token
    they are refused

Spec: O20, O21, O26
"""

import pytest
from support.clock import DAY, HOUR, now
from support.desk import NOTICE, WINDOW
from support.errors import refused
from support.events import assert_events
from support.market import fields


@pytest.fixture
def limit_of(guaranteed, desk):
    return lambda merchant: fields(desk.limitOf(guaranteed, merchant))


def test_window_is_bounded(registry, exchange, passkeys, deployer, OfflineDesk):
    for window in (0, HOUR - 1, 30 * DAY + 1):
        with refused("WindowOutOfBounds", window, HOUR, 30 * DAY):
            OfflineDesk.deploy(registry, exchange, passkeys, window, {"from": deployer})
    for window in (HOUR, 30 * DAY):
        desk = OfflineDesk.deploy(registry, exchange, passkeys, window, {"from": deployer})
        assert desk.offlineWindow() == window


def test_desk_knows_its_network(desk, registry, exchange, passkeys):
    assert desk.registry() == registry
    assert desk.exchange() == exchange
    assert desk.passkeys() == passkeys
    assert desk.offlineWindow() == WINDOW
    assert (desk.MIN_WINDOW(), desk.MAX_WINDOW()) == (HOUR, 30 * DAY)


def test_wallets_learn_the_desks_domain(desk):
    _, name, version, chain_id, contract, _, _ = desk.eip712Domain()

    assert (name, version, chain_id, contract) == ("Zegel Desk", "1", 31337, desk.address)


def test_admin_sets_the_guarantee(points, desk, issuer):
    tx = desk.setGuarantee(points, 100, 2, {"from": issuer})

    assert tx.return_value is None
    assert fields(desk.guaranteeOf(points)) == (100, 0, 2, 0)
    assert_events(tx, (desk, "GuaranteeSet", points, 100, 2))


def test_guarantee_covers_the_limits_and_the_open_purses(guaranteed, desk, hold, issuer):
    hold(1)

    with refused("LimitsExceedGuarantee", guaranteed, 100, 99):
        desk.setGuarantee(guaranteed, 99, 1, {"from": issuer})
    with refused("GuaranteeInUse", guaranteed, 1, 0):
        desk.setGuarantee(guaranteed, 100, 0, {"from": issuer})
    desk.setGuarantee(guaranteed, 100, 1, {"from": issuer})

    assert fields(desk.guaranteeOf(guaranteed)) == (100, 100, 1, 1)


def test_higher_limit_holds_at_once(points, desk, issuer, merchant):
    desk.setGuarantee(points, 100, 2, {"from": issuer})

    tx = desk.setLimit(points, merchant, 60, {"from": issuer})

    assert tx.return_value is None
    assert fields(desk.limitOf(points, merchant)) == (60, 60, 0)
    assert desk.guaranteeOf(points)["limits"] == 60
    assert_events(tx, (desk, "LimitSet", points, merchant, 60, 60, 0))


def test_limits_stay_within_the_guarantee(guaranteed, desk, issuer, merchant, outsider):
    with refused("LimitsExceedGuarantee", guaranteed, 101, 100):
        desk.setLimit(guaranteed, merchant, 61, {"from": issuer})
    with refused("LimitsExceedGuarantee", guaranteed, 101, 100):
        desk.setLimit(guaranteed, outsider, 1, {"from": issuer})
    with refused("LimitsExceedGuarantee", guaranteed, 2**64 - 1 + 40, 100):
        desk.setLimit(guaranteed, merchant, 2**64 - 1, {"from": issuer})


def test_lower_limit_is_announced(guaranteed, desk, limit_of, issuer, merchant):
    tx = desk.setLimit(guaranteed, merchant, 10, {"from": issuer})

    in_force = now() + NOTICE
    assert limit_of(merchant) == (60, 10, in_force)
    assert desk.guaranteeOf(guaranteed)["limits"] == 100
    assert_events(tx, (desk, "LimitSet", guaranteed, merchant, 60, 10, in_force))


def test_what_a_lower_limit_leaves_is_free_twice_the_notice_later(
    guaranteed, desk, limit_of, clock, issuer, merchant, other_merchant
):
    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})
    free_at = now() + 2 * NOTICE
    clock(free_at)

    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})
    desk.setLimit(guaranteed, other_merchant, 90, {"from": issuer})

    assert limit_of(merchant) == (10, 10, 0)
    assert limit_of(other_merchant) == (90, 90, 0)
    assert desk.guaranteeOf(guaranteed)["limits"] == 100


def test_lower_limit_that_is_called_too_early_waits_anew(
    guaranteed, desk, limit_of, clock, issuer, merchant
):
    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})
    clock(now() + 2 * NOTICE - 1)

    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})

    assert limit_of(merchant) == (60, 10, now() + NOTICE)
    assert desk.guaranteeOf(guaranteed)["limits"] == 100


def test_announced_limit_is_taken_back(guaranteed, desk, limit_of, issuer, merchant):
    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})

    desk.setLimit(guaranteed, merchant, 60, {"from": issuer})

    assert limit_of(merchant) == (60, 60, 0)


def test_limit_is_lowered_step_by_step(guaranteed, desk, limit_of, clock, issuer, merchant):
    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})
    clock(now() + 2 * NOTICE)

    desk.setLimit(guaranteed, merchant, 5, {"from": issuer})

    assert limit_of(merchant) == (10, 5, now() + NOTICE)
    assert desk.guaranteeOf(guaranteed)["limits"] == 50


@pytest.mark.parametrize("function", ["setGuarantee", "setLimit"])
def test_others_set_nothing(points, settlement, desk, issuer, guardian, merchant, function):
    arguments = {"setGuarantee": (5, 5), "setLimit": (merchant, 5)}[function]

    with refused("NotAdmin", guardian, points):
        getattr(desk, function)(points, *arguments, {"from": guardian})
    with refused("ProgramUnknown", settlement):
        getattr(desk, function)(settlement, *arguments, {"from": issuer})
