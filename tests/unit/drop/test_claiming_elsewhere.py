"""Members have an award sent to another account of theirs, by signature.

claimTo
  given the member's signature, by key, by contract or by passkey
    it sends the points to the recipient, whoever calls it
  given a signature of someone else, or for another drop, row, recipient, time, contract or chain
    it is refused
  given it comes too late
    it is refused
  given the row was claimed before
    it is refused
  given members cannot send each other points, or the member or the recipient is frozen
    it is refused, as a transfer would be
eip712Domain
  it says what wallets must sign for

Spec: D8, D9, D10
"""

import pytest
from brownie import chain
from support.clock import now, travel_to
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.passkeys import Passkey
from support.signing import Message, packed
from support.words import bytes32, lots

EVER = 2**256 - 1
WHY = bytes32("stolen phone")


@pytest.fixture
def opened(open_drop, member, other_member):
    return open_drop((member, 500), (other_member, 70))


@pytest.fixture
def wish(drop, opened, merchant):
    """A message that the award of row 0 goes to `merchant`."""
    domain = {
        "name": "Zegel Drop",
        "version": "1",
        "chainId": chain.id,
        "verifyingContract": drop.address,
    }
    values = {
        "dropId": opened.id,
        "index": 0,
        "recipient": str(merchant),
        "validBefore": now() + 60,
    }
    return Message("ClaimTo", domain, values)


def send(opened, wish, signature, sender):
    _, index, recipient, valid_before = wish.values.values()
    return opened.contract.claimTo(
        *opened.row(index), recipient, valid_before, signature, {"from": sender}
    )


def test_award_goes_where_the_member_signed(points, drop, opened, wish, member, merchant, relayer):
    tx = send(opened, wish, packed(wish.signed_by(member)), relayer)

    assert tx.return_value is None
    assert drop.isClaimed(opened.id, 0) is True
    assert points.accountWord(merchant) == lots(1, 500)
    assert points.balanceOf(member) == 0
    assert opened.remaining == 70
    assert_events(
        tx,
        (drop, "Claimed", opened.id, member, bytes32("receipt 0"), 0, merchant, 500),
        (points, "Transfer", drop, merchant, 500),
    )


def test_contract_signs_through_its_owner(
    points, open_drop, wish, ContractWallet, member, outsider, merchant, relayer
):
    wallet = ContractWallet.deploy(member, {"from": member})
    opened = open_drop((wallet, 500), label="wallet")
    wish = wish.but(dropId=opened.id)

    with refused("InvalidSignature", wallet):
        send(opened, wish, packed(wish.signed_by(outsider)), relayer)
    send(opened, wish, packed(wish.signed_by(member)), relayer)

    assert points.balanceOf(merchant) == 500


def test_passkey_signs_as_a_key_does(points, open_drop, wish, merchant, relayer):
    phone, other_phone = Passkey(1), Passkey(2)
    opened = open_drop((phone.address, 500), label="phone")
    wish = wish.but(dropId=opened.id)

    with refused("InvalidSignature", phone.address):
        send(opened, wish, other_phone.sign(wish.digest), relayer)
    send(opened, wish, phone.sign(wish.digest), relayer)

    assert points.balanceOf(merchant) == 500


@pytest.mark.parametrize(
    "change",
    [
        {"dropId": WHY},
        {"index": 1},
        {"recipient": "0x00000000000000000000000000000000000000AA"},
        {"validBefore": EVER},
    ],
    ids=str,
)
def test_signature_for_something_else_is_refused(opened, wish, member, relayer, change):
    signature = packed(wish.but(**change).signed_by(member))

    with refused("InvalidSignature", member):
        send(opened, wish, signature, relayer)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Zegel Charter"},
        {"version": "2"},
        {"chainId": 1},
        {"verifyingContract": "0x00000000000000000000000000000000000000AA"},
    ],
    ids=str,
)
def test_signature_for_elsewhere_is_refused(opened, wish, member, relayer, change):
    signature = packed(wish.within(**change).signed_by(member))

    with refused("InvalidSignature", member):
        send(opened, wish, signature, relayer)


def test_signature_of_someone_else_is_refused(opened, wish, member, outsider):
    with refused("InvalidSignature", member):
        send(opened, wish, packed(wish.signed_by(outsider)), outsider)
    with refused("InvalidSignature", member):
        send(opened, wish, "0x", outsider)


@pytest.mark.parametrize("late", [0, 1])
def test_late_signature_is_refused(opened, wish, member, relayer, late):
    until = wish.values["validBefore"]
    travel_to(until + late)

    with refused("SignatureExpired", until):
        send(opened, wish, packed(wish.signed_by(member)), relayer)


def test_signature_is_in_time_to_the_last_second(points, opened, wish, member, merchant, relayer):
    travel_to(wish.values["validBefore"] - 1)

    send(opened, wish, packed(wish.signed_by(member)), relayer)

    assert points.balanceOf(merchant) == 500


def test_award_is_claimed_once_wherever_it_goes(points, opened, wish, member, relayer):
    signature = packed(wish.signed_by(member))
    send(opened, wish, signature, relayer)

    with refused("AlreadyClaimed", opened.id, 0):
        send(opened, wish, signature, relayer)
    with refused("AlreadyClaimed", opened.id, 0):
        opened.claim(0, member)

    assert points.totalSupply() == 570


def test_unknown_drop_is_refused(drop, opened, wish, member, relayer):
    _, row, proof = opened.row(0)

    with refused("DropUnknown", WHY):
        drop.claimTo(WHY, row, proof, relayer, EVER, "0x", {"from": relayer})


def test_points_that_members_cannot_send_go_to_the_member_only(
    distributing, open_drop, wish, member, relayer
):
    opened = open_drop((member, 500), token=distributing("STAY", transferable=False))
    wish = wish.but(dropId=opened.id)

    with refused("TransfersDisabled"):
        send(opened, wish, packed(wish.signed_by(member)), relayer)


def test_frozen_member_sends_no_award_elsewhere(points, opened, wish, freezer, member, relayer):
    points.freeze(member, WHY, {"from": freezer})

    with refused("MemberFrozen", member):
        send(opened, wish, packed(wish.signed_by(member)), relayer)


def test_frozen_recipient_gets_no_award(points, opened, wish, freezer, member, merchant, relayer):
    points.freeze(merchant, WHY, {"from": freezer})

    with refused("MemberFrozen", merchant):
        send(opened, wish, packed(wish.signed_by(member)), relayer)


def test_domain_is_told_to_wallets(drop, passkeys):
    assert plain(drop.eip712Domain())[1:] == plain(
        ("Zegel Drop", "1", chain.id, drop, bytes(32), ())
    )
    assert drop.passkeys() == passkeys
    assert passkeys != ZERO
