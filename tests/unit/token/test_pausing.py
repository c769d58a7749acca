"""Guardians stop a program's issuing, redeeming and converting; never its members or its guards.

pause
  it pauses the program, also through later epochs
  given it is paused already
    it is refused
unpause
  it lets everything go on
  given it is not paused
    it is refused
given a paused program
  awarding, redeeming, refunding, correcting and converting are refused: see STOPPED
  members' own moves, the safety of members and the removal of power go on: see ALLOWED

Spec: T31, T32, T33
"""

import pytest
from support import roles
from support.clock import DAY, now, travel_to, utc
from support.errors import refused
from support.events import assert_events
from support.signing import message, packed
from support.words import award_word, bytes32, lots

REF = bytes32("sale 42")
REASON = bytes32("key leaked")


@pytest.fixture
def actors(
    token,
    give,
    issuer,
    awarder,
    corrector,
    guardian,
    freezer,
    recoverer,
    member,
    other_member,
    merchant,
    relayer,
):
    """A member with points, and everyone who has to do with them."""
    give(member, 100)
    give(other_member, 100)
    token.approve(merchant, 100, {"from": member})
    for role in (roles.EXCHANGE, roles.DISTRIBUTOR, roles.DESK):
        token.grantRole(role, relayer, {"from": issuer})
    token.hold(member, 10, {"from": relayer})
    token.freeze(merchant, REASON, {"from": freezer})
    return {
        "issuer": issuer,
        "awarder": awarder,
        "corrector": corrector,
        "guardian": guardian,
        "freezer": freezer,
        "recoverer": recoverer,
        "member": member,
        "other_member": other_member,
        "merchant": merchant,
        "converter": relayer,
        "distributor": relayer,
        "desk": relayer,
    }


def redeem(token, actors):
    signed = message(
        token,
        "RedeemWithAuthorization",
        member=actors["member"],
        amount=5,
        ref=bytes.fromhex(REF[2:]),
        validAfter=0,
        validBefore=now() + 1,
        nonce=bytes(32),
    )
    signature = packed(signed.signed_by(actors["member"]))
    token.redeemWithAuthorization(*signed.values.values(), signature, {"from": actors["merchant"]})


STOPPED = {
    "award": lambda t, a: t.award(a["member"], 5, REF, {"from": a["awarder"]}),
    "awardFor": lambda t, a: t.awardFor(
        a["awarder"], a["member"], 5, REF, {"from": a["distributor"]}
    ),
    "awardBatch": lambda t, a: t.awardBatch(
        REF, [award_word(a["member"], 5)], {"from": a["awarder"]}
    ),
    "redeem": lambda t, a: t.redeem(5, REF, {"from": a["member"]}),
    "redeemFrom": lambda t, a: t.redeemFrom(a["member"], 5, REF, {"from": a["merchant"]}),
    "redeemWithAuthorization": redeem,
    "refund": lambda t, a: t.refund(a["member"], lots(1, 5), REF, {"from": a["corrector"]}),
    "correct": lambda t, a: t.correct(a["member"], 5, REF, REASON, {"from": a["corrector"]}),
    "burnFor": lambda t, a: t.burnFor(a["member"], 5, {"from": a["converter"]}),
    "mintFor": lambda t, a: t.mintFor(a["member"], 5, {"from": a["converter"]}),
}


def permit(token, actors):
    terms = {"value": 5, "deadline": now()}
    owner, spender = actors["member"], actors["merchant"]
    signed = message(token, "Permit", owner=owner, spender=spender, nonce=0, **terms)
    token.permit(owner, spender, *terms.values(), *signed.signed_by(owner), {"from": spender})


def authorize(token, actors):
    signed = message(
        token,
        "TransferWithAuthorization",
        **{"from": actors["member"], "to": actors["other_member"], "value": 5},
        validAfter=0,
        validBefore=now() + 1,
        nonce=bytes(32),
    )
    token.transferWithAuthorization(
        *signed.values.values(), *signed.signed_by(actors["member"]), {"from": actors["guardian"]}
    )


ALLOWED = {
    "transfer": lambda t, a: t.transfer(a["other_member"], 5, {"from": a["member"]}),
    "transferFrom": lambda t, a: t.transferFrom(
        a["member"], a["other_member"], 5, {"from": a["merchant"]}
    ),
    "approve": lambda t, a: t.approve(a["other_member"], 5, {"from": a["member"]}),
    "permit": permit,
    "transferWithAuthorization": authorize,
    "hold": lambda t, a: t.hold(a["member"], 5, {"from": a["desk"]}),
    "payHeld": lambda t, a: t.payHeld(a["member"], lots(0, 5), {"from": a["desk"]}),
    "sweep": lambda t, a: t.sweep([a["member"]], {"from": a["member"]}),
    "freeze": lambda t, a: t.freeze(a["member"], REASON, {"from": a["freezer"]}),
    "unfreeze": lambda t, a: t.unfreeze(a["merchant"], REASON, {"from": a["freezer"]}),
    "recover": lambda t, a: t.recover(a["merchant"], a["member"], REASON, {"from": a["recoverer"]}),
    "revokeBudget": lambda t, a: t.revokeBudget(a["awarder"], {"from": a["guardian"]}),
    "setBudget": lambda t, a: t.setBudget(a["awarder"], 0, DAY, {"from": a["issuer"]}),
    "revokeRole": lambda t, a: t.revokeRole(roles.CORRECTOR, a["corrector"], {"from": a["issuer"]}),
    "renounceRole": lambda t, a: t.renounceRole(
        roles.CORRECTOR, a["corrector"], {"from": a["corrector"]}
    ),
    "switchExchange off": lambda t, a: t.switchExchange(False, {"from": a["guardian"]}),
    "switchExchange on": lambda t, a: t.switchExchange(True, {"from": a["issuer"]}),
}


def test_guardian_pauses_and_admin_unpauses(token, give, guardian, issuer, member):
    give(member, 100)
    word = token.supplyWord()
    assert token.isPaused() is False

    tx = token.pause({"from": guardian})
    assert token.isPaused() is True
    assert token.totalSupply() == 100
    assert_events(tx, (token, "Paused", guardian))

    tx = token.unpause({"from": issuer})
    assert token.isPaused() is False
    assert token.supplyWord() == word
    assert_events(tx, (token, "Unpaused", issuer))


def test_pausing_twice_is_refused(token, guardian):
    token.pause({"from": guardian})

    with refused("ProgramPaused"):
        token.pause({"from": guardian})


def test_unpausing_twice_is_refused(token, issuer):
    with refused("ProgramNotPaused"):
        token.unpause({"from": issuer})


def test_pause_lasts_into_later_epochs(token, awarder, guardian, member):
    token.pause({"from": guardian})
    travel_to(utc(2028, 1, 1))

    assert token.isPaused() is True
    with refused("ProgramPaused"):
        token.award(member, 1, REF, {"from": awarder})


@pytest.mark.parametrize("path", STOPPED)
def test_pause_stops(token, actors, guardian, issuer, path):
    token.pause({"from": guardian})
    before = token.supplyWord(), token.accountWord(actors["member"])

    with refused("ProgramPaused"):
        STOPPED[path](token, actors)

    assert (token.supplyWord(), token.accountWord(actors["member"])) == before
    # It was the pause that stopped it.
    token.unpause({"from": issuer})
    STOPPED[path](token, actors)
    assert token.accountWord(actors["member"]) != before[1]


@pytest.mark.parametrize("path", ALLOWED)
def test_pause_does_not_stop(token, actors, guardian, path):
    token.pause({"from": guardian})

    ALLOWED[path](token, actors)

    assert token.isPaused() is True
    assert token.totalSupply() == 200
