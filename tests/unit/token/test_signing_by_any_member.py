"""Members sign by a key, as a contract (ERC-1271) or by a passkey, and hand in bytes.

given a signature of any of them
  permit, transferWithAuthorization, receiveWithAuthorization and cancelAuthorization do what they
  do for the three parts of a key's signature
given an account with a key that has code as well (EIP-7702)
  its key signs, and so does its code
given the parts of a contract owner's signature
  the functions for three parts take them too

Spec: T47
"""

import pytest
from brownie import web3
from support.clock import now
from support.errors import refused
from support.events import assert_events
from support.signing import message, with_key, word
from support.words import bytes32

NONCE = bytes32("a number")


@pytest.fixture
def note(token, give, signer, other_member):
    """A transfer of 120 points to `other_member`, not signed yet."""
    give(signer.address, 500)
    return message(
        token,
        "TransferWithAuthorization",
        **{"from": signer, "to": other_member, "value": 120},
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes.fromhex(NONCE[2:]),
    )


def moved(token, signer, receiver):
    return (
        (token, "AuthorizationUsed", signer, NONCE),
        (token, "Transfer", signer, receiver, 120),
    )


def test_any_member_sends_by_signature(token, note, signer, other_member, relayer):
    tx = token.transferWithAuthorization(
        *note.values.values(), signer.sign(note), {"from": relayer}
    )

    assert token.balanceOf(other_member) == 120
    assert token.authorizationState(signer.address, NONCE) is True
    assert_events(tx, *moved(token, signer, other_member))


def test_any_members_transfer_is_received(token, note, signer, other_member):
    note = note.of("ReceiveWithAuthorization")

    tx = token.receiveWithAuthorization(
        *note.values.values(), signer.sign(note), {"from": other_member}
    )

    assert token.balanceOf(other_member) == 120
    assert_events(tx, *moved(token, signer, other_member))


def test_only_the_recipient_receives_by_any_signature(token, note, signer, other_member, relayer):
    note = note.of("ReceiveWithAuthorization")

    with refused("CallerNotRecipient", relayer, other_member):
        token.receiveWithAuthorization(*note.values.values(), signer.sign(note), {"from": relayer})

    assert token.authorizationState(signer.address, NONCE) is False


def test_any_member_cancels(token, signer, relayer):
    note = message(token, "CancelAuthorization", authorizer=signer, nonce=bytes(32))

    tx = token.cancelAuthorization(signer.address, bytes(32), signer.sign(note), {"from": relayer})

    assert token.authorizationState(signer.address, bytes(32)) is True
    assert_events(tx, (token, "AuthorizationCanceled", signer, word(0)))


def test_any_member_permits(token, signer, merchant, relayer):
    terms = {"value": 700, "deadline": now()}
    note = message(token, "Permit", owner=signer, spender=merchant, nonce=0, **terms)

    tx = token.permit(
        signer.address, merchant, *terms.values(), signer.sign(note), {"from": relayer}
    )

    assert token.allowance(signer.address, merchant) == 700
    assert token.nonces(signer.address) == 1
    assert_events(tx, (token, "Approval", signer, merchant, 700))


@pytest.mark.parametrize("hand", ["key", "code"])
def test_account_with_code_signs_by_both(
    token, give, ContractWallet, member, other_member, outsider, relayer, hand
):
    """`member` has delegated to code by which `outsider` signs, as EIP-7702 lets it."""
    wallet = ContractWallet.deploy(outsider, {"from": outsider})
    code = web3.eth.get_code(wallet.address).hex().removeprefix("0x")
    web3.provider.make_request("anvil_setCode", [str(member), "0x" + code])
    try:
        give(member, 500)
        signer = with_key(member if hand == "key" else outsider, member)
        note = message(
            token,
            "TransferWithAuthorization",
            **{"from": member, "to": other_member, "value": 120},
            validAfter=0,
            validBefore=now() + 1,
            nonce=bytes(32),
        )
        token.transferWithAuthorization(*note.values.values(), signer.sign(note), {"from": relayer})
        assert token.balanceOf(other_member) == 120
    finally:
        web3.provider.make_request("anvil_setCode", [str(member), "0x"])


def test_three_parts_may_be_those_of_a_contracts_owner(
    token, give, ContractWallet, member, other_member, merchant, relayer
):
    wallet = ContractWallet.deploy(member, {"from": member})
    give(wallet, 500)
    move = {"from": str(wallet), "to": other_member, "value": 60}
    times = {"validAfter": 0, "validBefore": now() + 1}
    sent = message(token, "TransferWithAuthorization", **move, **times, nonce=bytes(32))
    got = message(token, "ReceiveWithAuthorization", **move, **times, nonce=b"\1".rjust(32, b"\0"))
    ended = message(
        token, "CancelAuthorization", authorizer=str(wallet), nonce=b"\2".rjust(32, b"\0")
    )
    terms = {"value": 7, "deadline": now()}
    allowed = message(token, "Permit", owner=str(wallet), spender=merchant, nonce=0, **terms)

    def parts(note):
        return note.signed_by(member)

    token.transferWithAuthorization(*sent.values.values(), *parts(sent), {"from": relayer})
    token.receiveWithAuthorization(*got.values.values(), *parts(got), {"from": other_member})
    token.cancelAuthorization(*ended.values.values(), *parts(ended), {"from": relayer})
    token.permit(wallet, merchant, *terms.values(), *parts(allowed), {"from": relayer})

    assert token.balanceOf(other_member) == 120
    assert token.authorizationState(wallet, word(2)) is True
    assert token.allowance(wallet, merchant) == 7
