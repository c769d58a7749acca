"""Money goes into an issuer's account beforehand and comes out at any time.

fund
  given approved money
    it credits what arrives, from anyone
  given nothing, too little money, or a program that is not listed
    it is refused
fundWithPermit
  given a permit
    it takes the money without another approval
    when someone else has used the permit, it takes the money all the same
  given a permit by someone else, or for less, or too late
    it is refused, as the allowance is missing
withdraw
  given money in the account
    the treasurer takes it out, all of it and to anyone
    when the program is paused, suspended and shut out of the exchange, it does so too
  given nothing asked, too much asked, or the zero address as recipient
    it is refused
  given the caller is no treasurer, or the program unlisted
    it is refused
donations
  given money sent to the exchange past `fund`
    it changes no account, and nobody can take it out

Spec: X17, X18, X19
"""

import pytest
from brownie import web3
from eth_account import Account
from eth_account.messages import encode_typed_data
from support import roles
from support.clock import START
from support.errors import refused
from support.events import ZERO, assert_events
from support.market import EURO

NOW = int(START.timestamp())


@pytest.fixture(scope="module")
def shop(create_program):
    return create_program("SHOP")


@pytest.fixture
def payer(settlement, exchange, outsider):
    """Someone with 100 euro who has approved the exchange for 50."""
    settlement.mint(outsider, 100 * EURO, {"from": outsider})
    settlement.approve(exchange, 50 * EURO, {"from": outsider})
    return outsider


@pytest.fixture
def permit(settlement, exchange):
    """Signs a permit for the exchange; gives the arguments that stand behind the amount."""

    def sign(owner, amount, deadline=NOW):
        message = {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "Permit": [
                    {"name": "owner", "type": "address"},
                    {"name": "spender", "type": "address"},
                    {"name": "value", "type": "uint256"},
                    {"name": "nonce", "type": "uint256"},
                    {"name": "deadline", "type": "uint256"},
                ],
            },
            "primaryType": "Permit",
            "domain": {
                "name": "Test Euro",
                "version": "1",
                "chainId": web3.chain_id,
                "verifyingContract": settlement.address,
            },
            "message": {
                "owner": owner.address,
                "spender": exchange.address,
                "value": amount,
                "nonce": settlement.nonces(owner),
                "deadline": deadline,
            },
        }
        signed = Account.from_key(owner.private_key).sign_message(
            encode_typed_data(full_message=message)
        )
        return deadline, signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")

    return sign


def account(exchange, program):
    return int(exchange.programOf(program)[2])


# fund


def test_fund_credits_what_arrives(settlement, exchange, shop, payer):
    exchange.fund(shop, 20 * EURO, {"from": payer})

    tx = exchange.fund(shop, 30 * EURO, {"from": payer})

    assert tx.return_value is None
    assert account(exchange, shop) == 50 * EURO
    assert settlement.balanceOf(payer) == 50 * EURO
    assert_events(
        tx,
        (settlement, "Transfer", payer, exchange, 30 * EURO),
        (exchange, "Funded", shop, payer, 30 * EURO),
    )


def test_fund_of_nothing_is_refused(exchange, shop, payer):
    with refused("ZeroAmount"):
        exchange.fund(shop, 0, {"from": payer})


def test_fund_beyond_what_an_account_holds_is_refused(settlement, exchange, shop, payer):
    most = 2**96 - 1
    settlement.mint(payer, most, {"from": payer})
    settlement.approve(exchange, 2**256 - 1, {"from": payer})
    exchange.fund(shop, most - account(exchange, shop), {"from": payer})
    assert account(exchange, shop) == most

    with refused("AmountTooLarge", 1):
        exchange.fund(shop, 1, {"from": payer})

    assert account(exchange, shop) == most


def test_fund_without_allowance_is_refused(exchange, shop, payer):
    with refused("ERC20InsufficientAllowance", exchange, 50 * EURO, 50 * EURO + 1):
        exchange.fund(shop, 50 * EURO + 1, {"from": payer})


def test_fund_without_money_is_refused(settlement, exchange, shop, payer):
    settlement.approve(exchange, 101 * EURO, {"from": payer})
    with refused("ERC20InsufficientBalance", payer, 100 * EURO, 101 * EURO):
        exchange.fund(shop, 101 * EURO, {"from": payer})


def test_fund_of_strangers_is_refused(settlement, exchange, payer):
    for stranger in (settlement, payer):
        with refused("ProgramNotListed", stranger):
            exchange.fund(stranger, 1, {"from": payer})


# fundWithPermit


def test_permit_takes_the_place_of_an_approval(settlement, exchange, shop, payer, permit):
    amount = 70 * EURO

    tx = exchange.fundWithPermit(shop, amount, *permit(payer, amount), {"from": payer})

    assert account(exchange, shop) == amount
    assert settlement.balanceOf(payer) == 30 * EURO
    assert settlement.allowance(payer, exchange) == 0
    assert_events(
        tx,
        (settlement, "Approval", payer, exchange, amount),
        (settlement, "Transfer", payer, exchange, amount),
        (exchange, "Funded", shop, payer, amount),
    )


def test_permit_that_someone_else_used_is_no_obstacle(
    settlement, exchange, shop, payer, permit, member
):
    amount = 70 * EURO
    signed = permit(payer, amount)
    settlement.permit(payer, exchange, amount, *signed, {"from": member})

    tx = exchange.fundWithPermit(shop, amount, *signed, {"from": payer})

    assert account(exchange, shop) == amount
    assert tx.events["Funded"]["amount"] == amount
    with refused("ERC20InsufficientAllowance", exchange, 0, amount):
        exchange.fundWithPermit(shop, amount, *signed, {"from": payer})


def test_permit_that_does_not_hold_is_refused(settlement, exchange, shop, payer, permit, member):
    amount = 70 * EURO
    for signed in (permit(member, amount), permit(payer, 1), permit(payer, amount, NOW - 1)):
        with refused("ERC20InsufficientAllowance", exchange, 50 * EURO, amount):
            exchange.fundWithPermit(shop, amount, *signed, {"from": payer})

    assert account(exchange, shop) == 0


def test_permit_pays_for_listed_programs_only(settlement, exchange, payer, permit):
    with refused("ProgramNotListed", settlement):
        exchange.fundWithPermit(settlement, 1, *permit(payer, 1), {"from": payer})


# withdraw


def test_treasurer_takes_money_out(settlement, exchange, air, treasurer, member):
    before, held = account(exchange, air), settlement.balanceOf(exchange)

    tx = exchange.withdraw(air, member, 30 * EURO, {"from": treasurer})

    assert tx.return_value is None
    assert account(exchange, air) == before - 30 * EURO
    assert settlement.balanceOf(exchange) == held - 30 * EURO
    assert settlement.balanceOf(member) == 30 * EURO
    assert_events(
        tx,
        (exchange, "Withdrawn", air, treasurer, member, 30 * EURO),
        (settlement, "Transfer", exchange, member, 30 * EURO),
    )


def test_nothing_keeps_money_in(
    settlement, exchange, registry, air, treasurer, guardian, operator, member
):
    air.pause({"from": guardian})
    air.switchExchange(False, {"from": guardian})
    registry.suspend(air, bytes(32), {"from": operator})
    everything = account(exchange, air)

    exchange.withdraw(air, member, everything, {"from": treasurer})

    assert account(exchange, air) == 0
    assert settlement.balanceOf(member) == everything


def test_withdrawing_more_than_the_account_is_refused(exchange, air, fuel, treasurer, member):
    before = account(exchange, air)
    for amount in (before + 1, 2**256 - 1):
        with refused("AccountTooSmall", air, before, amount):
            exchange.withdraw(air, member, amount, {"from": treasurer})


def test_withdrawing_nothing_is_refused(exchange, air, treasurer, member):
    with refused("ZeroAmount"):
        exchange.withdraw(air, member, 0, {"from": treasurer})


def test_withdrawing_to_nobody_is_refused(exchange, air, treasurer):
    with refused("ZeroAddress"):
        exchange.withdraw(air, ZERO, 1, {"from": treasurer})


def test_money_of_others_is_refused(exchange, air, settlement, treasurer, issuer, pricer, outsider):
    for caller in (issuer, pricer, outsider):
        with refused("MissingRole", caller, air, roles.TREASURER):
            exchange.withdraw(air, caller, 1, {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.withdraw(settlement, treasurer, 1, {"from": treasurer})


# donations


def test_donations_belong_to_nobody(settlement, exchange, air, treasurer, member, payer):
    before = account(exchange, air)
    others = settlement.balanceOf(exchange) - before

    settlement.transfer(exchange, 40 * EURO, {"from": payer})

    assert account(exchange, air) == before
    with refused("AccountTooSmall", air, before, before + 1):
        exchange.withdraw(air, member, before + 1, {"from": treasurer})
    with refused("ZeroAmount"):
        exchange.withdrawFees({"from": member})
    exchange.withdraw(air, member, before, {"from": treasurer})
    assert settlement.balanceOf(exchange) == others + 40 * EURO
