"""What the exchange makes of money that does not behave: it refuses it, or books what arrived.

given a coin that keeps a part of each transfer
  `fund` books what arrived; a top-up is refused; accounts never exceed what is held
given a coin that answers false
  every payment is refused
given a coin that answers nothing
  it works like any other
given a coin that refuses a recipient
  the payment is refused and the account stays as it is; other recipients are paid
given a coin that calls back in the middle of a transfer, with all powers of an issuer
  functions that move money are locked
  whatever it calls, the accounts and fees are no more than what is held
  what it called for has happened, or not at all

Spec: X16, X23
"""

from types import SimpleNamespace

import pytest
from eth_abi import encode
from eth_utils import keccak
from support import roles
from support.errors import refused
from support.market import EURO, EVER, PRICE

TRUE, FALSE, NOTHING = range(3)
ACCOUNT = 100 * EURO
FEE = 10_000
LOCKED = "0x" + keccak(text="ReentrancyGuardReentrantCall()")[:4].hex()


@pytest.fixture(scope="module")
def odd(OddToken, deployer):
    return OddToken.deploy(6, {"from": deployer})


@pytest.fixture(scope="module")
def market(new_market, odd, merchant):
    return new_market(odd, FEE, merchant)


@pytest.fixture(scope="module")
def pair(market, odd, issuer, member):
    """Two programs without decimals, at one euro a point, in which the coin has an issuer's roles.

    The member and the coin have 50 points of each, and the member 50 euro.
    """
    by_issuer = {"from": issuer}
    pair = tuple(market.create(s, PRICE, PRICE, account=ACCOUNT, decimals=0) for s in "AB")
    for program in pair:
        market.exchange.switchCash(program, (True, True), by_issuer)
        market.exchange.setPriceGuards(program, (0, 0, 1), by_issuer)
        market.exchange.setPrices(program, PRICE, PRICE, by_issuer)
        for role in (roles.PRICER, roles.TREASURER, roles.GUARDIAN):
            program.grantRole(role, odd, by_issuer)
        for holder in (member, odd):
            market.give(program, holder, 50)
    market.give_money(member, 50 * EURO)
    return pair


@pytest.fixture
def outer(market, pair, odd, issuer, member, merchant):
    """The actions in which money moves, by name: 10 euro, or the fees that are there."""
    exchange = market.exchange
    exchange.convert(*pair, 20, 1, member, EVER, {"from": member})
    odd.mint(issuer, 10 * EURO, {"from": issuer})
    odd.approve(exchange, 10 * EURO, {"from": issuer})
    to = (1, member, EVER, {"from": member})
    return SimpleNamespace(
        fund=lambda: exchange.fund(pair[0], 10 * EURO, {"from": issuer}),
        withdraw=lambda: exchange.withdraw(pair[0], merchant, 10 * EURO, {"from": issuer}),
        withdrawFees=lambda: exchange.withdrawFees({"from": member}),
        cash_out=lambda: exchange.convert(pair[0], odd, 10, *to),
        top_up=lambda: exchange.convert(odd, pair[0], 10 * EURO, *to),
    )


PAYMENTS = ["withdraw", "withdrawFees", "cash_out"]
ACTIONS = ["fund", "top_up", *PAYMENTS]


def owed(market, pair):
    return sum(market.account(program) for program in pair) + market.exchange.fees()


# A coin that keeps a part


def test_fund_books_what_arrives(market, pair, odd, outer, issuer):
    held = market.held()
    odd.takeFee(10, {"from": issuer})

    tx = outer.fund()

    assert market.held() == held + 9 * EURO == owed(market, pair)
    assert tx.events["Funded"]["amount"] == 9 * EURO


def test_top_up_that_does_not_arrive_is_refused(market, pair, odd, outer, issuer):
    odd.takeFee(10, {"from": issuer})

    with refused("PaymentIncomplete", 10 * EURO, 9 * EURO):
        outer.top_up()


@pytest.mark.parametrize("action", PAYMENTS)
def test_payment_of_a_coin_that_keeps_a_part_costs_the_account_no_more(
    market, pair, odd, outer, issuer, action
):
    odd.takeFee(10, {"from": issuer})

    getattr(outer, action)()

    assert market.held() == owed(market, pair)


# A coin that answers false, or nothing


@pytest.mark.parametrize("action", ACTIONS)
def test_answer_of_false_is_refused(market, pair, odd, outer, issuer, action):
    odd.give(FALSE, {"from": issuer})

    with refused("SafeERC20FailedOperation", odd):
        getattr(outer, action)()


@pytest.mark.parametrize("action", ACTIONS)
def test_answer_of_nothing_is_as_good_as_true(market, pair, odd, outer, issuer, action):
    odd.give(NOTHING, {"from": issuer})

    getattr(outer, action)()

    assert market.held() == owed(market, pair)


# A coin that refuses a recipient


@pytest.mark.parametrize(
    ("action", "recipient"),
    [("withdraw", "merchant"), ("withdrawFees", "merchant"), ("cash_out", "member")],
)
def test_refused_recipient_costs_nobody_anything(
    market, pair, odd, outer, issuer, request, action, recipient
):
    blocked = request.getfixturevalue(recipient)
    odd.blockRecipient(blocked, {"from": issuer})
    before = (owed(market, pair), pair[0].totalSupply())

    with refused("RecipientBlocked", blocked):
        getattr(outer, action)()

    assert (owed(market, pair), pair[0].totalSupply()) == before
    market.exchange.withdraw(pair[0], issuer, 1, {"from": issuer})


# A coin that calls back


def calls(exchange, pair, odd):
    """Every function of the exchange that changes anything, called by the coin to its own good."""
    first, second = pair
    everything = ACCOUNT // 2
    no_permit = (0, 0, bytes(32), bytes(32))
    return {
        "fund": exchange.fund.encode_input(first, EURO),
        "fundWithPermit": exchange.fundWithPermit.encode_input(first, EURO, *no_permit),
        "withdraw": exchange.withdraw.encode_input(first, odd, everything),
        "withdrawFees": exchange.withdrawFees.encode_input(),
        "cash_out": exchange.convert.encode_input(first, odd, 10, 1, odd, EVER),
        "top_up": exchange.convert.encode_input(odd, first, EURO, 0, odd, EVER),
        "convert": exchange.convert.encode_input(first, second, 10, 1, odd, EVER),
        "convert_back": exchange.convert.encode_input(second, first, 10, 1, odd, EVER),
        "setPrices": exchange.setPrices.encode_input(first, 2 * PRICE, 2 * PRICE),
        "cancelScheduledPrices": exchange.cancelScheduledPrices.encode_input(first),
        "setTerms": exchange.setTerms.encode_input(first, second, (0, 0, 0, False)),
        "setPriceGuards": exchange.setPriceGuards.encode_input(first, (1, 1, 1)),
        "setDailyLimits": exchange.setDailyLimits.encode_input(first, (1, 1, 1)),
        "switchCash": exchange.switchCash.encode_input(first, (False, False)),
        "list": exchange.list.encode_input(odd),
        "setSuspension": exchange.setSuspension.encode_input(first, True),
    }


MONEY_MOVES = {"fund", "fundWithPermit", "withdraw", "withdrawFees", "cash_out", "top_up"}
FORBIDDEN = {"list", "setSuspension", "setPriceGuards", "setDailyLimits", "switchCash"}
INNER = [
    *sorted(MONEY_MOVES),
    "convert",
    "convert_back",
    "setPrices",
    "cancelScheduledPrices",
    "setTerms",
    *sorted(FORBIDDEN),
]


def test_every_function_is_called_back(exchange, pair, odd):
    named = set(calls(exchange, pair, odd))
    assert named == set(INNER)
    changing = {
        entry["name"]
        for entry in exchange.abi
        if entry["type"] == "function" and entry["stateMutability"] == "nonpayable"
    }
    assert changing <= named


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize("action", ACTIONS)
def test_calling_back_does_no_harm(market, pair, odd, outer, issuer, action, inner):
    exchange = market.exchange
    wealth = fortune(market, pair, odd)
    odd.mint(odd, 10 * EURO, {"from": issuer})
    approve = odd.approve.encode_input(exchange, EVER)
    odd.act(odd, approve, {"from": issuer})
    odd.callDuringTransfer(exchange, calls(exchange, pair, odd)[inner], {"from": issuer})

    getattr(outer, action)()

    assert odd.callee() == "0x" + "00" * 20, "the coin was not asked to call back"
    assert odd.succeeded() is (inner not in MONEY_MOVES | FORBIDDEN)
    if inner in MONEY_MOVES:
        assert str(odd.reply()) == LOCKED
    assert owed(market, pair) == market.held()
    assert fortune(market, pair, odd) <= wealth + 10 * EURO


def fortune(market, pair, holder):
    """What the coin has, in money: its points were worth one euro each, whatever it did since."""
    points = sum(program.balanceOf(holder) for program in pair)
    return points * EURO + market.money.balanceOf(holder)


def test_forged_signature_of_a_coin_is_of_no_use(market, pair, odd, outer, issuer):
    """`permit` does not exist in this coin: the allowance decides."""
    with refused("ERC20InsufficientAllowance", market.exchange, 10 * EURO, 11 * EURO):
        market.exchange.fundWithPermit(
            pair[0], 11 * EURO, EVER, 27, encode(["uint256"], [1]), bytes(32), {"from": issuer}
        )
