"""Members approve by signature, and someone else pays the gas (ERC-2612).

permit
  given the owner's signature
    it sets the allowance and uses the nonce, whoever sends it
    when it comes in the last second, it is in time
    when the owner has never been seen, it works
    when points of the owner have expired, it announces them
  given it comes too late
    it is refused
  given it was used before
    it is refused
  given the spender is the zero address
    it is refused
nonces
  they count up one by one
DOMAIN_SEPARATOR and eip712Domain
  they say what wallets must sign for
  given the chain's number changes
    the domain follows

Signatures that are none, and signatures of something else, are refused by
tests/proofs/signatures/.

Spec: T36
"""

import pytest
from brownie import chain, web3
from eth_abi import encode
from eth_utils import keccak
from support.clock import now, travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.signing import message
from support.words import lots


@pytest.fixture
def permit(token, member, merchant):
    """A permit of `member` for `merchant`."""
    return message(
        token, "Permit", owner=member, spender=merchant, value=700, nonce=0, deadline=now() + 60
    )


def send(token, permit, signature, sender):
    """Sends a permit; the nonce is not among the arguments."""
    owner, spender, value, _, deadline = permit.values.values()
    return token.permit(owner, spender, value, deadline, *signature, {"from": sender})


def test_permit_sets_the_allowance(token, give, permit, member, merchant, relayer):
    give(member, 500)

    tx = send(token, permit, permit.signed_by(member), relayer)

    assert tx.return_value is None
    assert token.allowance(member, merchant) == 700
    assert token.nonces(member) == 1
    assert token.balanceOf(member) == token.totalSupply() == 500
    assert_events(tx, (token, "Approval", member, merchant, 700))
    token.redeemFrom(member, 500, "0x0", {"from": merchant})
    assert token.totalSupply() == 0


def test_permit_counts_nonces_up(token, permit, member, merchant, relayer):
    for nonce, value in enumerate((700, 0, 2**256 - 1)):
        later = permit.but(nonce=nonce, value=value)
        send(token, later, later.signed_by(member), relayer)

        assert token.nonces(member) == nonce + 1
        assert token.allowance(member, merchant) == value

    # The nonce stands above points, epoch and flags, and moves none of them.
    assert token.accountWord(member) == lots(1) | 3 << 216


def test_nonces_survive_points_and_freezing(
    token, give, permit, freezer, member, other_member, relayer
):
    send(token, permit, permit.signed_by(member), relayer)
    give(member, 500)
    token.transfer(other_member, 200, {"from": member})
    token.freeze(member, "0x0", {"from": freezer})
    travel_to(utc(2028, 1, 1))
    token.sweep([member], {"from": member})

    assert token.nonces(member) == 1
    assert token.isFrozen(member) is True
    assert token.nonces(other_member) == 0


def test_permit_announces_expired_points(token, give, permit, member, merchant, relayer):
    give(member, 500)
    travel_to(utc(2027, 1, 1))
    late = permit.but(deadline=now())

    tx = send(token, late, late.signed_by(member), relayer)

    assert token.accountWord(member) == lots(5) | 1 << 216
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 500),
        (token, "Expired", member, 500),
        (token, "Approval", member, merchant, 700),
    )


@pytest.mark.parametrize("early", [0, 1, 2**255])
def test_permit_is_in_time_to_the_last_second(token, permit, member, merchant, relayer, early):
    last = permit.but(deadline=now() + early)

    send(token, last, last.signed_by(member), relayer)

    assert token.allowance(member, merchant) == 700


@pytest.mark.parametrize("late", [1, 60])
def test_late_permit_is_refused(token, permit, member, relayer, late):
    deadline = now() - late
    expired = permit.but(deadline=deadline)

    with refused("PermitExpired", deadline):
        send(token, expired, expired.signed_by(member), relayer)


def test_permit_is_used_once(token, permit, member, merchant, relayer):
    signature = permit.signed_by(member)
    send(token, permit, signature, relayer)

    with refused("InvalidSignature", member):
        send(token, permit, signature, relayer)

    assert token.nonces(member) == 1


def test_permit_for_the_zero_address_is_refused(token, permit, member, relayer):
    nobody = permit.but(spender=ZERO)

    with refused("ERC20InvalidSpender", ZERO):
        send(token, nobody, nobody.signed_by(member), relayer)
    assert token.nonces(member) == 0


# The domain


def separator(token, name, chain_id):
    """The domain's hash, by the letter of EIP-712."""
    typed = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    return keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [keccak(typed), keccak(text=name), keccak(b"1"), chain_id, token.address],
        )
    )


# A name of 31 bytes is the longest.
@pytest.mark.parametrize("name", ["Air", "Points of an airline, 31 bytes."])
def test_domain_is_published(create_program, name):
    token = create_program("NAME", name=name)

    assert token.DOMAIN_SEPARATOR() == "0x" + separator(token, name, chain.id).hex()
    assert plain(token.eip712Domain()) == plain(
        ("0x0f", name, "1", chain.id, token, "0x" + "00" * 32, ())
    )


def test_domain_follows_the_chain(token):
    forked = 4_242
    web3.provider.make_request("anvil_setChainId", [forked])
    try:
        after = token.DOMAIN_SEPARATOR()
        domain = token.eip712Domain()
    finally:
        web3.provider.make_request("anvil_setChainId", [chain.id])

    assert after == "0x" + separator(token, token.name(), forked).hex()
    assert domain[3] == forked
    assert token.DOMAIN_SEPARATOR() == "0x" + separator(token, token.name(), chain.id).hex()
