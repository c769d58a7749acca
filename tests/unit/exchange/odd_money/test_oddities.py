"""What becomes of money that does not behave: it is refused, or the books equal what moved.

for every oddity, and every way in which money moves
  it is refused with a named error and nothing changes, or accounts and fees change by what moved
  once the coin behaves again, issuers withdraw all that is there
every oddity of the coin, and every function that moves money, is in the table
given a coin that took the exchange's money away
  who withdraws first is paid, up to what is there; the others are refused and lose no claim
given a coin that does not say its decimals
  no exchange is made for it
given a coin with 2 to 18 decimals
  what is topped up with it can be cashed out to the last unit
given a coin that changes its decimals later
  points cost what they cost before
given a permit that someone forged
  the allowance decides

Spec: X16, X23
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from support.errors import refused, reverting
from support.events import ZERO
from support.market import EVER

from .conftest import ACTIONS, MOVED

TRUE, FALSE, NOTHING, TWO, BOOK = range(5)

Refusal = tuple[Any, ...]


@dataclass(frozen=True)
class Oddity:
    """What a coin does.

    Args:
        function: Switches it on.
        arguments: With these, of an action and the scene.
        refusal: The error and its arguments with which an action is refused; `None` where it goes.
        arrives: Of what is paid in, how many hundredths arrive.
    """

    function: str
    arguments: Callable[..., tuple[Any, ...]] = lambda action, scene: ()
    refusal: Callable[..., Refusal | None] = lambda action, scene: None
    arrives: int = 100


def failed(action: Any, scene: Any) -> Refusal:
    return ("SafeERC20FailedOperation", scene.market.money)


def incomplete(action: Any, scene: Any) -> Refusal | None:
    """Who tops up must be given points for all that was asked for."""
    is_top_up = action.brings and action.function.startswith("convert")
    return ("PaymentIncomplete", MOVED, MOVED * 9 // 10) if is_top_up else None


ODDITIES = {
    "keeps a part": Oddity("takeFee", lambda action, scene: (10,), incomplete, arrives=90),
    "answers false": Oddity("give", lambda action, scene: (FALSE,), failed),
    "answers nothing": Oddity("give", lambda action, scene: (NOTHING,)),
    "answers two": Oddity("give", lambda action, scene: (TWO,), failed),
    "answers a book": Oddity("give", lambda action, scene: (BOOK,)),
    "blocks the other side": Oddity(
        "blockAccount",
        lambda action, scene: (action.party,),
        lambda action, scene: ("AccountBlocked", action.party),
    ),
    "blocks the exchange": Oddity(
        "blockAccount",
        lambda action, scene: (scene.market.exchange,),
        lambda action, scene: ("AccountBlocked", scene.market.exchange),
    ),
    "is paused": Oddity("pause", refusal=lambda action, scene: ("CoinPaused",)),
    "gave the exchange more": Oddity("rebase", lambda action, scene: (scene.market.exchange, 150)),
    "took half of the exchange's": Oddity(
        "rebase", lambda action, scene: (scene.market.exchange, 50)
    ),
    "refuses zero": Oddity("refuseZero"),
    "approves from zero only": Oddity("approveFromZero"),
    "changes its decimals": Oddity("changeDecimals", lambda action, scene: (18,)),
}  # fmt: skip

# Of the coin: what coins do, and tools of the tests. The other file has the calls.
REGULAR = {"transfer", "transferFrom", "approve", "permit"}
TOOLS = {"mint", "act", "behave", "callDuringTransfer"}

# Functions of the exchange and the desk that move no money.
WITHOUT_MONEY = {
    "setPrices", "cancelScheduledPrices", "setPriceGuards", "setTerms", "setDailyLimits",
    "switchCash", "setCarryExpiry", "list", "setSuspension",
    "hold", "holdWithAuthorization", "release", "releaseWithAuthorization", "returnPurse",
    "recoverPurse", "setPayout", "setGuarantee", "setLimit", "repay", "writeOff",
}  # fmt: skip


def changing(contract: Any) -> set[str]:
    """The functions of a contract that are no views."""
    return {
        entry["name"]
        for entry in contract.abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }


def test_no_oddity_and_no_way_of_money_is_missing(scene, odd, actions):
    assert {oddity.function for oddity in ODDITIES.values()} == changing(odd) - REGULAR - TOOLS
    assert tuple(actions) == ACTIONS
    moving = {action.function for action in actions.values()}
    assert moving | WITHOUT_MONEY == changing(scene.market.exchange) | changing(scene.desk)
    assert not moving & WITHOUT_MONEY


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=ODDITIES)
def test_money_is_refused_or_booked_as_it_moved(scene, odd, actions, issuer, oddity, name):
    action = actions[name]
    getattr(odd, oddity.function)(*oddity.arguments(action, scene), {"from": issuer})
    owed, surplus = scene.owed(), scene.surplus()
    refusal = oddity.refusal(action, scene)

    if refusal:
        with refused(*refusal):
            action.act()
        assert (scene.owed(), scene.surplus()) == (owed, surplus)
    else:
        action.act()
        grown = action.owed * oddity.arrives // 100 if action.brings else action.owed
        assert (scene.owed(), scene.surplus()) == (owed + grown, surplus)

    odd.behave({"from": issuer})
    withdraw_all(scene, issuer)
    assert scene.market.held() == max(0, surplus) + scene.market.exchange.fees()


def withdraw_all(scene, issuer):
    """Every program's account, as far as there is money."""
    exchange = scene.market.exchange
    for program in scene.pair:
        amount = min(scene.market.account(program), scene.market.held() - exchange.fees())
        exchange.withdraw(program, issuer, amount, {"from": issuer})


def test_money_that_the_coin_took_away_is_missing_for_the_last(scene, odd, issuer):
    exchange, (first, second) = scene.market.exchange, scene.pair
    accounts = scene.market.account(first), scene.market.account(second)
    odd.rebase(exchange, 50, {"from": issuer})
    held = scene.market.held()

    exchange.withdraw(first, issuer, accounts[0], {"from": issuer})
    left = held - accounts[0]
    with refused("ERC20InsufficientBalance", exchange, left, accounts[1]):
        exchange.withdraw(second, issuer, accounts[1], {"from": issuer})
    assert scene.market.account(second) == accounts[1]

    exchange.withdraw(second, issuer, left, {"from": issuer})
    assert scene.market.held() == 0
    assert scene.market.account(second) == accounts[1] - left


def test_coin_that_does_not_say_its_decimals_is_refused(PointExchange, registry, deployer):
    with reverting(None):
        PointExchange.deploy(registry, registry, 0, ZERO, {"from": deployer})


@pytest.mark.parametrize("decimals", range(2, 19))
def test_money_of_2_to_18_decimals_comes_back_whole(
    new_market, OddToken, deployer, issuer, member, decimals
):
    unit = 10**decimals
    market = new_market(OddToken.deploy(decimals, {"from": deployer}))
    program = market.create("A", 10**12, 10**12, decimals=0)
    market.exchange.switchCash(program, (True, True), {"from": issuer})
    market.give_money(member, 7 * unit)

    market.exchange.convert(market.money, program, 7 * unit, 7, member, EVER, {"from": member})
    assert (market.account(program), program.balanceOf(member)) == (7 * unit, 7)

    market.exchange.convert(program, market.money, 7, 7 * unit, member, EVER, {"from": member})
    assert (market.account(program), market.held()) == (0, 0)
    assert market.money.balanceOf(member) == 7 * unit


def test_decimals_that_change_later_change_no_price(scene, odd, member, issuer):
    exchange, program = scene.market.exchange, scene.pair[0]
    before = exchange.quote(program, odd, 10, member, member)

    odd.changeDecimals(2, {"from": issuer})

    assert exchange.quote(program, odd, 10, member, member) == before


def test_forged_permit_is_of_no_use(scene, odd, issuer):
    exchange, program = scene.market.exchange, scene.pair[0]
    approved = odd.allowance(issuer, exchange)
    with refused("ERC20InsufficientAllowance", exchange, approved, approved + 1):
        exchange.fundWithPermit(
            program, approved + 1, EVER, 27, bytes(31) + b"\1", bytes(32), {"from": issuer}
        )
