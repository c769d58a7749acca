"""Members pay with points by signature, and the shop pays the gas.

redeemWithAuthorization
  given the member's signature
    it destroys the oldest points and uses the nonce, whoever sends it
    when it is valid to the second, on either side, it is accepted
  given it is not valid yet, or not any more
    it is refused
  given someone else's signature
    it is refused, and the nonce stays unused
  given its nonce was used or cancelled
    it is refused
  given too few points, or a program that is paused
    it is refused, and the nonce stays unused

All other signatures that are none or of something else are the business of
tests/proofs/signatures/.

Spec: T49
"""

import pytest
from support.clock import now, travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events
from support.signing import message, sequential, with_key, word
from support.words import bytes32, lots

SALE = bytes32("sale 42")
NONCE = word(0xC0FFEE00)


@pytest.fixture
def points(give, signer):
    give(signer.address, 300)
    travel_to(utc(2026, 4, 1))
    give(signer.address, 20)


@pytest.fixture
def order(token, points, signer):
    """A redemption of 310 points, not signed yet."""
    return message(
        token,
        "RedeemWithAuthorization",
        member=signer,
        amount=310,
        ref=bytes.fromhex(SALE[2:]),
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes.fromhex(NONCE[2:]),
    )


def send(token, order, signer, sender):
    return token.redeemWithAuthorization(
        *order.values.values(), signer.sign(order), {"from": sender}
    )


def test_signed_redemption_destroys_the_oldest_points(token, order, signer, merchant):
    tx = send(token, order, signer, merchant)

    assert tx.return_value is None
    assert token.accountWord(signer.address) == lots(2, 10)
    assert token.totalSupply() == 10
    assert token.authorizationState(signer.address, NONCE) is True
    assert_events(
        tx,
        (token, "AuthorizationUsed", signer, NONCE),
        (token, "Transfer", signer, ZERO, 310),
        (token, "Redeemed", signer, SALE, 310, lots(2, 10, 300)),
    )


def test_signed_redemption_may_count_in_order(token, order, signer, merchant):
    for number in range(2):
        each = order.but(nonce=sequential(number), amount=100)
        send(token, each, signer, merchant)

    assert token.balanceOf(signer.address) == 120
    assert token.nonces(signer.address) == 2


@pytest.mark.parametrize(("after", "before"), [(0, 10), (10, -10), (-10, 0), (-10, -1)])
def test_signed_redemption_out_of_time_is_refused(token, order, signer, merchant, after, before):
    bounds = now() + after, now() + before
    order = order.but(validAfter=bounds[0], validBefore=bounds[1])

    with refused("AuthorizationNotInForce", *bounds):
        send(token, order, signer, merchant)

    assert token.authorizationState(signer.address, NONCE) is False


def test_redemption_signed_by_someone_else_is_refused(token, order, signer, merchant):
    with refused("InvalidSignature", signer):
        send(token, order, with_key(merchant), merchant)

    assert token.authorizationState(signer.address, NONCE) is False


def test_signed_redemption_is_used_once(token, order, signer, merchant):
    order = order.but(amount=1)
    send(token, order, signer, merchant)

    for again in (order, order.but(ref=bytes(32))):
        with refused("AuthorizationAlreadyUsed", signer, NONCE):
            send(token, again, signer, merchant)

    assert token.balanceOf(signer.address) == 319


def test_cancelled_redemption_is_refused(token, order, signer, merchant):
    note = message(token, "CancelAuthorization", authorizer=signer, nonce=order.values["nonce"])
    token.cancelAuthorization(signer.address, NONCE, signer.sign(note), {"from": merchant})

    with refused("AuthorizationAlreadyUsed", signer, NONCE):
        send(token, order, signer, merchant)


def test_signed_redemption_of_too_much_is_refused(token, order, signer, merchant):
    with refused("ERC20InsufficientBalance", signer, 320, 321):
        send(token, order.but(amount=321), signer, merchant)

    assert token.authorizationState(signer.address, NONCE) is False


def test_signed_redemption_while_paused_is_refused(token, order, signer, guardian, merchant):
    token.pause({"from": guardian})

    with refused("ProgramPaused"):
        send(token, order, signer, merchant)

    assert token.authorizationState(signer.address, NONCE) is False
