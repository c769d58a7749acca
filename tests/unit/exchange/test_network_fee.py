"""The network takes its fee, fixed for ever, out of what conversions move.

constructor
  given a fee of at most 1 %
    it keeps it, and who receives it
  given more, or a fee for nobody
    it is refused
convert
  given a fee
    it is rounded up, paid out of the value, and told before the conversion
    it is taken of cash-outs and top-ups as well
    when the value is no more than the fee, the conversion is refused
  given the highest fee
    it takes a hundredth
withdrawFees
  given fees
    anyone has them paid to the recipient
  given none
    it is refused

Spec: X22
"""

import pytest
from support.errors import refused
from support.events import ZERO, assert_events, events_of
from support.market import EURO, EVER, PRICE

FEE = 2_500  # 0.25 %
MAX_FEE = 10_000
ACCOUNT = 100 * EURO


@pytest.fixture(scope="module")
def market(new_market, settlement, merchant):
    return new_market(settlement, FEE, merchant)


@pytest.fixture(scope="module")
def pair(market, member, issuer):
    """Two programs without decimals at one euro a point; a member has 1,000 points of the first."""
    pair = tuple(
        market.create(symbol, PRICE, PRICE, account=ACCOUNT, decimals=0) for symbol in "AB"
    )
    for program in pair:
        market.exchange.switchCash(program, (True, True), {"from": issuer})
    market.give(pair[0], member, 1_000)
    return pair


@pytest.fixture(scope="module")
def cheap(market, member):
    """Points worth one millionth of a euro."""
    cheap = market.create("CHEAP", PRICE // EURO, PRICE // EURO, account=ACCOUNT, decimals=0)
    market.give(cheap, member, 10**9)
    return cheap


def test_fee_is_kept(market, merchant):
    assert market.exchange.fee() == FEE
    assert market.exchange.feeRecipient() == merchant
    assert market.exchange.fees() == 0


def test_fee_above_one_per_cent_is_refused(new_market, settlement, merchant):
    with refused("FeeTooHigh", MAX_FEE + 1, MAX_FEE):
        new_market(settlement, MAX_FEE + 1, merchant)


def test_fee_for_nobody_is_refused(new_market, settlement):
    with refused("ZeroAddress"):
        new_market(settlement, 1, ZERO)


def test_fee_is_paid_out_of_the_value(market, pair, member):
    exchange, (give, take) = market.exchange, pair

    # 40 points are worth 40 euro, of which the network takes 0.10; the rest buys 39 points.
    tx = exchange.convert(give, take, 40, 39, member, EVER, {"from": member})

    assert tx.return_value == 39
    assert market.account(give) == ACCOUNT - 40 * EURO
    assert market.account(take) == ACCOUNT + 39_900_000
    assert exchange.fees() == 100_000
    assert market.held() == market.account(give) + market.account(take) + exchange.fees()
    assert_events(
        tx,
        (exchange, "FeeTaken", give, take, 100_000),
        (exchange, "Converted", member, give, take, member, 40, 39, 40 * EURO, 1, 1),
        (give, "Transfer", member, ZERO, 40),
        (take, "Transfer", ZERO, member, 39),
    )


# 0.25 % of so many millionths, rounded up.
@pytest.mark.parametrize(
    ("value", "fee"), [(2, 1), (399, 1), (400, 1), (401, 2), (800, 2), (801, 3), (10**8, 250_000)]
)
def test_fee_is_rounded_up(market, cheap, pair, member, issuer, value, fee):
    exchange, target = market.exchange, pair[1]
    exchange.setPrices(target, 1, PRICE // EURO, {"from": issuer})

    tx = exchange.convert(cheap, target, value, 1, member, EVER, {"from": member})

    assert tx.return_value == value - fee
    assert exchange.fees() == fee
    assert tx.events["FeeTaken"]["amount"] == fee


def test_value_that_the_fee_eats_up_is_refused(market, cheap, pair, member, issuer):
    market.exchange.setPrices(pair[1], 1, PRICE // EURO, {"from": issuer})

    with refused("ZeroOutput", 1):
        market.exchange.convert(cheap, pair[1], 1, 0, member, EVER, {"from": member})


def test_cash_out_pays_the_fee(market, pair, member):
    exchange, money = market.exchange, market.money

    tx = exchange.convert(pair[0], money, 40, 1, member, EVER, {"from": member})

    assert tx.return_value == money.balanceOf(member) == 39_900_000
    assert market.account(pair[0]) == ACCOUNT - 40 * EURO
    assert exchange.fees() == 100_000
    assert (exchange, "FeeTaken", pair[0], money, 100_000) in events_of(tx)


def test_top_up_pays_the_fee(market, pair, member):
    exchange, money = market.exchange, market.money
    market.give_money(member, 40 * EURO)

    tx = exchange.convert(money, pair[0], 40 * EURO, 1, member, EVER, {"from": member})

    assert tx.return_value == 39
    assert market.account(pair[0]) == ACCOUNT + 39_900_000
    assert exchange.fees() == 100_000
    assert (exchange, "FeeTaken", money, pair[0], 100_000) in events_of(tx)


def test_highest_fee_takes_a_hundredth(new_market, settlement, merchant, member):
    market = new_market(settlement, MAX_FEE, merchant)
    give, take = (
        market.create(symbol, PRICE, PRICE, account=ACCOUNT, decimals=2) for symbol in "AB"
    )
    market.give(give, member, 1_000)

    tx = market.exchange.convert(give, take, 1_000, 1, member, EVER, {"from": member})

    assert tx.return_value == 990
    assert market.exchange.fees() == EURO // 10


def test_anyone_has_the_fees_paid_out(market, pair, member, merchant, outsider):
    exchange, money = market.exchange, market.money
    exchange.convert(*pair, 40, 1, member, EVER, {"from": member})

    tx = exchange.withdrawFees({"from": outsider})

    assert tx.return_value is None
    assert exchange.fees() == 0
    assert money.balanceOf(merchant) == 100_000
    assert_events(
        tx,
        (exchange, "FeesWithdrawn", merchant, 100_000),
        (money, "Transfer", exchange, merchant, 100_000),
    )
    with refused("ZeroAmount"):
        exchange.withdrawFees({"from": outsider})


def test_exchange_without_fee_takes_none(exchange, air, fuel, give, member):
    give(air, member, 12_500)

    tx = exchange.convert(air, fuel, 12_500, 1, member, EVER, {"from": member})

    assert "FeeTaken" not in tx.events
    assert exchange.fees() == 0
    with refused("ZeroAmount"):
        exchange.withdrawFees({"from": member})
