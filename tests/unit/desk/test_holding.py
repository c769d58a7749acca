"""Members set points aside for payments without a network.

hold
  it moves the caller's oldest points into the desk's account, and into the purse
  a member has one purse for each merchant and a shared one, and they do not mix
  held points are not in the member's balance, and count in the supply
  given nothing, too much, a stranger's token, a frozen member, points that cannot be sent
    it is refused
  given a purse on its way back
    it is refused until the purse has gone
  given the program is paused
    it works
holdWithAuthorization
  it holds what the member signed, by key or by passkey, whoever calls it, once
  given another amount, merchant, member, time, or a message of release, or the time is not right
    it is refused
the shared purse
  it needs a guarantee with room for one more member, and counts against it once
  a merchant's own purse needs none
spendable
  it counts what is alive at a second, of a purse that is not on its way back

Spec: O1, O2, O3, O4, O9, O11
"""

import pytest
from support.clock import now, utc
from support.desk import GUARANTEED, NOTICE
from support.errors import refused
from support.events import ZERO, assert_events
from support.passkeys import Passkey
from support.signing import message, packed
from support.words import bytes32, lots, stored_lots

EVER = 2**256 - 1
WHY = bytes32("stolen phone")
FIRST = bytes32("first")


def order(member, merchant=ZERO, amount=300, nonce=FIRST):
    """A `HoldOrder`, in the order of the struct."""
    return (str(member), str(merchant), amount, 0, EVER, nonce)


def wish(token, desk, values):
    """The message that goes with an order."""
    names = ("member", "merchant", "amount", "validAfter", "validBefore", "nonce")
    fields = dict(zip(names, values, strict=True))
    return message(token, "HoldWithAuthorization", desk=desk.address, **fields)


def test_hold_moves_points_into_the_purse(points, desk, hold, member, merchant):
    tx = hold(300, merchant)

    assert tx.return_value is None
    assert desk.purseWord(points, member, merchant) == lots(1, 300)
    assert points.balanceOf(member) == 700
    assert points.balanceOf(desk) == 300
    assert points.totalSupply() == 1_000
    assert_events(
        tx,
        (points, "Transfer", member, desk, 300),
        (desk, "Held", points, member, merchant, lots(0, 300)),
    )


def test_oldest_points_are_held_first(points, desk, hold, clock, awarder, member, merchant):
    clock(utc(2026, 5))
    points.award(member, 50, WHY, {"from": awarder})

    hold(1_020, merchant)

    assert desk.purseWord(points, member, merchant) == lots(2, 20, 1_000)
    assert stored_lots(points.accountWord(member)) == lots(2, 30)


def test_purses_do_not_mix(guaranteed, desk, hold, member, merchant, other_merchant):
    hold(10, merchant)
    hold(20, other_merchant)
    hold(30)
    hold(5, merchant)

    assert desk.purseWord(guaranteed, member, merchant) == lots(1, 15)
    assert desk.purseWord(guaranteed, member, other_merchant) == lots(1, 20)
    assert desk.purseWord(guaranteed, member, ZERO) == lots(1, 30) | GUARANTEED


def test_hold_refuses_nothing(hold, merchant):
    with refused("ZeroAmount"):
        hold(0, merchant)


def test_hold_refuses_more_than_the_balance(hold, member, merchant):
    with refused("ERC20InsufficientBalance", member, 1_000, 1_001):
        hold(1_001, merchant)


def test_hold_refuses_tokens_that_the_registry_does_not_know(hold, settlement, merchant):
    with refused("ProgramUnknown", settlement):
        hold(1, merchant, token=settlement)


def test_hold_refuses_the_frozen(points, hold, freezer, member, merchant):
    points.freeze(member, WHY, {"from": freezer})

    with refused("MemberFrozen", member):
        hold(1, merchant)


def test_hold_refuses_points_that_cannot_be_sent(create_program, hold, awarder, member, merchant):
    stay = create_program("STAY", transferable=False)
    stay.award(member, 5, WHY, {"from": awarder})

    with refused("TransfersDisabled"):
        hold(1, merchant, token=stay)


def test_hold_refuses_programs_of_another_desk(
    points, registry, exchange, passkeys, deployer, member, merchant, OfflineDesk
):
    other = OfflineDesk.deploy(registry, exchange, passkeys, NOTICE, {"from": deployer})

    with refused("NotDesk", other):
        other.hold(points, merchant, 1, {"from": member})


def test_hold_waits_until_a_purse_has_gone_back(points, desk, hold, clock, member, merchant):
    hold(300, merchant)
    desk.release(points, merchant, {"from": member})
    gone_at = now() + NOTICE

    with refused("PurseClosing", points, member, merchant, gone_at):
        hold(1, merchant)
    clock(gone_at)
    with refused("PurseClosing", points, member, merchant, gone_at):
        hold(1, merchant)
    desk.returnPurse(points, member, merchant, {"from": member})
    hold(1, merchant)

    assert desk.purseWord(points, member, merchant) == lots(1, 1)


def test_pause_does_not_stop_holding(points, desk, hold, guardian, member, merchant):
    points.pause({"from": guardian})

    hold(1, merchant)

    assert desk.purseWord(points, member, merchant) == lots(1, 1)


@pytest.mark.parametrize(("decimals", "months"), [(0, 0), (1, 12), (3, 1), (4, 0)])
def test_any_program_can_be_held(
    create_program, desk, hold, awarder, member, merchant, decimals, months
):
    token = create_program("ANY", decimals=decimals, months=months, lifetime=1)
    token.award(member, 500, WHY, {"from": awarder})

    hold(200, merchant, token=token)

    assert desk.purseWord(token, member, merchant) == lots(1, 200)
    assert desk.spendable(token, member, merchant, now()) == 200


def test_signed_hold_is_carried_out_once(points, desk, member, merchant, relayer):
    values = order(member, merchant)
    signature = packed(wish(points, desk, values).signed_by(member))

    tx = desk.holdWithAuthorization(points, values, signature, {"from": relayer})

    assert tx.return_value is None
    assert desk.purseWord(points, member, merchant) == lots(1, 300)
    assert_events(
        tx,
        (points, "AuthorizationUsed", member, FIRST),
        (points, "Transfer", member, desk, 300),
        (desk, "Held", points, member, merchant, lots(0, 300)),
    )
    with refused("AuthorizationAlreadyUsed", member, FIRST):
        desk.holdWithAuthorization(points, values, signature, {"from": relayer})


def test_passkey_signs_a_hold(points, desk, awarder, merchant, relayer):
    phone = Passkey(1)
    points.award(phone.address, 300, WHY, {"from": awarder})
    values = order(phone.address, merchant)
    signature = phone.sign(wish(points, desk, values).digest)

    desk.holdWithAuthorization(points, values, signature, {"from": relayer})

    assert desk.purseWord(points, phone.address, merchant) == lots(1, 300)


@pytest.mark.parametrize(
    ("place", "value"),
    [(1, ZERO), (2, 301), (3, 1), (4, EVER - 1), (5, bytes32("second"))],
    ids=("merchant", "amount", "validAfter", "validBefore", "nonce"),
)
def test_signature_counts_for_one_order(points, desk, member, merchant, relayer, place, value):
    values = order(member, merchant)
    signature = packed(wish(points, desk, values).signed_by(member))
    changed = (*values[:place], value, *values[place + 1 :])

    with refused("InvalidSignature", member):
        desk.holdWithAuthorization(points, changed, signature, {"from": relayer})


def test_signature_counts_for_its_signer(points, desk, member, other_member, merchant, relayer):
    values = order(member, merchant)
    signature = packed(wish(points, desk, values).signed_by(other_member))

    with refused("InvalidSignature", member):
        desk.holdWithAuthorization(points, values, signature, {"from": relayer})


def test_signature_counts_for_one_desk(
    points, desk, registry, exchange, passkeys, deployer, member, merchant, relayer, OfflineDesk
):
    other = OfflineDesk.deploy(registry, exchange, passkeys, NOTICE, {"from": deployer})
    values = order(member, merchant)
    signature = packed(wish(points, other, values).signed_by(member))

    with refused("InvalidSignature", member):
        desk.holdWithAuthorization(points, values, signature, {"from": relayer})


def test_signed_hold_comes_in_its_time(points, desk, member, merchant, relayer):
    for after, before in ((now(), EVER), (0, now())):
        values = (*order(member, merchant)[:3], after, before, WHY)
        signature = packed(wish(points, desk, values).signed_by(member))
        with refused("AuthorizationNotInForce", after, before):
            desk.holdWithAuthorization(points, values, signature, {"from": relayer})


def test_signed_hold_refuses_unknown_tokens(desk, settlement, member, merchant, relayer):
    with refused("ProgramUnknown", settlement):
        desk.holdWithAuthorization(settlement, order(member, merchant), b"", {"from": relayer})


def test_shared_purse_counts_against_the_guarantee_once(guaranteed, desk, hold, awarder):
    hold(10)
    hold(20)

    assert desk.guaranteeOf(guaranteed)["open"] == 1


def test_shared_purses_are_as_many_as_the_issuer_guarantees_for(
    guaranteed, desk, hold, awarder, issuer, member, other_member, merchant
):
    for each in (other_member, merchant):
        guaranteed.award(each, 10, WHY, {"from": awarder})
        hold(10, by=each)

    with refused("GuaranteeExhausted", guaranteed, 2):
        hold(1)
    hold(1, merchant)
    desk.setGuarantee(guaranteed, 100, 3, {"from": issuer})
    hold(1)

    assert desk.guaranteeOf(guaranteed)["open"] == 3


def test_shared_purse_needs_a_guarantee(points, hold):
    with refused("GuaranteeExhausted", points, 0):
        hold(1)


def test_spendable_counts_what_will_be_alive(
    points, desk, hold, clock, awarder, member, merchant, outsider
):
    clock(utc(2026, 5))
    points.award(member, 50, WHY, {"from": awarder})
    hold(1_020, merchant)
    first, second = utc(2027), utc(2027, 4)

    amounts = [
        desk.spendable(points, member, merchant, until)
        for until in (now(), first - 1, first, second - 1, second)
    ]

    assert amounts == [1_020, 1_020, 20, 20, 0]
    assert desk.spendable(points, outsider, merchant, now()) == 0


def test_spendable_counts_nothing_of_a_purse_that_goes_back(points, desk, hold, member, merchant):
    hold(300, merchant)
    desk.release(points, merchant, {"from": member})

    assert desk.spendable(points, member, merchant, now()) == 0
