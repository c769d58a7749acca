"""Members get their purses back, late enough for vouchers that are under way.

release, releaseWithAuthorization
  it asks for a purse, once, by the member or whoever has the member's signature
  given a purse that was never opened, or one on its way back
    it is refused
  meanwhile vouchers are settled out of it
returnPurse
  anyone returns it, from twice the offline window on, with its generations
  an empty purse is returned as well, and a shared one makes room for another member
  given it was not asked for, or too early
    it is refused
  given the member is frozen, or owes something and the purse is the shared one
    it is refused
recoverPurse
  a recoverer sends the purse of a frozen member to another account of the member
  it asks for the release first, unless that was done
  given somebody else, a member who is not frozen, no new account, a frozen one, or a debt
    it is refused

Spec: O5, O6, O7, O8, O9
"""

import pytest
from support.clock import now, utc
from support.desk import GUARANTEED, NOTICE, RELEASE_SHIFT
from support.errors import refused
from support.events import ZERO, assert_events
from support.signing import message, packed
from support.words import bytes32, lots

EVER = 2**256 - 1
WHY = bytes32("stolen phone")
FIRST = bytes32("first")


@pytest.fixture
def asked(points, desk, hold, member, merchant):
    """A purse of 300 that the member has asked for."""
    hold(300, merchant)
    desk.release(points, merchant, {"from": member})


def order(member, merchant, nonce=FIRST):
    """A `ReleaseOrder`, in the order of the struct."""
    return (str(member), str(merchant), 0, EVER, nonce)


def wish(token, desk, values):
    names = ("member", "merchant", "validAfter", "validBefore", "nonce")
    fields = dict(zip(names, values, strict=True))
    return message(token, "ReleaseWithAuthorization", desk=desk.address, **fields)


def test_release_marks_the_purse(points, desk, hold, member, merchant):
    hold(300, merchant)

    tx = desk.release(points, merchant, {"from": member})

    gone_at = now() + NOTICE
    assert tx.return_value is None
    assert desk.purseWord(points, member, merchant) == lots(1, 300) | gone_at << RELEASE_SHIFT
    assert_events(tx, (desk, "ReleaseRequested", points, member, merchant, gone_at))


def test_release_needs_a_purse(points, desk, member, merchant):
    with refused("PurseEmpty", points, member, merchant):
        desk.release(points, merchant, {"from": member})


def test_release_is_asked_for_once(points, desk, asked, clock, member, merchant):
    first = now() + NOTICE
    clock(now() + 60)

    with refused("PurseClosing", points, member, merchant, first):
        desk.release(points, merchant, {"from": member})


def test_signed_release_is_carried_out_once(points, desk, hold, member, merchant, relayer):
    hold(300, merchant)
    values = order(member, merchant)
    signature = packed(wish(points, desk, values).signed_by(member))

    tx = desk.releaseWithAuthorization(points, values, signature, {"from": relayer})

    assert tx.return_value is None
    assert_events(
        tx,
        (points, "AuthorizationUsed", member, FIRST),
        (desk, "ReleaseRequested", points, member, merchant, now() + NOTICE),
    )
    with refused("AuthorizationAlreadyUsed", member, FIRST):
        desk.releaseWithAuthorization(points, values, signature, {"from": relayer})


def test_signed_release_counts_for_its_purse_and_signer(
    points, desk, hold, member, other_member, merchant, other_merchant, relayer
):
    hold(300, merchant)
    hold(300, other_merchant)
    values = order(member, merchant)
    mine = packed(wish(points, desk, values).signed_by(member))
    other = packed(wish(points, desk, values).signed_by(other_member))

    with refused("InvalidSignature", member):
        changed = order(member, other_merchant)
        desk.releaseWithAuthorization(points, changed, mine, {"from": relayer})
    with refused("InvalidSignature", member):
        desk.releaseWithAuthorization(points, values, other, {"from": relayer})


def test_signed_release_refuses_unknown_tokens(desk, settlement, member, merchant, relayer):
    with refused("ProgramUnknown", settlement):
        desk.releaseWithAuthorization(settlement, order(member, merchant), b"", {"from": relayer})


def test_vouchers_are_settled_while_the_purse_goes_back(points, desk, asked, shop, clock, member):
    clock(now() + NOTICE)

    shop.settle(shop.promise(member, 100))
    desk.returnPurse(points, member, shop.merchant, {"from": member})

    assert points.balanceOf(shop.merchant) == 100
    assert points.balanceOf(member) == 900


def test_anyone_returns_the_purse_when_it_is_time(
    points, desk, asked, clock, member, merchant, outsider
):
    gone_at = now() + NOTICE
    clock(gone_at - 1)
    with refused("NotReleasable", points, member, merchant, gone_at):
        desk.returnPurse(points, member, merchant, {"from": outsider})

    clock(gone_at)
    tx = desk.returnPurse(points, member, merchant, {"from": outsider})

    assert tx.return_value is None
    assert desk.purseWord(points, member, merchant) == 0
    assert points.accountWord(member) == lots(1, 1_000)
    assert_events(
        tx,
        (desk, "Released", points, member, merchant, member, lots(0, 300)),
        (points, "Transfer", desk, member, 300),
    )


def test_return_keeps_the_generations(points, desk, hold, clock, awarder, member, merchant):
    clock(utc(2026, 5))
    points.award(member, 50, WHY, {"from": awarder})
    hold(1_020, merchant)
    desk.release(points, merchant, {"from": member})
    clock(now() + NOTICE)

    desk.returnPurse(points, member, merchant, {"from": member})

    assert points.accountWord(member) == lots(2, 50, 1_000)


def test_purse_that_nobody_asked_for_is_not_returned(points, desk, hold, member, merchant):
    hold(300, merchant)

    for payee in (merchant, ZERO):
        with refused("NotReleasable", points, member, payee, 0):
            desk.returnPurse(points, member, payee, {"from": member})


def test_purse_is_returned_once(points, desk, asked, clock, member, merchant):
    clock(now() + NOTICE)
    desk.returnPurse(points, member, merchant, {"from": member})

    with refused("NotReleasable", points, member, merchant, 0):
        desk.returnPurse(points, member, merchant, {"from": member})


def test_shared_purse_makes_room_when_it_goes_back(guaranteed, desk, hold, shop, clock, member):
    hold(300)
    shop.settle(shop.promise(member, 300, shared=True))
    desk.release(guaranteed, ZERO, {"from": member})
    clock(now() + NOTICE)

    tx = desk.returnPurse(guaranteed, member, ZERO, {"from": member})

    assert desk.guaranteeOf(guaranteed)["open"] == 0
    assert_events(
        tx,
        (desk, "Released", guaranteed, member, ZERO, member, 0),
        (guaranteed, "Transfer", desk, member, 0),
    )


def test_frozen_member_gets_the_purse_later(points, desk, asked, clock, freezer, member, merchant):
    points.freeze(member, WHY, {"from": freezer})
    clock(now() + NOTICE)

    with refused("MemberFrozen", member):
        desk.returnPurse(points, member, merchant, {"from": member})
    points.unfreeze(member, WHY, {"from": freezer})
    desk.returnPurse(points, member, merchant, {"from": member})

    assert points.balanceOf(member) == 1_000


def test_debtor_keeps_the_shared_purse(
    guaranteed, desk, hold, shop, clock, issuer, freezer, member
):
    hold(300)
    shop.settle(shop.promise(member, 350, shared=True))
    desk.release(guaranteed, ZERO, {"from": member})
    guaranteed.unfreeze(member, WHY, {"from": freezer})
    clock(now() + NOTICE)

    with refused("DebtOutstanding", guaranteed, member, 50):
        desk.returnPurse(guaranteed, member, ZERO, {"from": member})
    desk.writeOff(guaranteed, member, {"from": issuer})
    desk.returnPurse(guaranteed, member, ZERO, {"from": member})

    assert desk.purseWord(guaranteed, member, ZERO) == 0


def test_debtor_gets_a_merchants_purse(guaranteed, desk, hold, shop, clock, freezer, member):
    hold(300)
    hold(10, shop.merchant)
    shop.settle(shop.promise(member, 350, shared=True))
    desk.release(guaranteed, shop.merchant, {"from": member})
    guaranteed.unfreeze(member, WHY, {"from": freezer})
    clock(now() + NOTICE)

    desk.returnPurse(guaranteed, member, shop.merchant, {"from": member})

    assert guaranteed.balanceOf(member) == 700


def test_recoverer_asks_first_and_sends_then(
    points, desk, hold, clock, freezer, recoverer, member, other_member, merchant
):
    hold(300, merchant)
    points.freeze(member, WHY, {"from": freezer})

    asked = desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})
    gone_at = now() + NOTICE
    with refused("NotReleasable", points, member, merchant, gone_at):
        desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})
    clock(gone_at)
    sent = desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})

    assert asked.return_value is sent.return_value is None
    assert_events(asked, (desk, "ReleaseRequested", points, member, merchant, gone_at))
    assert_events(
        sent,
        (desk, "Released", points, member, merchant, other_member, lots(0, 300)),
        (points, "Transfer", desk, other_member, 300),
    )
    assert desk.purseWord(points, member, merchant) == 0
    assert points.balanceOf(other_member) == 300
    assert points.isFrozen(member)


def test_recoverer_sends_what_the_member_had_asked_for(
    points, desk, asked, clock, freezer, recoverer, member, other_member, merchant
):
    points.freeze(member, WHY, {"from": freezer})
    clock(now() + NOTICE)

    desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})

    assert points.balanceOf(other_member) == 300


def test_recovering_the_shared_purse_makes_room(
    guaranteed, desk, hold, clock, freezer, recoverer, member, other_member
):
    hold(300)
    guaranteed.freeze(member, WHY, {"from": freezer})
    desk.recoverPurse(guaranteed, member, ZERO, other_member, {"from": recoverer})
    assert desk.purseWord(guaranteed, member, ZERO) & GUARANTEED
    clock(now() + NOTICE)

    desk.recoverPurse(guaranteed, member, ZERO, other_member, {"from": recoverer})

    assert desk.guaranteeOf(guaranteed)["open"] == 0


def test_recovering_refuses_members_who_are_not_frozen(
    points, desk, hold, recoverer, member, other_member, merchant
):
    hold(300, merchant)

    with refused("MemberNotFrozen", member):
        desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})


def test_recovering_refuses_accounts_that_cannot_take_points(
    points, desk, asked, clock, freezer, recoverer, member, other_member, merchant
):
    points.freeze(member, WHY, {"from": freezer})
    points.freeze(other_member, WHY, {"from": freezer})
    clock(now() + NOTICE)

    with refused("ZeroAddress"):
        desk.recoverPurse(points, member, merchant, ZERO, {"from": recoverer})
    with refused("MemberFrozen", other_member):
        desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})
    with refused("MemberFrozen", member):
        desk.recoverPurse(points, member, merchant, member, {"from": recoverer})


def test_recovering_needs_a_purse(points, desk, freezer, recoverer, member, other_member, merchant):
    points.freeze(member, WHY, {"from": freezer})

    with refused("PurseEmpty", points, member, merchant):
        desk.recoverPurse(points, member, merchant, other_member, {"from": recoverer})


def test_recovering_refuses_debtors_and_strangers(
    guaranteed, desk, hold, shop, clock, settlement, recoverer, outsider, member, other_member
):
    hold(300)
    shop.settle(shop.promise(member, 350, shared=True))
    desk.recoverPurse(guaranteed, member, ZERO, other_member, {"from": recoverer})
    clock(now() + NOTICE)

    with refused("DebtOutstanding", guaranteed, member, 50):
        desk.recoverPurse(guaranteed, member, ZERO, other_member, {"from": recoverer})
    with refused("NotRecoverer", outsider, guaranteed):
        desk.recoverPurse(guaranteed, member, ZERO, other_member, {"from": outsider})
    with refused("ProgramUnknown", settlement):
        desk.recoverPurse(settlement, member, ZERO, other_member, {"from": recoverer})
