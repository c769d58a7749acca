"""Two programs with prices and money, to convert between.

AIR has two decimals, its issuer pays 0.008 euro for a point and asks 0.01. FUEL has no decimals,
its issuer pays 0.5 euro and asks 0.625. So 125 AIR (12,500 base units) are worth 1 euro, which buys
1 FUEL; and 1 FUEL is worth 0.5 euro, which buys 50 AIR (5,000 base units).
"""

from collections.abc import Callable
from typing import Any

import pytest
from brownie.network.account import LocalAccount
from support.credentials import accredit
from support.deploying import ADMIN_DELAY, OFFLINE_WINDOW
from support.events import ZERO
from support.market import EURO, PRICE, Market

AIR_BID, AIR_ASK = 8 * PRICE // 1000, PRICE // 100
FUEL_BID, FUEL_ASK = PRICE // 2, 5 * PRICE // 8

# What each account begins with, and each member has of AIR and FUEL.
ACCOUNT = 1_000 * EURO


@pytest.fixture(scope="module")
def fund(settlement: Any, exchange: Any, deployer: LocalAccount) -> Callable[[Any, int], None]:
    """Puts money into an issuer's account."""

    def pay(program: Any, amount: int) -> None:
        settlement.mint(deployer, amount, {"from": deployer})
        settlement.approve(exchange, amount, {"from": deployer})
        exchange.fund(program, amount, {"from": deployer})

    return pay


@pytest.fixture(scope="module")
def open_program(
    create_program: Callable[..., Any],
    exchange: Any,
    fund: Callable[[Any, int], None],
    pricer: LocalAccount,
) -> Callable[..., Any]:
    """Creates programs with prices and money in the account."""

    def opened(symbol: str, bid: int, ask: int, account: int = ACCOUNT, **settings: Any) -> Any:
        program = create_program(symbol, **settings)
        exchange.setPrices(program, bid, ask, {"from": pricer})
        if account:
            fund(program, account)
        return program

    return opened


@pytest.fixture(scope="module")
def air(open_program: Callable[..., Any]) -> Any:
    return open_program("AIR", AIR_BID, AIR_ASK, decimals=2)


@pytest.fixture(scope="module")
def fuel(open_program: Callable[..., Any]) -> Any:
    return open_program("FUEL", FUEL_BID, FUEL_ASK, decimals=0)


@pytest.fixture(scope="module")
def give(awarder: LocalAccount) -> Callable[[Any, Any, int], None]:
    """Awards points."""

    def award(program: Any, to: Any, amount: int) -> None:
        program.award(to, amount, bytes(32), {"from": awarder})

    return award


@pytest.fixture(scope="module")
def new_market(
    blueprint: str,
    passkeys: Any,
    deployer: LocalAccount,
    verifier: LocalAccount,
    issuer: LocalAccount,
    IssuerRegistry: Any,
    PointExchange: Any,
    OfflineDesk: Any,
    PointToken: Any,
) -> Callable[..., Market]:
    """Deploys markets of other money, or with a network fee."""

    def deploy(money: Any, fee: int = 0, fee_recipient: Any = ZERO) -> Market:
        by = {"from": deployer}
        registry = IssuerRegistry.deploy(deployer, ADMIN_DELAY, blueprint, passkeys, [verifier], by)
        exchange = PointExchange.deploy(money, registry, fee, fee_recipient, by)
        desk = OfflineDesk.deploy(registry, exchange, passkeys, OFFLINE_WINDOW, by)
        registry.setNetwork(exchange, desk, by)
        accredit(registry, issuer, verifier)
        return Market(money, registry, exchange, issuer, PointToken.at)

    return deploy
