"""Freezers stop the points of a member; recoverers move those of a frozen member.

freeze
  it freezes the member and changes no balance
  when points have expired, it announces them
  given the member is frozen already
    it is refused
unfreeze
  it lets the points move again
  given the member is not frozen
    it is refused
given a frozen member
  every path on which points leave or reach the account is refused: see the table
  awards reach it all the same: see test_awarding.py
  points expire all the same
  it may still approve and permit, which moves nothing
  it may still send what another member approved it for
recover
  it moves all points with their generations; the old account stays frozen
  when the new account has points, they add up
  when points have expired on either side, it announces them and moves the rest
  when there are none, it says so
  when the program is paused, or its points cannot be sent, it works all the same
  allowances and nonces stay behind
  given the old account is not frozen, or the new one is, or is the zero address
    it is refused

Spec: T28, T30
"""

import pytest
from support import roles
from support.clock import now, travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.signing import message, packed
from support.words import bytes32, lots

REF = bytes32("sale 42")
REASON = bytes32("phone stolen")


@pytest.fixture
def converter(token, issuer, relayer):
    """Somebody who may convert, and hold points."""
    for role in (roles.EXCHANGE, roles.DESK):
        token.grantRole(role, relayer, {"from": issuer})
    return relayer


@pytest.fixture
def freeze(token, freezer):
    def freezing(member):
        return token.freeze(member, REASON, {"from": freezer})

    return freezing


# freeze and unfreeze


def test_freeze_stops_a_member(token, give, freezer, member, other_member):
    give(member, 500)

    tx = token.freeze(member, REASON, {"from": freezer})

    assert token.isFrozen(member) is True
    assert token.isFrozen(other_member) is False
    assert token.balanceOf(member) == token.totalSupply() == 500
    assert_events(tx, (token, "Frozen", freezer, member, REASON))


def test_freeze_works_on_someone_without_points(token, give, freeze, member, other_member):
    freeze(member)
    give(other_member, 5)

    assert token.isFrozen(member) is True
    with refused("MemberFrozen", member):
        token.transfer(member, 5, {"from": other_member})


def test_freeze_announces_expired_points(token, give, freezer, member):
    give(member, 500)
    travel_to(utc(2026, 4, 1))
    give(member, 20)
    travel_to(utc(2027, 1, 1))

    tx = token.freeze(member, REASON, {"from": freezer})

    assert token.balanceOf(member) == token.totalSupply() == 20
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 500),
        (token, "Expired", member, 500),
        (token, "Frozen", freezer, member, REASON),
    )


def test_freeze_of_a_frozen_member_is_refused(token, freeze, freezer, member):
    freeze(member)

    with refused("MemberFrozen", member):
        token.freeze(member, REASON, {"from": freezer})


def test_unfreeze_lets_points_move_again(token, give, freeze, freezer, member, other_member):
    give(member, 500)
    word = token.accountWord(member)
    freeze(member)

    tx = token.unfreeze(member, REASON, {"from": freezer})

    assert token.isFrozen(member) is False
    assert token.accountWord(member) == word
    assert_events(tx, (token, "Unfrozen", freezer, member, REASON))
    token.transfer(other_member, 500, {"from": member})
    assert token.balanceOf(other_member) == 500


def test_unfreeze_of_a_member_at_large_is_refused(token, freezer, member):
    with refused("MemberNotFrozen", member):
        token.unfreeze(member, REASON, {"from": freezer})


# what freezing stops


def authorized(token, kind, sender, receiver, caller):
    """Sends a signed transfer of 5 points."""
    signed = message(
        token,
        f"{kind}WithAuthorization",
        **{"from": sender, "to": receiver, "value": 5},
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes(32),
    )
    send = getattr(token, f"{kind.lower()}WithAuthorization")
    values = signed.values.values()
    return send(*values, *signed.signed_by(sender), {"from": caller})


def redeem(token, member, caller):
    """Sends a signed redemption of 5 points."""
    signed = message(
        token,
        "RedeemWithAuthorization",
        member=member,
        amount=5,
        ref=bytes.fromhex(REF[2:]),
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes(32),
    )
    signature = packed(signed.signed_by(member))
    return token.redeemWithAuthorization(*signed.values.values(), signature, {"from": caller})


# Every path on which points move, from `member` to `other_member` if there are two.
PATHS = {
    "transfer": lambda t, a: t.transfer(a["other_member"], 5, {"from": a["member"]}),
    "transferFrom": lambda t, a: t.transferFrom(
        a["member"], a["other_member"], 5, {"from": a["merchant"]}
    ),
    "transferWithAuthorization": lambda t, a: authorized(
        t, "Transfer", a["member"], a["other_member"], a["outsider"]
    ),
    "receiveWithAuthorization": lambda t, a: authorized(
        t, "Receive", a["member"], a["other_member"], a["other_member"]
    ),
    "redeem": lambda t, a: t.redeem(5, REF, {"from": a["member"]}),
    "redeemFrom": lambda t, a: t.redeemFrom(a["member"], 5, REF, {"from": a["merchant"]}),
    "redeemWithAuthorization": lambda t, a: redeem(t, a["member"], a["outsider"]),
    "hold": lambda t, a: t.hold(a["member"], 5, {"from": a["desk"]}),
    "payHeld": lambda t, a: t.payHeld(a["member"], lots(0, 5), {"from": a["desk"]}),
    "guarantee": lambda t, a: t.guarantee(a["other_member"], a["member"], 5, {"from": a["desk"]}),
    "correct": lambda t, a: t.correct(a["member"], 5, REF, REASON, {"from": a["corrector"]}),
    "refund": lambda t, a: t.refund(a["member"], lots(1, 5), REF, {"from": a["corrector"]}),
    "burnFor": lambda t, a: t.burnFor(a["member"], 5, {"from": a["converter"]}),
    "mintFor": lambda t, a: t.mintFor(a["member"], 5, {"from": a["converter"]}),
}
TWO_SIDED = (
    "transfer",
    "transferFrom",
    "transferWithAuthorization",
    "receiveWithAuthorization",
)
STOPPED = [(path, "member") for path in PATHS] + [(path, "other_member") for path in TWO_SIDED]


@pytest.fixture
def actors(token, give, converter, member, other_member, merchant, corrector, outsider):
    """Two members with points, and everyone who could move them."""
    give(member, 100)
    give(other_member, 100)
    token.approve(merchant, 100, {"from": member})
    token.hold(other_member, 10, {"from": converter})
    return {
        "member": member,
        "other_member": other_member,
        "merchant": merchant,
        "corrector": corrector,
        "converter": converter,
        "desk": converter,
        "outsider": outsider,
    }


@pytest.mark.parametrize(("path", "side"), STOPPED)
def test_no_path_leads_from_or_to_a_frozen_member(token, actors, freeze, freezer, path, side):
    freeze(actors[side])
    before = [token.accountWord(actor) for actor in actors.values()] + [token.supplyWord()]

    with refused("MemberFrozen", actors[side]):
        PATHS[path](token, actors)

    after = [token.accountWord(actor) for actor in actors.values()] + [token.supplyWord()]
    assert after == before
    assert token.allowance(actors["member"], actors["merchant"]) == 100
    # It was the frost that stopped it.
    token.unfreeze(actors[side], REASON, {"from": freezer})
    PATHS[path](token, actors)
    assert token.accountWord(actors["member"]) != before[0]


@pytest.mark.parametrize("amount", [0, 100])
def test_frozen_member_cannot_send_to_itself(token, actors, freeze, member, amount):
    freeze(member)

    with refused("MemberFrozen", member):
        token.transfer(member, amount, {"from": member})


def test_frozen_points_expire(token, give, freeze, member):
    give(member, 500)
    freeze(member)
    travel_to(utc(2027, 1, 1))

    tx = token.sweep([member], {"from": member})

    assert token.balanceOf(member) == token.totalSupply() == 0
    assert token.isFrozen(member) is True
    assert_events(tx, (token, "Transfer", member, ZERO, 500), (token, "Expired", member, 500))


def test_frozen_member_may_approve(token, freeze, member, merchant):
    freeze(member)

    tx = token.approve(merchant, 7, {"from": member})

    assert token.allowance(member, merchant) == 7
    assert_events(tx, (token, "Approval", member, merchant, 7))


def test_frozen_spender_moves_what_is_not_its_own(token, actors, freeze, member, merchant):
    freeze(merchant)

    token.transferFrom(member, actors["other_member"], 5, {"from": merchant})

    assert token.balanceOf(member) == 95


# recover


def test_recover_moves_all_generations(
    token, give, freeze, recoverer, freezer, member, other_member
):
    give(member, 300)
    travel_to(utc(2026, 7, 1))
    give(member, 20)
    freeze(member)

    tx = token.recover(member, other_member, REASON, {"from": recoverer})

    assert token.balanceOf(member) == 0
    assert token.isFrozen(member) is True
    assert token.accountWord(other_member) == lots(3, 20, 0, 300)
    assert token.totalSupply() == 320
    assert_events(
        tx,
        (token, "Transfer", member, other_member, 320),
        (token, "Recovered", recoverer, member, other_member, 320, REASON),
    )
    token.unfreeze(member, REASON, {"from": freezer})
    assert token.accountWord(member) == lots(3)


def test_recover_adds_to_what_is_there(token, give, freeze, recoverer, member, other_member):
    give(member, 300)
    give(other_member, 4)
    travel_to(utc(2026, 7, 1))
    give(member, 20)
    freeze(member)

    token.recover(member, other_member, REASON, {"from": recoverer})

    assert token.accountWord(other_member) == lots(3, 20, 0, 304)
    assert plain(token.expiries(other_member)) == ((utc(2027), 304), (utc(2027, 7), 20))
    assert token.totalSupply() == 324


def test_recover_announces_expired_points(token, give, freeze, recoverer, member, other_member):
    give(member, 300)
    give(other_member, 4)
    travel_to(utc(2026, 7, 1))
    give(member, 20)
    freeze(member)
    travel_to(utc(2027, 1, 1))

    tx = token.recover(member, other_member, REASON, {"from": recoverer})

    assert token.accountWord(other_member) == lots(5, 0, 0, 20)
    assert token.totalSupply() == 20
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 300),
        (token, "Expired", member, 300),
        (token, "Transfer", other_member, ZERO, 4),
        (token, "Expired", other_member, 4),
        (token, "Transfer", member, other_member, 20),
        (token, "Recovered", recoverer, member, other_member, 20, REASON),
    )


def test_recover_of_nothing_is_told(token, freeze, recoverer, member, other_member):
    freeze(member)

    tx = token.recover(member, other_member, REASON, {"from": recoverer})

    assert_events(
        tx,
        (token, "Transfer", member, other_member, 0),
        (token, "Recovered", recoverer, member, other_member, 0, REASON),
    )


def test_recover_works_while_paused(token, give, freeze, guardian, recoverer, member, other_member):
    give(member, 300)
    token.pause({"from": guardian})
    freeze(member)

    token.recover(member, other_member, REASON, {"from": recoverer})

    assert token.balanceOf(other_member) == token.totalSupply() == 300


def test_recover_works_where_members_may_not_send(
    create_program, awarder, freezer, recoverer, member, other_member
):
    token = create_program("SHOP", transferable=False)
    token.award(member, 300, REF, {"from": awarder})
    token.freeze(member, REASON, {"from": freezer})

    token.recover(member, other_member, REASON, {"from": recoverer})

    assert token.balanceOf(other_member) == 300


def test_recover_leaves_allowances_and_nonces_behind(
    token, give, freeze, recoverer, member, other_member, merchant
):
    give(member, 300)
    deadline = now()
    permit = message(
        token, "Permit", owner=member, spender=merchant, value=100, nonce=0, deadline=deadline
    )
    token.permit(member, merchant, 100, deadline, *permit.signed_by(member), {"from": merchant})
    freeze(member)

    token.recover(member, other_member, REASON, {"from": recoverer})

    assert token.nonces(member) == 1
    assert token.nonces(other_member) == 0
    assert token.allowance(member, merchant) == 100
    assert token.allowance(other_member, merchant) == 0


def test_recover_of_a_member_at_large_is_refused(token, give, recoverer, member, other_member):
    give(member, 300)

    with refused("MemberNotFrozen", member):
        token.recover(member, other_member, REASON, {"from": recoverer})


def test_recover_to_a_frozen_member_is_refused(
    token, give, freeze, recoverer, member, other_member
):
    give(member, 300)
    freeze(member)
    freeze(other_member)

    for target in (other_member, member):
        with refused("MemberFrozen", target):
            token.recover(member, target, REASON, {"from": recoverer})


def test_recover_to_the_zero_address_is_refused(token, freeze, recoverer, member):
    freeze(member)

    with refused("ERC20InvalidReceiver", ZERO):
        token.recover(member, ZERO, REASON, {"from": recoverer})
