"""The exchange and the desk have the token check what members signed about its points.

useAuthorization
  given the exchange or the desk, and a message that a member signed for this token
    it uses up the nonce and says so; it moves nothing
  given any other caller
    it is refused
  given another message, another member, or a signature for another token
    it is refused
  given it is not valid yet or not any more, or its nonce was used
    it is refused

Spec: T40, T50
"""

import pytest
from brownie import accounts
from eth_utils import keccak
from support import roles
from support.clock import now
from support.errors import refused
from support.events import assert_events
from support.signing import message, word

NONCE = word(7)


@pytest.fixture(params=["the exchange", "the desk", "a later exchange", "a later desk"])
def carrier(request, token, exchange, desk, issuer, relayer):
    """Who carries out what members signed."""
    if request.param.startswith("the "):
        contract = exchange if request.param == "the exchange" else desk
        return accounts.at(contract.address, force=True)
    role = roles.EXCHANGE if request.param == "a later exchange" else roles.DESK
    token.grantRole(role, relayer, {"from": issuer})
    return relayer


@pytest.fixture
def note(token, desk, signer, merchant):
    """Something that a member signs, which is not for the token itself to do."""
    return message(
        token,
        "ReleaseWithAuthorization",
        desk=desk.address,
        member=signer,
        merchant=merchant,
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes.fromhex(NONCE[2:]),
    )


def use(token, note, signature, sender, **changes):
    """Uses a message up; `changes` are told to the token and were not signed."""
    told = {**note.values, **changes}
    return token.useAuthorization(
        told["member"],
        told.get("hash", note.struct_hash),
        told["validAfter"],
        told["validBefore"],
        told["nonce"],
        signature,
        {"from": sender},
    )


def test_authorization_is_used_up(token, give, note, signer, carrier):
    give(signer.address, 500)

    tx = use(token, note, signer.sign(note), carrier)

    assert tx.return_value is None
    assert token.authorizationState(signer.address, NONCE) is True
    assert token.balanceOf(signer.address) == token.totalSupply() == 500
    assert_events(tx, (token, "AuthorizationUsed", signer, NONCE))
    with refused("AuthorizationAlreadyUsed", signer, NONCE):
        use(token, note, signer.sign(note), carrier)


def test_only_exchange_and_desk_use_authorizations(
    token, note, member, issuer, awarder, outsider, registry
):
    strangers = (member, issuer, awarder, outsider, accounts.at(registry.address, force=True))
    for stranger in strangers:
        with refused("NotExchange", stranger):
            use(token, note, "0x", stranger)


def test_revoked_exchange_uses_no_authorization(token, note, signer, issuer, relayer):
    for role in (roles.EXCHANGE, roles.DESK):
        token.grantRole(role, relayer, {"from": issuer})
        token.revokeRole(role, relayer, {"from": issuer})

        with refused("NotExchange", relayer):
            use(token, note, signer.sign(note), relayer)


def test_other_message_is_refused(token, note, signer, carrier):
    with refused("InvalidSignature", signer):
        use(token, note, signer.sign(note), carrier, hash=keccak(text="something else"))


def test_other_member_is_refused(token, note, signer, other_member, carrier):
    with refused("InvalidSignature", other_member):
        use(token, note, signer.sign(note), carrier, member=other_member)


def test_message_to_the_desk_itself_is_refused(token, desk, note, signer, carrier):
    elsewhere = note.within(verifyingContract=desk.address, name="Zegel Desk")

    with refused("InvalidSignature", signer):
        use(token, note, signer.sign(elsewhere), carrier)


@pytest.mark.parametrize(("after", "before"), [(0, 10), (-10, 0)])
def test_authorization_out_of_time_is_refused(token, note, signer, carrier, after, before):
    bounds = now() + after, now() + before
    note = note.but(validAfter=bounds[0], validBefore=bounds[1])

    with refused("AuthorizationNotInForce", *bounds):
        use(token, note, signer.sign(note), carrier)

    assert token.authorizationState(signer.address, NONCE) is False
