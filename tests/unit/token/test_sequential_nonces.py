"""Members sign with nonces that count in order, which need no storage of their own.

A nonce is sequential if its upper 216 bits are all ones; the lower 40 bits are its number.

given the number that comes next
  the message counts, and the next number is one higher
  permits count along, and the other nonces do not
given a number that has been
  it is refused as used
given a number ahead of its turn
  it is refused, and the one that is expected is named
given the number that comes next is cancelled
  the one behind it comes next
given something else is wrong with the message
  the number is not used up

Spec: T48
"""

import pytest
from support.clock import now
from support.errors import refused
from support.events import assert_events
from support.signing import message, sequential, with_key, word


@pytest.fixture
def points(give, member):
    give(member, 500)


@pytest.fixture
def move(token, points, member, other_member, relayer):
    """Sends `other_member` points with a nonce."""

    def moving(nonce, value=10):
        note = message(
            token,
            "TransferWithAuthorization",
            **{"from": member, "to": other_member, "value": value},
            validAfter=0,
            validBefore=now() + 1,
            nonce=nonce,
        )
        signature = with_key(member).sign(note)
        return token.transferWithAuthorization(*note.values.values(), signature, {"from": relayer})

    return moving


@pytest.fixture
def cancel(token, member, relayer):
    def cancelling(nonce):
        note = message(token, "CancelAuthorization", authorizer=member, nonce=nonce)
        return token.cancelAuthorization(
            member, nonce, with_key(member).sign(note), {"from": relayer}
        )

    return cancelling


def test_numbers_count_one_by_one(token, move, member, other_member):
    for number in range(3):
        assert token.nonces(member) == number
        assert token.authorizationState(member, sequential(number)) is False

        tx = move(sequential(number))

        assert token.nonces(member) == number + 1
        assert token.authorizationState(member, sequential(number)) is True
        assert_events(
            tx,
            (token, "AuthorizationUsed", member, sequential(number)),
            (token, "Transfer", member, other_member, 10),
        )
    assert token.balanceOf(member) == 470
    assert token.balanceOf(other_member) == 30


def test_number_that_has_been_is_refused(move, member):
    move(sequential(0))
    move(sequential(1))

    for number in (0, 1):
        with refused("AuthorizationAlreadyUsed", member, sequential(number)):
            move(sequential(number))


@pytest.mark.parametrize("number", [1, 2, 2**39, 2**40 - 1])
def test_number_ahead_of_its_turn_is_refused(token, move, member, number):
    with refused("NonceOutOfOrder", member, number, 0):
        move(sequential(number))

    assert token.authorizationState(member, sequential(number)) is False
    assert token.nonces(member) == 0


def test_permits_count_along(token, move, member, merchant, relayer):
    move(sequential(0))
    terms = {"value": 7, "deadline": now()}
    note = message(token, "Permit", owner=member, spender=merchant, nonce=1, **terms)
    token.permit(member, merchant, *terms.values(), with_key(member).sign(note), {"from": relayer})

    with refused("AuthorizationAlreadyUsed", member, sequential(1)):
        move(sequential(1))
    move(sequential(2))
    assert token.nonces(member) == 3


def test_other_nonces_do_not_count_along(token, move, member):
    # The largest nonce of the other kind, and one whose lower bits are the next number.
    for nonce in (word(2**256 - 2**40 - 1), word(0)):
        move(bytes.fromhex(nonce[2:]))
        assert token.nonces(member) == 0

    move(sequential(0))
    assert token.nonces(member) == 1


def test_cancelled_number_is_passed_over(token, move, cancel, member):
    tx = cancel(sequential(0))

    assert_events(tx, (token, "AuthorizationCanceled", member, sequential(0)))
    with refused("AuthorizationAlreadyUsed", member, sequential(0)):
        move(sequential(0))
    move(sequential(1))
    assert token.nonces(member) == 2


def test_cancelling_ahead_of_its_turn_is_refused(cancel, member):
    with refused("NonceOutOfOrder", member, 1, 0):
        cancel(sequential(1))


def test_refused_message_uses_no_number_up(token, move, member):
    with refused("ERC20InsufficientBalance", member, 500, 501):
        move(sequential(0), value=501)

    assert token.nonces(member) == 0
    move(sequential(0), value=500)
    assert token.balanceOf(member) == 0
