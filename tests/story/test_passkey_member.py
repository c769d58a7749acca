"""A member with a phone and nothing else: no account on chain, no ether, no seed phrase.

given a member with only a passkey
  it is awarded, converts, pays in a shop, sends points to a merchant, pays a till that has no
  network, and takes back what it had set aside
  it never owns ether, never sends a transaction, and never has code

Spec: S1, T47, X25, O1, O5, O6, O12
"""

import pytest
from support.clock import DAY, now, travel_to
from support.desk import NOTICE
from support.events import ZERO
from support.market import EURO, PRICE, fields
from support.passkeys import Passkey
from support.sponsored import SponsoredMember
from support.words import bytes32, lots


@pytest.fixture(scope="module")
def airline(create_program, exchange, settlement, deployer, pricer):
    """Points at 0.008 euro, with money in the account."""
    points = create_program("AIR", decimals=2)
    exchange.setPrices(points, 8 * PRICE // 1000, PRICE // 100, {"from": pricer})
    settlement.mint(deployer, 1_000 * EURO, {"from": deployer})
    settlement.approve(exchange, 1_000 * EURO, {"from": deployer})
    exchange.fund(points, 1_000 * EURO, {"from": deployer})
    return points


@pytest.fixture(scope="module")
def petrol_station(create_program, exchange, pricer):
    """Whole points at 0.625 euro."""
    points = create_program("FUEL", decimals=0)
    exchange.setPrices(points, PRICE // 2, 5 * PRICE // 8, {"from": pricer})
    return points


@pytest.fixture(scope="module")
def kiosk(registry, operator, merchant, till):
    """A merchant with a till that is mostly without a network."""
    registry.registerMerchant(merchant, "Kiosk", {"from": operator})
    registry.registerTill(till, {"from": merchant})
    return merchant


@pytest.fixture
def anna(exchange, desk, relayer):
    """Somebody with a phone."""
    return SponsoredMember(Passkey(0xA77A), exchange, desk, relayer)


def test_anna_needs_nothing_but_her_phone(
    fn_isolation, airline, petrol_station, desk, kiosk, till, awarder, outsider, anna
):
    assert anna.is_nobody_on_chain

    # She flies, and the airline awards her 500 points.
    airline.award(anna.address, 50_000, bytes32("flight 1"), {"from": awarder})
    assert airline.balanceOf(anna.address) == 50_000

    # 250 of them are worth 2 euro, which is 3 points of the petrol station.
    anna.convert(airline, petrol_station, 25_000, least=3)
    assert airline.balanceOf(anna.address) == 25_000
    assert petrol_station.balanceOf(anna.address) == 3
    assert anna.is_nobody_on_chain

    # One pays for washing the car.
    sale = anna.redeem(petrol_station, 1, bytes32("car wash"))
    assert sale.events["Redeemed"]["member"] == anna.address
    assert petrol_station.balanceOf(anna.address) == petrol_station.totalSupply() == 2
    assert anna.is_nobody_on_chain

    # At the kiosk, as long as it has a network, she pays with 100 of the airline's points.
    anna.send(airline, kiosk, 10_000)
    assert airline.balanceOf(kiosk) == 10_000
    assert anna.is_nobody_on_chain

    # She is going where there is none, and sets 100 points aside for the kiosk.
    anna.hold(airline, kiosk, 10_000)
    assert airline.balanceOf(anna.address) == 5_000
    assert desk.spendable(airline, anna.address, kiosk, now() + DAY) == 10_000
    assert anna.is_nobody_on_chain

    # There she promises 60, phone to till; a day later the kiosk has a network again and settles.
    voucher = anna.promise(airline, kiosk, till, 6_000)
    travel_to(now() + DAY)
    paid = desk.settle(
        (airline, kiosk, ZERO, 0),
        [voucher.voucher],
        [voucher.signature],
        kiosk,
        b"",
        {"from": kiosk},
    )
    assert fields(paid.return_value) == (6_000, 0)
    assert airline.balanceOf(kiosk) == 16_000
    assert anna.is_nobody_on_chain

    # Home again, she asks for the rest. When no voucher can be under way any more, anyone returns
    # it.
    anna.release(airline, kiosk)
    travel_to(now() + NOTICE)
    desk.returnPurse(airline, anna.address, kiosk, {"from": outsider})

    assert airline.accountWord(anna.address) == lots(1, 9_000) | 4 << 216
    assert petrol_station.balanceOf(anna.address) == 2
    assert airline.balanceOf(desk) == 0
    assert anna.is_nobody_on_chain
