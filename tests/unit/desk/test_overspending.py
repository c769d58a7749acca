"""Members promise more than they have set aside.

settle
  given a shared purse is short
    new points pay what is missing, up to the merchant's limit and the guarantee for one member
    the member owes them, and is frozen
    the rest is paid by nobody, and an event says so
  given a merchant's own purse is short, or a shared purse that was never opened
    nothing but the purse pays; the member is frozen
  given the member is frozen already
    it is not announced again
the guarantee
  merchants have their shares until the member, free of debt and not frozen, holds again
  neither paying a debt nor giving it up makes room for more
  limits change while vouchers are under way, and what a till may count on is paid
debts
  anyone repays them, in parts, with points that are destroyed
  the default admin writes them off
  given nothing, more than is owed, or no leave to take the points
    it is refused
  whoever owes something opens and adds to no shared purse
  the member stays frozen until a freezer ends that

Spec: O3, O16, O18, O19, O21, O22, O23
"""

import pytest
from support.clock import now
from support.desk import NOTICE
from support.errors import refused
from support.events import ZERO, assert_events, events_of, plain
from support.words import bytes32, lots

WHY = bytes32("has paid")
REASON = bytes32("overspent")


@pytest.fixture
def purse(guaranteed, hold):
    """A shared purse of 300."""
    hold(300)


@pytest.fixture
def redeemed(guaranteed, desk, purse, shop, freezer, member):
    """A member who owed 60, which was written off or repaid by `clear`, and is not frozen."""

    def clear(way):
        shop.settle(shop.promise(member, 360, serial=100, shared=True))
        way()
        guaranteed.unfreeze(member, WHY, {"from": freezer})

    return clear


def overspent(tx):
    """Per voucher that was short: what the guarantee paid, and what nobody did."""
    return [event[-2:] for event in events_of(tx) if event[1] == "Overspent"]


def test_guarantee_pays_what_is_missing(guaranteed, desk, purse, shop, member, merchant, till):
    tx = shop.settle(shop.promise(member, 350, shared=True))

    assert plain(tx.return_value) == (350, 0)
    assert guaranteed.balanceOf(merchant) == 350
    assert guaranteed.totalSupply() == 1_050
    assert desk.debtOf(guaranteed, member) == 50
    assert guaranteed.isFrozen(member)
    assert_events(
        tx,
        (desk, "VoucherSettled", guaranteed, member, merchant, till, 0, 350, True),
        (desk, "Overspent", guaranteed, member, merchant, 0, 50, 0),
        (guaranteed, "Transfer", ZERO, merchant, 50),
        (guaranteed, "Guaranteed", member, merchant, 50),
        (guaranteed, "Frozen", desk, member, REASON),
        (guaranteed, "Transfer", desk, merchant, 300),
        (desk, "SettlementMade", guaranteed, merchant, till, 350, ZERO, 0),
    )


def test_guarantee_pays_up_to_the_merchants_limit(guaranteed, desk, purse, shop, member, merchant):
    tx = shop.settle(shop.promise(member, 400, shared=True))

    assert overspent(tx) == [(60, 40)]
    assert guaranteed.balanceOf(merchant) == 360
    assert desk.debtOf(guaranteed, member) == 60


def test_limit_holds_for_all_vouchers_of_a_member(
    guaranteed, desk, purse, shop, member, merchant, till
):
    tx = shop.settle(*(shop.promise(member, 100, serial=n, shared=True) for n in range(5)))
    later = shop.settle(shop.promise(member, 1, serial=5, shared=True))

    assert overspent(tx) == [(60, 40), (0, 100)]
    assert overspent(later) == [(0, 1)]
    assert_events(
        later,
        (desk, "VoucherSettled", guaranteed, member, merchant, till, 5, 1, True),
        (desk, "Overspent", guaranteed, member, merchant, 5, 0, 1),
        (guaranteed, "Transfer", ZERO, merchant, 0),
        (guaranteed, "Guaranteed", member, merchant, 0),
        (desk, "SettlementMade", guaranteed, merchant, till, 0, ZERO, 0),
    )


def test_each_merchant_has_its_own_limit(guaranteed, desk, purse, shop, bakery, member):
    first = shop.settle(shop.promise(member, 360, shared=True))
    second = bakery.settle(bakery.promise(member, 70, shared=True))

    assert overspent(first) == [(60, 0)]
    assert overspent(second) == [(40, 30)]
    assert desk.debtOf(guaranteed, member) == 100


def test_each_member_has_a_guarantee(
    guaranteed, desk, purse, shop, hold, awarder, member, other_member
):
    guaranteed.award(other_member, 10, WHY, {"from": awarder})
    hold(10, by=other_member)

    tx = shop.settle(
        shop.promise(member, 360, shared=True),
        shop.promise(other_member, 70, serial=1, shared=True),
    )

    assert overspent(tx) == [(60, 0), (60, 0)]
    assert desk.debtOf(guaranteed, member) == desk.debtOf(guaranteed, other_member) == 60


def test_merchant_without_a_limit_gets_what_the_purse_holds(
    guaranteed, desk, purse, shop, member, outsider
):
    stall = type(shop)(desk, guaranteed, outsider, outsider)

    tx = stall.settle(stall.promise(member, 301, shared=True))

    assert overspent(tx) == [(0, 1)]
    assert guaranteed.balanceOf(outsider) == 300
    assert desk.debtOf(guaranteed, member) == 0
    assert guaranteed.isFrozen(member)


def test_merchants_own_purse_is_not_guaranteed(
    guaranteed, desk, purse, hold, shop, member, merchant, till
):
    hold(10, merchant)

    tx = shop.settle(shop.promise(member, 11))

    assert guaranteed.balanceOf(merchant) == 10
    assert desk.debtOf(guaranteed, member) == 0
    assert_events(
        tx,
        (desk, "VoucherSettled", guaranteed, member, merchant, till, 0, 11, False),
        (desk, "Overspent", guaranteed, member, merchant, 0, 0, 1),
        (guaranteed, "Transfer", ZERO, merchant, 0),
        (guaranteed, "Guaranteed", member, merchant, 0),
        (guaranteed, "Frozen", desk, member, REASON),
        (guaranteed, "Transfer", desk, merchant, 10),
        (desk, "SettlementMade", guaranteed, merchant, till, 10, ZERO, 0),
    )


def test_stranger_to_the_shared_purse_draws_nothing(guaranteed, desk, shop, other_member, merchant):
    tx = shop.settle(shop.promise(other_member, 50, shared=True))

    assert overspent(tx) == [(0, 50)]
    assert guaranteed.balanceOf(merchant) == 0
    assert desk.purseWord(guaranteed, other_member, ZERO) == 0
    assert guaranteed.isFrozen(other_member)


def test_purse_that_went_back_draws_nothing(guaranteed, desk, purse, shop, clock, member, merchant):
    desk.release(guaranteed, ZERO, {"from": member})
    clock(now() + NOTICE)
    desk.returnPurse(guaranteed, member, ZERO, {"from": member})

    tx = shop.settle(shop.promise(member, 50, shared=True))

    assert overspent(tx) == [(0, 50)]
    assert guaranteed.balanceOf(merchant) == 0


def test_amounts_of_any_size_are_bounded(guaranteed, desk, purse, shop, member, merchant):
    tx = shop.settle(shop.promise(member, 2**256 - 1, shared=True))

    assert overspent(tx) == [(60, 2**256 - 1 - 360)]
    assert guaranteed.balanceOf(merchant) == 360


def test_frozen_member_is_not_frozen_again(guaranteed, purse, shop, freezer, member):
    guaranteed.freeze(member, WHY, {"from": freezer})

    tx = shop.settle(shop.promise(member, 350, shared=True))

    assert "Frozen" not in {event[1] for event in events_of(tx)}
    assert overspent(tx) == [(50, 0)]


def test_guarantee_holds_while_the_program_is_paused(guaranteed, purse, shop, guardian, member):
    guaranteed.pause({"from": guardian})

    tx = shop.settle(shop.promise(member, 350, shared=True))

    assert overspent(tx) == [(50, 0)]


def test_paying_a_debt_makes_no_room_for_more(
    guaranteed, desk, purse, shop, awarder, member, merchant, other_member
):
    shop.settle(shop.promise(member, 360, shared=True))
    guaranteed.award(other_member, 60, WHY, {"from": awarder})
    guaranteed.approve(desk, 60, {"from": other_member})
    desk.repay(guaranteed, member, 60, {"from": other_member})

    tx = shop.settle(shop.promise(member, 60, serial=1, shared=True))

    assert overspent(tx) == [(0, 60)]
    assert guaranteed.totalSupply() == 1_060


def test_writing_a_debt_off_makes_no_room_for_more(
    guaranteed, desk, purse, shop, bakery, issuer, member
):
    shop.settle(shop.promise(member, 360, shared=True))
    desk.writeOff(guaranteed, member, {"from": issuer})

    again = shop.settle(shop.promise(member, 60, serial=1, shared=True))
    other = bakery.settle(bakery.promise(member, 60, shared=True))

    assert overspent(again) == [(0, 60)]
    assert overspent(other) == [(40, 20)]
    assert desk.debtOf(guaranteed, member) == 40


def test_merchants_have_their_shares_again_when_the_member_holds_again(
    guaranteed, desk, redeemed, hold, shop, issuer, member
):
    redeemed(lambda: desk.writeOff(guaranteed, member, {"from": issuer}))
    hold(10)

    tx = shop.settle(shop.promise(member, 80, shared=True))

    assert overspent(tx) == [(60, 10)]
    assert desk.debtOf(guaranteed, member) == 60


def test_guarantee_for_a_member_bounds_what_limits_moved_about_would_pay(
    guaranteed, desk, purse, shop, bakery, clock, issuer, member, other_merchant, merchant
):
    shop.settle(shop.promise(member, 360, shared=True))
    # Long after, the first merchant's share goes to the other one.
    desk.setLimit(guaranteed, merchant, 0, {"from": issuer})
    clock(now() + 2 * NOTICE)
    desk.setLimit(guaranteed, merchant, 0, {"from": issuer})
    desk.setLimit(guaranteed, other_merchant, 100, {"from": issuer})

    tx = bakery.settle(bakery.promise(member, 100, shared=True))

    assert overspent(tx) == [(40, 60)]
    assert desk.debtOf(guaranteed, member) == 100


def test_lowered_limit_is_paid_until_it_is_in_force(
    guaranteed, desk, purse, shop, clock, issuer, member, merchant
):
    desk.setLimit(guaranteed, merchant, 10, {"from": issuer})
    in_force = now() + NOTICE
    vouchers = [
        shop.promise(member, 320, shared=True, until=in_force + 9),
        shop.promise(member, 40, serial=1, shared=True, until=in_force + 9),
    ]
    clock(in_force - 1)
    before = shop.settle(vouchers[0])
    clock(in_force)
    after = shop.settle(vouchers[1])

    assert overspent(before) == [(20, 0)]
    assert overspent(after) == [(0, 40)]


def test_lowered_limit_is_in_force_by_itself(guaranteed, desk, purse, shop, clock, issuer, member):
    desk.setLimit(guaranteed, shop.merchant, 10, {"from": issuer})
    clock(now() + NOTICE)

    tx = shop.settle(shop.promise(member, 340, shared=True))

    assert overspent(tx) == [(10, 30)]


def test_debt_is_repaid_with_points_that_are_destroyed(
    guaranteed, desk, purse, shop, awarder, member, other_member
):
    shop.settle(shop.promise(member, 350, shared=True))
    guaranteed.award(other_member, 50, WHY, {"from": awarder})
    guaranteed.approve(desk, 50, {"from": other_member})

    part = desk.repay(guaranteed, member, 20, {"from": other_member})
    rest = desk.repay(guaranteed, member, 30, {"from": other_member})

    assert part.return_value is None
    assert desk.debtOf(guaranteed, member) == 0
    assert guaranteed.balanceOf(other_member) == 0
    assert guaranteed.totalSupply() == 1_050
    assert guaranteed.isFrozen(member)
    for tx, amount in ((part, 20), (rest, 30)):
        assert_events(
            tx,
            (desk, "DebtRepaid", guaranteed, member, other_member, amount),
            (guaranteed, "Transfer", other_member, ZERO, amount),
            (
                guaranteed,
                "Redeemed",
                other_member,
                f"0x{member.address[2:].lower():0>64}",
                amount,
                lots(1, amount),
            ),
        )


def test_repaying_refuses_nothing_too_much_and_what_was_not_approved(
    guaranteed, desk, purse, shop, awarder, member, other_member
):
    shop.settle(shop.promise(member, 350, shared=True))
    guaranteed.award(other_member, 500, WHY, {"from": awarder})

    with refused("ZeroAmount"):
        desk.repay(guaranteed, member, 0, {"from": other_member})
    with refused("DebtExceeded", guaranteed, member, 50, 51):
        desk.repay(guaranteed, member, 51, {"from": other_member})
    with refused("DebtExceeded", guaranteed, other_member, 0, 1):
        desk.repay(guaranteed, other_member, 1, {"from": other_member})
    with refused("ERC20InsufficientAllowance", desk, 0, 50):
        desk.repay(guaranteed, member, 50, {"from": other_member})


def test_admin_writes_a_debt_off(guaranteed, desk, purse, shop, issuer, member, outsider):
    shop.settle(shop.promise(member, 350, shared=True))

    with refused("NotAdmin", outsider, guaranteed):
        desk.writeOff(guaranteed, member, {"from": outsider})
    tx = desk.writeOff(guaranteed, member, {"from": issuer})

    assert tx.return_value is None
    assert desk.debtOf(guaranteed, member) == 0
    assert guaranteed.isFrozen(member)
    assert_events(tx, (desk, "DebtWrittenOff", guaranteed, member, 50))
    with refused("ZeroAmount"):
        desk.writeOff(guaranteed, member, {"from": issuer})


def test_debtor_adds_to_no_shared_purse(
    guaranteed, desk, purse, hold, shop, freezer, member, merchant
):
    shop.settle(shop.promise(member, 350, shared=True))
    with refused("MemberFrozen", member):
        hold(1, merchant)
    guaranteed.unfreeze(member, WHY, {"from": freezer})

    with refused("DebtOutstanding", guaranteed, member, 50):
        hold(1)
    hold(1, merchant)

    assert desk.purseWord(guaranteed, member, merchant) == lots(1, 1)


def test_writing_off_refuses_unknown_tokens(desk, settlement, member, issuer):
    with refused("ProgramUnknown", settlement):
        desk.writeOff(settlement, member, {"from": issuer})
