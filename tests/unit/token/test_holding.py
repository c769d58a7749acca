"""The desk keeps points that members set aside, and pays them out.

"The desk" is the contract that the token was created with, or an account with the role; what the
contract itself does stands in tests/unit/desk/.

hold
  it moves the member's oldest points into the desk's account, and says of which generations
  given the member has too little, or points cannot be sent
    it is refused
payHeld
  it pays lots out of the desk's account, generation by generation
  when points on hold have expired, it announces them and pays the rest
  given lots that the desk does not hold, or with an epoch or flags
    it is refused
guarantee
  it creates points for the merchant, freezes the member, and says both
  when the member is frozen already, it says so no second time
  when the program is paused, it works all the same
  given the merchant is frozen, or the generation is full
    it is refused
all
  given the caller is neither the desk nor has the role
    they are refused, also the issuer and the exchange
  given the role was revoked
    they are refused
freeze
  given the desk as member
    it is refused

Spec: T14, T44, T45, T46
"""

import pytest
from brownie import accounts
from support import roles
from support.clock import DAY, travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events
from support.words import LANE_MAX, bytes32, lots, stored_lots

REASON = bytes32("phone stolen")
OVERSPENT = bytes32("overspent")


@pytest.fixture
def counter(desk):
    """The desk itself, as a sender."""
    return accounts.at(desk.address, force=True)


@pytest.fixture
def later_desk(token, issuer, relayer):
    """A later version of the desk."""
    token.grantRole(roles.DESK, relayer, {"from": issuer})
    return relayer


@pytest.fixture(params=["counter", "later_desk"])
def holder(request):
    """Either kind of desk."""
    return request.getfixturevalue(request.param)


# hold


def test_hold_moves_the_oldest_points(token, give, holder, member):
    give(member, 40)
    travel_to(utc(2026, 7))
    give(member, 2)

    tx = token.hold(member, 41, {"from": holder})

    assert tx.return_value == lots(0, 1, 0, 40)
    assert token.accountWord(member) == lots(3, 1)
    assert token.accountWord(holder) == lots(3, 1, 0, 40)
    assert token.totalSupply() == 42
    assert_events(tx, (token, "Transfer", member, holder, 41))


def test_hold_of_too_much_is_refused(token, give, holder, member):
    give(member, 40)

    with refused("ERC20InsufficientBalance", member, 40, 41):
        token.hold(member, 41, {"from": holder})


def test_hold_of_points_that_cannot_be_sent_is_refused(
    create_program, issuer, awarder, member, relayer
):
    token = create_program("SHOP", transferable=False)
    token.grantRole(roles.DESK, relayer, {"from": issuer})
    token.award(member, 40, REASON, {"from": awarder})

    with refused("TransfersDisabled"):
        token.hold(member, 1, {"from": relayer})


# payHeld


def test_held_points_are_paid_by_generation(token, give, holder, member, merchant):
    give(member, 40)
    travel_to(utc(2026, 7))
    give(member, 20)
    token.hold(member, 60, {"from": holder})

    tx = token.payHeld(merchant, lots(0, 7), {"from": holder})

    # The younger ones, although older ones were there.
    assert tx.return_value is None
    assert token.accountWord(merchant) == lots(3, 7)
    assert token.accountWord(holder) == lots(3, 13, 0, 40)
    assert token.totalSupply() == 60
    assert_events(tx, (token, "Transfer", holder, merchant, 7))


def test_held_points_expire(token, give, holder, member, merchant):
    give(member, 40)
    travel_to(utc(2026, 4))
    give(member, 20)
    token.hold(member, 60, {"from": holder})
    travel_to(utc(2027))

    tx = token.payHeld(merchant, lots(0, 0, 0, 0, 20), {"from": holder})

    assert token.balanceOf(merchant) == token.totalSupply() == 20
    assert_events(
        tx,
        (token, "Transfer", holder, ZERO, 40),
        (token, "Expired", holder, 40),
        (token, "Transfer", holder, merchant, 20),
    )


@pytest.mark.parametrize(
    "lots_",
    [lots(0, 41), lots(0, 0, 1), lots(0, 40, 0, 0, 1), lots(1, 40), lots(0, 40) | 1 << 208],
    ids=hex,
)
def test_lots_that_are_not_held_are_refused(token, give, holder, member, merchant, lots_):
    give(member, 40)
    token.hold(member, 40, {"from": holder})

    with refused("InvalidLots", lots_):
        token.payHeld(merchant, lots_, {"from": holder})


def test_held_points_are_not_paid_to_the_frozen(token, give, holder, freezer, member, merchant):
    give(member, 40)
    token.hold(member, 40, {"from": holder})
    token.freeze(merchant, REASON, {"from": freezer})

    with refused("MemberFrozen", merchant):
        token.payHeld(merchant, lots(0, 1), {"from": holder})


# guarantee


def test_guarantee_pays_the_merchant_and_freezes_the_member(token, give, holder, member, merchant):
    give(member, 40)
    travel_to(utc(2026, 4))

    tx = token.guarantee(member, merchant, 7, {"from": holder})

    assert tx.return_value is None
    assert token.accountWord(merchant) == lots(2, 7)
    assert stored_lots(token.supplyWord()) == lots(2, 7, 40)
    assert token.isFrozen(member) is True
    assert token.isFrozen(merchant) is False
    assert token.balanceOf(member) == 40
    assert_events(
        tx,
        (token, "Transfer", ZERO, merchant, 7),
        (token, "Guaranteed", member, merchant, 7),
        (token, "Frozen", holder, member, OVERSPENT),
    )


def test_guarantee_says_no_second_time_that_a_member_is_frozen(token, holder, member, merchant):
    token.guarantee(member, merchant, 7, {"from": holder})

    tx = token.guarantee(member, merchant, 5, {"from": holder})

    assert token.balanceOf(merchant) == 12
    assert_events(
        tx,
        (token, "Transfer", ZERO, merchant, 5),
        (token, "Guaranteed", member, merchant, 5),
    )


def test_guarantee_holds_while_paused(token, holder, guardian, member, merchant):
    token.pause({"from": guardian})

    token.guarantee(member, merchant, 7, {"from": holder})

    assert token.balanceOf(merchant) == 7


def test_guarantee_to_the_frozen_is_refused(token, holder, freezer, member, merchant):
    token.freeze(merchant, REASON, {"from": freezer})

    with refused("MemberFrozen", merchant):
        token.guarantee(member, merchant, 7, {"from": holder})


def test_guarantee_needs_room(token, holder, issuer, awarder, member, merchant):
    token.setBudget(awarder, 2**64 - 1, DAY, {"from": issuer})
    token.award(member, LANE_MAX - 6, REASON, {"from": awarder})

    with refused("GenerationFull", 1, 7, 6):
        token.guarantee(member, merchant, 7, {"from": holder})


# Who may


def attempts(token, member, merchant, sender):
    by = {"from": sender}
    yield lambda: token.hold(member, 1, by)
    yield lambda: token.payHeld(merchant, lots(0, 1), by)
    yield lambda: token.guarantee(member, merchant, 1, by)


def test_only_a_desk_holds(token, give, later_desk, exchange, issuer, awarder, member, merchant):
    give(member, 40)
    token.revokeRole(roles.DESK, later_desk, {"from": issuer})
    market = accounts.at(exchange.address, force=True)

    for stranger in (issuer, awarder, member, market, later_desk):
        for attempt in attempts(token, member, merchant, stranger):
            with refused("NotDesk", stranger):
                attempt()

    assert token.balanceOf(member) == token.totalSupply() == 40


def test_desk_cannot_be_frozen(token, holder, freezer):
    with refused("DeskCannotBeFrozen", holder):
        token.freeze(holder, REASON, {"from": freezer})

    assert token.isFrozen(holder) is False
