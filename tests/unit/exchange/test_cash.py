"""Issuers may sell their points for money, and buy them back.

switchCash
  given the admin
    it opens and closes top-up and cash-out, each by itself
  given the caller is not the admin, or the program unlisted
    it is refused
convert, of points into money
  given cash-out is open
    it pays the bid to the recipient
  given it is closed
    it is refused
convert, of money into points
  given top-up is open
    it takes all of the money and gives points at the ask
  given it is closed
    it is refused
  given the member has not enough money, or has not approved it
    it is refused

Spec: X21
"""

import pytest
from support import roles
from support.errors import refused
from support.events import ZERO, assert_events
from support.market import EURO, EVER, fields

ACCOUNT = 1_000 * EURO


@pytest.fixture(scope="module")
def shop(exchange, air, give, member, issuer):
    """AIR with both doors open, and a member with 10,000 points."""
    exchange.switchCash(air, (True, True), {"from": issuer})
    give(air, member, 1_000_000)
    return air


@pytest.fixture
def rich_member(settlement, exchange, member):
    """The member with 100 euro, of which the exchange may take 50."""
    settlement.mint(member, 100 * EURO, {"from": member})
    settlement.approve(exchange, 50 * EURO, {"from": member})
    return member


def test_both_doors_open_and_close_by_themselves(exchange, create_program, issuer):
    shop = create_program("SHOP")
    assert fields(exchange.cashSwitchesOf(shop)) == (False, False)
    old = (False, False)
    for new in ((True, False), (False, True), (True, True), (False, False)):
        tx = exchange.switchCash(shop, new, {"from": issuer})

        assert fields(exchange.cashSwitchesOf(shop)) == new
        assert_events(tx, (exchange, "CashSwitched", shop, old, new))
        old = new


def test_switches_of_others_are_refused(exchange, shop, settlement, pricer, outsider, issuer):
    for caller in (pricer, outsider):
        with refused("MissingRole", caller, shop, roles.DEFAULT_ADMIN):
            exchange.switchCash(shop, (True, True), {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.switchCash(settlement, (True, True), {"from": issuer})


def test_cash_out_pays_the_bid(settlement, exchange, shop, member, outsider):
    # 123.45 AIR at 0.008 are 0.9876 euro.
    paid = 987_600

    tx = exchange.convert(shop, settlement, 12_345, paid, outsider, EVER, {"from": member})

    assert tx.return_value == paid
    assert shop.balanceOf(member) == shop.totalSupply() == 1_000_000 - 12_345
    assert settlement.balanceOf(outsider) == paid
    assert settlement.balanceOf(exchange) == exchange.programOf(shop)[2] == ACCOUNT - paid
    assert_events(
        tx,
        (exchange, "Converted", member, shop, settlement, outsider, 12_345, paid, paid, 1, 0),
        (shop, "Transfer", member, ZERO, 12_345),
        (settlement, "Transfer", exchange, outsider, paid),
    )


def test_money_for_nobody_is_refused(settlement, exchange, shop, member):
    with refused("ZeroAddress"):
        exchange.convert(shop, settlement, 12_500, 1, ZERO, EVER, {"from": member})


def test_closed_cash_out_is_refused(settlement, exchange, shop, issuer, member):
    exchange.switchCash(shop, (True, False), {"from": issuer})

    with refused("CashOutClosed", shop):
        exchange.convert(shop, settlement, 12_500, 1, member, EVER, {"from": member})


def test_cash_out_beyond_the_account_is_refused(
    settlement, exchange, shop, treasurer, member, outsider
):
    exchange.withdraw(shop, outsider, ACCOUNT - 1, {"from": treasurer})

    with refused("AccountTooSmall", shop, 1, 1_000_000):
        exchange.convert(shop, settlement, 12_500, 1, member, EVER, {"from": member})


def test_top_up_sells_at_the_ask(settlement, exchange, shop, rich_member, outsider):
    # 12.345678 euro at 0.01 are 1,234.5678 AIR, of which two decimals count.
    amount, out = 12_345_678, 123_456

    tx = exchange.convert(settlement, shop, amount, out, outsider, EVER, {"from": rich_member})

    assert tx.return_value == out
    assert shop.balanceOf(outsider) == out
    assert shop.totalSupply() == 1_000_000 + out
    assert settlement.balanceOf(rich_member) == 100 * EURO - amount
    assert settlement.balanceOf(exchange) == exchange.programOf(shop)[2] == ACCOUNT + amount
    assert_events(
        tx,
        (exchange, "Converted", rich_member, settlement, shop, outsider, amount, out, amount, 0, 1),
        (settlement, "Transfer", rich_member, exchange, amount),
        (shop, "Transfer", ZERO, outsider, out),
    )


def test_closed_top_up_is_refused(settlement, exchange, shop, issuer, rich_member):
    exchange.switchCash(shop, (False, True), {"from": issuer})

    with refused("TopUpClosed", shop):
        exchange.convert(settlement, shop, EURO, 1, rich_member, EVER, {"from": rich_member})


def test_top_up_without_leave_is_refused(settlement, exchange, shop, rich_member):
    amount = 50 * EURO + 1
    with refused("ERC20InsufficientAllowance", exchange, 50 * EURO, amount):
        exchange.convert(settlement, shop, amount, 1, rich_member, EVER, {"from": rich_member})


def test_top_up_without_money_is_refused(settlement, exchange, shop, rich_member):
    settlement.approve(exchange, 2**256 - 1, {"from": rich_member})
    amount = 100 * EURO + 1
    with refused("ERC20InsufficientBalance", rich_member, 100 * EURO, amount):
        exchange.convert(settlement, shop, amount, 1, rich_member, EVER, {"from": rich_member})


def test_top_up_beyond_all_money_is_refused(settlement, exchange, shop, rich_member):
    with refused("AmountTooLarge", 2**96):
        exchange.convert(settlement, shop, 2**96, 1, rich_member, EVER, {"from": rich_member})


def test_top_up_of_nothing_is_refused(settlement, exchange, shop, rich_member):
    for amount in (0, 99):
        with refused("ZeroOutput", amount):
            exchange.convert(settlement, shop, amount, 0, rich_member, EVER, {"from": rich_member})
