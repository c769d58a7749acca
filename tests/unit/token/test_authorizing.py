"""Members send points by signature, and someone else pays the gas (ERC-3009).

transferWithAuthorization
  given the sender's signature
    it moves the points and uses the nonce, whoever sends it
    when it is valid to the second, on either side, it is accepted
  given it is not valid yet, or not any more
    it is refused
  given its nonce was used or cancelled
    it is refused
  given too few points, the zero address, or points that may not be sent
    it is refused, and the nonce stays unused
receiveWithAuthorization
  it does the same, for the recipient only
cancelAuthorization
  it uses the nonce and moves nothing
  given the nonce was used or cancelled
    it is refused
nonces
  they are in no order, and each counts once for each signer, in the same word or another

Signatures that are none, and signatures of something else, are refused by
tests/proofs/signatures/; nonces that count in order have test_sequential_nonces.py.

Spec: T37, T38, T39
"""

import pytest
from support.clock import now
from support.errors import refused
from support.events import ZERO, assert_events
from support.signing import message, word
from support.words import bytes32

NONCE = word(0xC0FFEE00)

TRANSFER = "TransferWithAuthorization"
RECEIVE = "ReceiveWithAuthorization"
CANCEL = "CancelAuthorization"


@pytest.fixture
def points(give, member):
    """What `member` has."""
    give(member, 500)
    return 500


@pytest.fixture
def note(token, points, member, other_member):
    """A signed transfer from `member` to `other_member`, not signed yet."""
    return message(
        token,
        TRANSFER,
        **{"from": member, "to": other_member, "value": 120},
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes.fromhex(NONCE[2:]),
    )


@pytest.fixture(params=[TRANSFER, RECEIVE])
def kind(request):
    """Either way of using a signed transfer."""
    return request.param


def send(token, note, signature, sender):
    """Uses a signed transfer in the way of its type."""
    function = getattr(token, note.type[0].lower() + note.type[1:])
    return function(*note.values.values(), *signature, {"from": sender})


def cancel(token, note, signer, sender):
    """Cancels a signed transfer."""
    authorizer, nonce = note.values["from"], note.values["nonce"]
    wanted = message(token, CANCEL, authorizer=authorizer, nonce=nonce)
    return token.cancelAuthorization(authorizer, nonce, *wanted.signed_by(signer), {"from": sender})


# Using


def test_signed_transfer_moves_points(token, note, points, member, other_member, relayer):
    assert token.authorizationState(member, NONCE) is False

    tx = send(token, note, note.signed_by(member), relayer)

    assert tx.return_value is None
    assert token.balanceOf(member) == points - 120
    assert token.balanceOf(other_member) == 120
    assert token.totalSupply() == points
    assert token.authorizationState(member, NONCE) is True
    assert token.authorizationState(other_member, NONCE) is False
    assert token.nonces(member) == 0
    assert_events(
        tx,
        (token, "AuthorizationUsed", member, NONCE),
        (token, "Transfer", member, other_member, 120),
    )


def test_signed_transfer_is_received(token, note, points, member, other_member):
    note = note.of(RECEIVE)

    tx = send(token, note, note.signed_by(member), other_member)

    assert tx.return_value is None
    assert token.balanceOf(member) == points - 120
    assert token.balanceOf(other_member) == 120
    assert token.totalSupply() == points
    assert token.authorizationState(member, NONCE) is True
    assert_events(
        tx,
        (token, "AuthorizationUsed", member, NONCE),
        (token, "Transfer", member, other_member, 120),
    )


def test_only_the_recipient_receives(token, note, member, other_member, relayer):
    note = note.of(RECEIVE)
    signature = note.signed_by(member)

    for caller in (relayer, member):
        with refused("CallerNotRecipient", caller, other_member):
            send(token, note, signature, caller)

    assert token.authorizationState(member, NONCE) is False


def test_signed_transfer_keeps_allowances(token, note, member, relayer):
    token.approve(relayer, 7, {"from": member})

    send(token, note, note.signed_by(member), relayer)

    assert token.allowance(member, relayer) == 7


# When it is valid; both bounds are exclusive.


@pytest.mark.parametrize(("after", "before"), [(-1, 1), (-(10**6), 1), (-1, 10**6)])
def test_signed_transfer_is_valid_to_the_second(
    token, note, kind, member, other_member, after, before
):
    note = note.of(kind).but(validAfter=now() + after, validBefore=now() + before)

    send(token, note, note.signed_by(member), other_member)

    assert token.balanceOf(other_member) == 120


@pytest.mark.parametrize(
    ("after", "before"), [(0, 10), (1, 10), (10, -10), (-10, 0), (-10, -1), (0, 0)]
)
def test_signed_transfer_out_of_time_is_refused(
    token, note, kind, member, other_member, after, before
):
    bounds = now() + after, now() + before
    note = note.of(kind).but(validAfter=bounds[0], validBefore=bounds[1])

    with refused("AuthorizationNotInForce", *bounds):
        send(token, note, note.signed_by(member), other_member)

    assert token.authorizationState(member, NONCE) is False


# Once


def test_signed_transfer_is_used_once(token, note, kind, member, other_member):
    note = note.of(kind)
    signature = note.signed_by(member)
    send(token, note, signature, other_member)

    with refused("AuthorizationAlreadyUsed", member, NONCE):
        send(token, note, signature, other_member)
    # Neither does another transfer get through with the same nonce, of either kind.
    for again in (note.of(TRANSFER).but(value=1), note.of(RECEIVE).but(value=1)):
        with refused("AuthorizationAlreadyUsed", member, NONCE):
            send(token, again, again.signed_by(member), other_member)

    assert token.balanceOf(other_member) == 120


@pytest.mark.parametrize(
    "nonces",
    [
        [0, 1, 255, 128],
        [256, 511, 0, 257],
        # The first one is the last that does not count in order.
        [2**256 - 2**40 - 1, 2**255, 2**248, 1],
        [0xC0FFEE00, 0xC0FFEEFF, 0xC0FFEF00, 0xC0FFEDFF],
    ],
    ids=["one word", "neighbours", "far apart", "around a word"],
)
def test_nonces_do_not_touch_each_other(token, note, member, other_member, relayer, nonces):
    for count, nonce in enumerate(nonces):
        used = [token.authorizationState(member, word(other)) for other in nonces]
        assert used == [place < count for place in range(len(nonces))]

        single = note.but(value=1, nonce=nonce.to_bytes(32, "big"))
        send(token, single, single.signed_by(member), relayer)
        with refused("AuthorizationAlreadyUsed", member, word(nonce)):
            send(token, single, single.signed_by(member), relayer)

    assert token.balanceOf(other_member) == len(nonces)


def test_nonces_belong_to_their_signer(token, give, note, member, other_member, relayer):
    give(other_member, 10)
    send(token, note, note.signed_by(member), relayer)

    back = note.but(**{"from": str(other_member), "to": str(member), "value": 130})
    send(token, back, back.signed_by(other_member), relayer)

    assert token.balanceOf(other_member) == 0


# Cancelling


def test_signed_transfer_is_cancelled(token, note, kind, points, member, other_member, relayer):
    note = note.of(kind)

    tx = cancel(token, note, member, relayer)

    assert tx.return_value is None
    assert token.authorizationState(member, NONCE) is True
    assert_events(tx, (token, "AuthorizationCanceled", member, NONCE))
    with refused("AuthorizationAlreadyUsed", member, NONCE):
        send(token, note, note.signed_by(member), other_member)
    assert token.balanceOf(member) == token.totalSupply() == points


def test_cancelling_twice_is_refused(token, note, member, relayer):
    cancel(token, note, member, relayer)

    with refused("AuthorizationAlreadyUsed", member, NONCE):
        cancel(token, note, member, relayer)


def test_cancelling_after_use_is_refused(token, note, member, relayer):
    send(token, note, note.signed_by(member), relayer)

    with refused("AuthorizationAlreadyUsed", member, NONCE):
        cancel(token, note, member, relayer)


def test_zeros_do_not_sign_for_the_zero_address(token, note, relayer):
    """Of the signatures that are none, the one that a library takes for the zero address's."""
    with refused("InvalidSignature", ZERO):
        send(token, note.but(**{"from": ZERO}), (27, word(0), word(0)), relayer)


# Transfers that fail leave the nonce unused.


def test_signed_transfer_of_too_much_is_refused(token, note, points, member, relayer):
    note = note.but(value=points + 1)

    with refused("ERC20InsufficientBalance", member, points, points + 1):
        send(token, note, note.signed_by(member), relayer)

    assert token.authorizationState(member, NONCE) is False


def test_signed_transfer_to_the_zero_address_is_refused(token, note, member, relayer):
    note = note.but(to=ZERO)

    with refused("ERC20InvalidReceiver", ZERO):
        send(token, note, note.signed_by(member), relayer)

    assert token.authorizationState(member, NONCE) is False


def test_signed_transfer_is_refused_where_members_may_not_send(
    create_program, awarder, member, other_member, relayer
):
    token = create_program("SHOP", transferable=False)
    token.award(member, 100, bytes32("a gift"), {"from": awarder})
    note = message(
        token,
        TRANSFER,
        **{"from": member, "to": other_member, "value": 1},
        validAfter=0,
        validBefore=now() + 1,
        nonce=bytes(32),
    )

    with refused("TransfersDisabled"):
        send(token, note, note.signed_by(member), relayer)
    received = note.of(RECEIVE)
    with refused("TransfersDisabled"):
        send(token, received, received.signed_by(member), other_member)
