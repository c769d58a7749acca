"""Points in purses expire as they would have with the member.

given a generation in a purse expires
  from that second on it pays nothing, and is announced once when the purse is next touched
  what is younger stays
  the token's own books say the same
given points never expire
  they do not in purses either

Spec: O2, O4, O10, O19
"""

import pytest
from support.clock import now, utc
from support.desk import GUARANTEED, NOTICE
from support.events import ZERO, assert_events, events_of
from support.words import bytes32, lots, stored_lots

EVER = 2**256 - 1
GIFT = bytes32("a gift")

# When what was awarded at the beginning is gone.
GONE = utc(2027)


@pytest.fixture
def purse(points, hold, clock, awarder, member, merchant):
    """A purse of 300 of the first quarter and 50 of the second."""
    hold(300, merchant)
    clock(utc(2026, 5))
    points.award(member, 50, GIFT, {"from": awarder})
    points.redeem(700, GIFT, {"from": member})
    hold(50, merchant)


def announced(tx):
    return [event[2:] for event in events_of(tx) if event[1] in ("PurseExpired", "Expired")]


def test_points_in_a_purse_pay_to_their_last_second(points, purse, shop, clock, member, merchant):
    clock(GONE - 1)

    shop.settle(shop.promise(member, 350, until=EVER))

    assert points.balanceOf(merchant) == 350
    assert not points.isFrozen(member)


def test_expired_points_pay_nothing(points, desk, purse, shop, clock, member, merchant, till):
    voucher = shop.promise(member, 50, until=EVER)
    clock(GONE)

    tx = shop.settle(voucher)

    assert points.balanceOf(merchant) == 50
    assert desk.purseWord(points, member, merchant) == lots(5)
    assert_events(
        tx,
        (desk, "PurseExpired", points, member, merchant, 300),
        (desk, "VoucherSettled", points, member, merchant, till, 0, 50, False),
        (points, "Transfer", desk, ZERO, 300),
        (points, "Expired", desk, 300),
        (points, "Transfer", desk, merchant, 50),
        (desk, "SettlementMade", points, merchant, till, 50, ZERO, 0),
    )


def test_expiry_is_announced_once(points, desk, purse, shop, clock, member, merchant):
    clock(utc(2027, 4))
    vouchers = [shop.promise(member, 0, serial=n) for n in (0, 1)]

    tx = shop.settle(*vouchers)

    assert announced(tx) == [(points.address, member.address, merchant.address, 350)]
    assert desk.purseWord(points, member, merchant) == lots(6)
    assert not points.isFrozen(member)


def test_promise_that_outlives_the_points_is_overspent(
    points, desk, purse, shop, clock, member, merchant
):
    voucher = shop.promise(member, 51, until=EVER)
    clock(GONE)

    shop.settle(voucher)

    assert points.balanceOf(merchant) == 50
    assert points.isFrozen(member)


def test_hold_and_return_announce_what_expired(
    points, desk, purse, hold, clock, awarder, member, merchant
):
    clock(GONE)
    points.award(member, 9, GIFT, {"from": awarder})
    held = hold(9, merchant)
    desk.release(points, merchant, {"from": member})
    clock(utc(2027, 4))
    returned = desk.returnPurse(points, member, merchant, {"from": member})

    assert announced(held) == [
        (points.address, member.address, merchant.address, 300),
        (desk.address, 300),
    ]
    assert announced(returned) == [
        (points.address, member.address, merchant.address, 50),
        (desk.address, 50),
    ]
    assert stored_lots(points.accountWord(member)) == lots(6, 0, 9)


def test_shared_purse_stays_open_when_all_is_gone(guaranteed, desk, hold, shop, clock, member):
    hold(300)
    clock(GONE)

    shop.settle(shop.promise(member, 0, shared=True))

    assert desk.purseWord(guaranteed, member, ZERO) == lots(5) | GUARANTEED
    assert desk.guaranteeOf(guaranteed)["open"] == 1


def test_purse_of_ever_lasting_points_lasts(
    create_program, desk, hold, shop, clock, awarder, member, merchant
):
    token = create_program("EVER", months=0)
    token.award(member, 300, GIFT, {"from": awarder})
    hold(300, merchant, token=token)
    stand = type(shop)(desk, token, merchant, shop.till)
    voucher = stand.promise(member, 100, until=EVER)
    clock(utc(2120))

    assert desk.spendable(token, member, merchant, now() + NOTICE) == 300
    tx = stand.settle(voucher)

    assert announced(tx) == []
    assert token.balanceOf(merchant) == 100
    assert desk.purseWord(token, member, merchant) == lots(1, 200)
