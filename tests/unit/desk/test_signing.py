"""Whose signature a voucher bears: a key's, a contract's or a passkey's.

settle
  given a member that is a contract (ERC-1271), or has a passkey
    its signature counts
  given a member's contract that reverts, answers nothing, something else or too much, or never ends
    its voucher is refused, and the others are settled
  given a contract's signature that takes all gas to read
    it is refused, and the others are settled
  given a signature of another length, of another key, of the zero address, or a malleable twin
    it is refused
  given too little gas to tell
    the whole settlement is refused
isSigned
  it tells what the desk takes for signed

Spec: O9, O14, O17
"""

import pytest
from brownie.exceptions import VirtualMachineError
from support.deploying import deploy_code
from support.desk import UNSIGNED, signed
from support.events import ZERO, events_of
from support.passkeys import Passkey
from support.signing import message, packed, twin
from support.words import bytes32

EVER = 2**256 - 1
PHONE = Passkey(1)

# What a member's contract may be made of.
CONTRACTS = {
    "it reverts": "5f5ffd",
    "it answers nothing": "00",
    "it answers something else": "7f" + "ff" * 32 + "5f5260205ff3",
    "it answers the word with something behind it": "7f1626ba7e" + "11" * 28 + "5f5260205ff3",
    "it answers too much": "62019000" + "5ff3",
    "it never ends": "5b5f56",
    "it burns its gas": "fe",
}


def refusals(tx):
    return [(event[3], event[-1]) for event in events_of(tx) if event[1] == "VoucherRefused"]


@pytest.fixture
def wallet(points, desk, awarder, member, merchant, relayer, ContractWallet):
    """A contract of `member` with a purse."""
    contract = ContractWallet.deploy(member, {"from": member})
    points.award(contract, 300, bytes32("a gift"), {"from": awarder})
    values = (contract.address, str(merchant), 300, 0, EVER, bytes32("first"))
    names = ("member", "merchant", "amount", "validAfter", "validBefore", "nonce")
    fields = dict(zip(names, values, strict=True))
    wish = message(points, "HoldWithAuthorization", desk=desk.address, **fields)
    desk.holdWithAuthorization(points, values, packed(wish.signed_by(member)), {"from": relayer})
    return contract


@pytest.fixture
def phone(points, desk, awarder, merchant, relayer):
    """A passkey with a purse."""
    points.award(PHONE.address, 300, bytes32("a gift"), {"from": awarder})
    names = ("member", "merchant", "amount", "validAfter", "validBefore", "nonce")
    values = (PHONE.address, str(merchant), 300, 0, EVER, bytes32("first"))
    fields = dict(zip(names, values, strict=True))
    wish = message(points, "HoldWithAuthorization", desk=desk.address, **fields)
    desk.holdWithAuthorization(points, values, PHONE.sign(wish.digest), {"from": relayer})
    return PHONE


def test_contract_signs_through_its_owner(points, shop, wallet, member, outsider, merchant):
    wrong = shop.promise(wallet, 100, signer=outsider)
    right = shop.promise(wallet, 100, serial=1, signer=member)

    tx = shop.settle(wrong, right)

    assert refusals(tx) == [(wallet.address, UNSIGNED)]
    assert points.balanceOf(merchant) == 100


def test_passkey_signs(points, shop, phone, merchant):
    wrong = shop.promise(phone, 100, signer=Passkey(2))
    right = shop.promise(phone, 100, serial=1)

    tx = shop.settle(wrong, right)

    assert refusals(tx) == [(phone.address, UNSIGNED)]
    assert points.balanceOf(merchant) == 100


def test_passkeys_signature_may_have_1024_bytes(points, shop, merchant, phone):
    # What a till takes at most; a web site's name makes it longer.
    long = Passkey(phone.secret, site="w" * 480 + ".example")
    voucher = shop.promise(phone, 100, signer=long)
    assert len(voucher.signature) == 1_024

    shop.settle(voucher)

    assert points.balanceOf(merchant) == 100


@pytest.mark.parametrize("code", CONTRACTS.values(), ids=CONTRACTS)
def test_odd_contract_does_not_stop_the_others(
    points, shop, hold, deployer, member, merchant, code
):
    odd = deploy_code(bytes.fromhex(code), deployer)
    hold(300, merchant)
    vouchers = [
        shop.promise(who, 100, serial=n, signer=member) for n, who in enumerate((odd, member))
    ]

    tx = shop.settle(*vouchers)

    assert refusals(tx) == [(odd, UNSIGNED)]
    assert points.balanceOf(merchant) == 100
    assert tx.gas_used < 900_000


@pytest.mark.parametrize("code", ["5b5f56", "fe"], ids=("it never ends", "it burns its gas"))
def test_many_odd_contracts_cost_no_more_than_their_share(
    points, shop, hold, deployer, member, merchant, code
):
    odd = deploy_code(bytes.fromhex(code), deployer)
    hold(300, merchant)
    vouchers = [shop.promise(odd, 1, serial=n, signer=member) for n in range(8)]

    tx = shop.settle(*vouchers, shop.promise(member, 100, serial=8))

    assert len(refusals(tx)) == 8
    assert points.balanceOf(merchant) == 100


def test_signature_too_long_to_look_at_is_refused(points, shop, hold, wallet, member, merchant):
    hold(300, merchant)
    long = shop.promise(wallet, 100, signer=member).signed("0x" + "00" * 400_000)

    tx = shop.settle(long, shop.promise(member, 100, serial=1))

    assert refusals(tx) == [(wallet.address, UNSIGNED)]
    assert points.balanceOf(merchant) == 100


def test_malformed_signatures_are_refused(points, shop, hold, member, outsider, merchant):
    hold(300, merchant)
    right = shop.promise(member, 100)
    v, r, s = right.message.signed_by(member)
    wrong = {
        "empty": "0x",
        "64 bytes": right.signature[:-2],
        "66 bytes": right.signature + "00",
        "zeros": "0x" + "00" * 65,
        "twin": packed(twin((v, r, s))),
        "other v": packed((v - 27, r, s)),
        "other key": signed(right.message, outsider),
        "long": "0x" + "11" * 300,
    }

    tx = shop.settle(*(right.signed(signature) for signature in wrong.values()))

    assert refusals(tx) == [(str(member), UNSIGNED)] * len(wrong)
    assert points.balanceOf(merchant) == 0
    shop.settle(right)
    assert points.balanceOf(merchant) == 100


def test_nobody_signs_as_the_zero_address(points, shop, desk, member, merchant):
    voucher = shop.promise(ZERO, 100, signer=member)

    tx = shop.settle(voucher.signed("0x" + "00" * 65), voucher)

    assert refusals(tx) == [(ZERO, UNSIGNED)] * 2


def test_too_little_gas_is_told_from_a_bad_signature(points, shop, phone, merchant, till):
    voucher = shop.promise(phone, 100)

    with pytest.raises(VirtualMachineError) as raised:
        shop.desk.settle(
            (points, merchant, ZERO, 0),
            [voucher.voucher],
            [voucher.signature],
            till,
            b"",
            {"from": till, "gas_limit": 560_000, "allow_revert": True},
        )

    name, _, values = raised.value.revert_msg.partition(": ")
    gas, needed = (int(value) for value in values.split(", "))
    assert name == "GasTooLow"
    assert needed == 500_000 * 64 // 63 + 10_000
    assert 450_000 < gas < needed
    assert not shop.desk.isSettled(merchant, till, 0)


def test_desk_tells_what_it_takes_for_signed(desk, shop, member, wallet):
    voucher = shop.promise(wallet, 100, signer=member)
    digest = voucher.message.digest

    assert desk.isSigned(wallet, digest, voucher.signature) is True
    assert desk.isSigned(wallet, bytes(32), voucher.signature) is False
    assert desk.isSigned(PHONE.address, digest, PHONE.sign(digest)) is True
