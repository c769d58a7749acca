"""The registry lists programs and suspends them; money and registry are fixed when it begins.

constructor
  given money with 2 to 18 decimals and a registry
    it keeps them
  given money with other decimals, or no registry
    it is refused
list
  given the registry
    it lists a program once, with its decimals
  given anyone else
    it is refused
setSuspension
  given the registry
    it suspends a program and lifts the suspension
    when a program is suspended, its issuer can still set prices, fund and withdraw
  given anyone else, or a program that is not listed
    it is refused

Spec: X23, X24
"""

import pytest
from brownie import accounts
from support.clock import travel_to
from support.errors import refused
from support.events import ZERO, assert_events, events_of
from support.market import EURO, PRICE, SUSPENDED, fields


@pytest.fixture
def as_registry(registry):
    """Sends as the registry itself would."""
    accounts.at(registry.address, force=True)
    return {"from": registry.address}


def test_exchange_keeps_its_money_and_its_registry(exchange, registry, settlement):
    assert exchange.settlementToken() == settlement
    assert exchange.registry() == registry
    assert exchange.feeRecipient() == ZERO
    assert exchange.fee() == exchange.fees() == 0


@pytest.mark.parametrize("decimals", [2, 18])
def test_money_of_2_to_18_decimals_is_taken(PointExchange, OddToken, registry, deployer, decimals):
    money = OddToken.deploy(decimals, {"from": deployer})

    exchange = PointExchange.deploy(money, registry, 0, ZERO, {"from": deployer})

    assert exchange.settlementToken() == money


@pytest.mark.parametrize("decimals", [0, 1, 19, 255])
def test_money_of_other_decimals_is_refused(PointExchange, OddToken, registry, deployer, decimals):
    money = OddToken.deploy(decimals, {"from": deployer})
    with refused("UnsupportedDecimals", decimals):
        PointExchange.deploy(money, registry, 0, ZERO, {"from": deployer})


def test_exchange_without_registry_is_refused(PointExchange, settlement, deployer):
    with refused("ZeroAddress"):
        PointExchange.deploy(settlement, ZERO, 0, ZERO, {"from": deployer})


@pytest.mark.parametrize("decimals", [0, 4])
def test_new_program_is_listed_with_its_decimals(exchange, registry, create_program, decimals):
    token = create_program(decimals=decimals)

    assert fields(exchange.programOf(token)) == (0, 0, 0, 0, decimals + 1)


def test_listing_is_told(PointToken, exchange, desk, passkeys, as_registry, outsider):
    settings = ("Rail points", "RAIL", "", outsider, 0, 3, 1, 1, True)
    token = PointToken.deploy(settings, exchange, desk, passkeys, {"from": outsider})

    tx = exchange.list(token, as_registry)

    assert_events(tx, (exchange, "ProgramListed", token, 3))
    with refused("ProgramAlreadyListed", token):
        exchange.list(token, as_registry)


def test_money_is_no_program(exchange, settlement, as_registry):
    with refused("ProgramAlreadyListed", settlement):
        exchange.list(settlement, as_registry)
    with refused("ProgramNotListed", settlement):
        exchange.setSuspension(settlement, True, as_registry)


def test_listing_by_others_is_refused(exchange, air, deployer, issuer, outsider):
    for caller in (deployer, issuer, outsider):
        with refused("NotRegistry", caller):
            exchange.list(air, {"from": caller})
        with refused("NotRegistry", caller):
            exchange.setSuspension(air, True, {"from": caller})


def test_suspension_comes_and_goes(exchange, registry, air, operator, deployer):
    tx = registry.suspend(air, "0x01", {"from": operator})

    assert (exchange, "SuspensionSet", air, 1) in events_of(tx)
    assert exchange.programOf(air)[4] & SUSPENDED

    registry.scheduleReinstatement(air, "0x01", {"from": deployer})
    travel_to(registry.reinstatementDueAt(air))
    tx = registry.reinstate(air, {"from": deployer})

    assert (exchange, "SuspensionSet", air, 0) in events_of(tx)
    assert exchange.programOf(air)[4] & SUSPENDED == 0


def test_suspension_of_a_stranger_is_refused(exchange, as_registry, outsider):
    with refused("ProgramNotListed", outsider):
        exchange.setSuspension(outsider, True, as_registry)


def test_suspended_issuer_still_sets_prices_and_moves_its_money(
    exchange, registry, air, fund, operator, pricer, treasurer, member
):
    registry.suspend(air, "0x01", {"from": operator})

    exchange.setPrices(air, PRICE, PRICE, {"from": pricer})
    fund(air, EURO)
    exchange.withdraw(air, member, 2 * EURO, {"from": treasurer})

    bid, ask, account, _, flags = exchange.programOf(air)
    assert (bid, ask, account) == (PRICE, PRICE, 999 * EURO)
    assert flags & SUSPENDED
