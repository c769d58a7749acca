"""Members sign conversions, and someone else pays the gas.

convertWithAuthorization
  given the member's signature for the token that is given up
    it converts, and the token uses the nonce up, whoever sends it
    when the recipient is someone else, they receive what was bought
  given a cash-out
    it pays the recipient
  given a top-up, signed for the token that is bought
    it takes the money that the member approved
  given it is not valid yet or not any more, or its nonce was used or cancelled
    it is refused
  given less than the member accepts, or points that cannot be sent for someone else
    it is refused, and the nonce stays unused
  given a token that is not listed, or the settlement token on both sides
    it is refused before anything is asked of it

Signatures that are none, and signatures of something else, are refused by
tests/proofs/signatures/.

Spec: X25
"""

import pytest
from support.clock import now
from support.errors import refused
from support.events import ZERO, assert_events
from support.market import EURO
from support.passkeys import Passkey
from support.signing import message, sequential, with_key, with_passkey, word

NONCE = word(0xC0FFEE00)


@pytest.fixture(params=["key", "contract", "passkey"])
def signer(request, air, give, member, ContractWallet):
    """A member of each kind, with 10,000 AIR."""
    wallet = request.param == "contract" and ContractWallet.deploy(member, {"from": member})
    signer = with_passkey(Passkey(1)) if request.param == "passkey" else with_key(member, wallet)
    give(air, signer.address, 1_000_000)
    return signer


@pytest.fixture
def order(exchange, air, fuel, signer):
    """A conversion of 250.5 AIR into FUEL, not signed yet."""
    return message(
        air,
        "ConvertWithAuthorization",
        exchange=exchange.address,
        member=signer,
        **{"from": air.address, "to": fuel.address},
        amount=25_050,
        minOut=3,
        recipient=signer,
        validAfter=now() - 1,
        validBefore=now() + 1,
        nonce=bytes.fromhex(NONCE[2:]),
    )


@pytest.fixture
def send(exchange, relayer):
    def sending(order, signer):
        _, *fields = order.values.values()
        signature = signer.sign(order)
        return exchange.convertWithAuthorization(fields, signature, {"from": relayer})

    return sending


def account(exchange, program):
    return int(exchange.programOf(program)[2])


def test_signed_conversion_moves_points_and_money(exchange, air, fuel, order, send, signer):
    accounts = [account(exchange, program) for program in (air, fuel)]

    tx = send(order, signer)

    assert tx.return_value == 3
    assert air.balanceOf(signer.address) == air.totalSupply() == 1_000_000 - 25_050
    assert fuel.balanceOf(signer.address) == fuel.totalSupply() == 3
    assert air.authorizationState(signer.address, NONCE) is True
    assert fuel.authorizationState(signer.address, NONCE) is False
    assert account(exchange, air) == accounts[0] - 2_004_000
    assert account(exchange, fuel) == accounts[1] + 2_004_000
    assert_events(
        tx,
        (air, "AuthorizationUsed", signer, NONCE),
        (exchange, "Converted", signer, air, fuel, signer, 25_050, 3, 2_004_000, 1, 1),
        (air, "Transfer", signer, ZERO, 25_050),
        (fuel, "Transfer", ZERO, signer, 3),
    )


def test_signed_conversion_may_be_for_someone_else(fuel, order, send, signer, outsider):
    send(order.but(recipient=str(outsider)), signer)

    assert fuel.balanceOf(outsider) == 3
    assert fuel.balanceOf(signer.address) == 0


def test_signed_conversions_may_count_in_order(air, fuel, order, send, signer):
    for number in range(2):
        send(order.but(nonce=sequential(number)), signer)

    assert fuel.balanceOf(signer.address) == 6
    assert air.nonces(signer.address) == 2


def test_signed_cash_out_pays_the_bid(
    settlement, exchange, air, order, send, signer, issuer, outsider
):
    exchange.switchCash(air, (False, True), {"from": issuer})
    # 250.5 AIR at 0.008 are 2.004 euro.
    order = order.but(to=settlement.address, minOut=2_004_000, recipient=str(outsider))

    tx = send(order, signer)

    assert tx.return_value == settlement.balanceOf(outsider) == 2_004_000
    assert air.balanceOf(signer.address) == 1_000_000 - 25_050
    assert_events(
        tx,
        (air, "AuthorizationUsed", signer, NONCE),
        (
            *(exchange, "Converted", signer, air, settlement, outsider),
            *(25_050, 2_004_000, 2_004_000, 1, 0),
        ),
        (air, "Transfer", signer, ZERO, 25_050),
        (settlement, "Transfer", exchange, outsider, 2_004_000),
    )


def test_signed_top_up_takes_what_the_member_approved(
    settlement, exchange, air, order, send, issuer, member
):
    """By the key of an account: the money's own approval has to come from somewhere."""
    signer = with_key(member)
    exchange.switchCash(air, (True, False), {"from": issuer})
    settlement.mint(member, 10 * EURO, {"from": member})
    settlement.approve(exchange, EURO, {"from": member})
    before = air.balanceOf(member)
    # 1 euro at 0.01 is 100 AIR.
    order = order.but(
        **{"from": settlement.address, "to": air.address},
        member=str(member),
        recipient=str(member),
        amount=EURO,
        minOut=10_000,
    )

    tx = send(order, signer)

    assert tx.return_value == 10_000
    assert air.balanceOf(member) == before + 10_000
    assert settlement.balanceOf(member) == 9 * EURO
    assert_events(
        tx,
        (air, "AuthorizationUsed", member, NONCE),
        (exchange, "Converted", member, settlement, air, member, EURO, 10_000, EURO, 0, 1),
        (settlement, "Transfer", member, exchange, EURO),
        (air, "Transfer", ZERO, member, 10_000),
    )
    again = order.but(nonce=bytes(32))
    with refused("ERC20InsufficientAllowance", exchange, 0, EURO):
        send(again, signer)


@pytest.mark.parametrize(("after", "before"), [(0, 10), (10, -10), (-10, 0), (-10, -1)])
def test_signed_conversion_out_of_time_is_refused(air, order, send, signer, after, before):
    bounds = now() + after, now() + before

    with refused("AuthorizationNotInForce", *bounds):
        send(order.but(validAfter=bounds[0], validBefore=bounds[1]), signer)

    assert air.authorizationState(signer.address, NONCE) is False


def test_signed_conversion_is_used_once(fuel, order, send, signer):
    send(order, signer)

    for again in (order, order.but(amount=12_500, minOut=0)):
        with refused("AuthorizationAlreadyUsed", signer, NONCE):
            send(again, signer)

    assert fuel.balanceOf(signer.address) == 3


def test_cancelled_conversion_is_refused(air, order, send, signer, relayer):
    note = message(air, "CancelAuthorization", authorizer=signer, nonce=order.values["nonce"])
    air.cancelAuthorization(signer.address, NONCE, signer.sign(note), {"from": relayer})

    with refused("AuthorizationAlreadyUsed", signer, NONCE):
        send(order, signer)


def test_conversion_below_what_the_member_accepts_is_refused(air, order, send, signer):
    with refused("OutputTooLow", 3, 4):
        send(order.but(minOut=4), signer)

    assert air.authorizationState(signer.address, NONCE) is False


def test_conversion_of_points_that_cannot_be_sent_is_for_the_member(
    open_program, fuel, give, order, send, signer, outsider
):
    work = open_program("WORK", 8 * 10**9, 10**10, transferable=False)
    give(work, signer.address, 1_000_000)
    order = order.but(**{"from": work.address})
    order = order.within(verifyingContract=work.address, name="WORK points")

    with refused("TransfersDisabled", work):
        send(order.but(recipient=str(outsider)), signer)
    send(order, signer)

    assert fuel.balanceOf(signer.address) == 3


def test_conversion_of_unlisted_points_is_refused_at_once(
    settlement, order, send, signer, outsider
):
    with refused("ProgramNotListed", outsider):
        send(order.but(**{"from": str(outsider)}), signer)
    with refused("ProgramNotListed", settlement):
        send(order.but(**{"from": settlement.address, "to": settlement.address}), signer)
