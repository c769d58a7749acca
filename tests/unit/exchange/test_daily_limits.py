"""An issuer limits the money that conversions move through its account in a day.

setDailyLimits
  given limits
    it sets them, and tells the old ones
  given the caller is not the admin, or the program unlisted
    it is refused
convert
  given a limit for money out
    it converts to the last unit of money, and refuses one more
  given a limit for money in
    it counts what reaches the account, without the network fee
  given midnight in UTC
    it counts from nothing again
  given the limits were lifted
    it converts as if there had never been any

Spec: X20
"""

import pytest
from support import roles
from support.clock import START, travel_to, utc
from support.errors import refused
from support.events import assert_events
from support.market import EURO, EVER, LIMITED, fields

TODAY = int(START.timestamp()) // 86_400
NONE = (0, 0)
LARGEST = 2**96 - 1


@pytest.fixture(autouse=True)
def points(air, give, member):
    give(air, member, 10**7)


@pytest.fixture
def limit(exchange, issuer):
    """Sets a program's limits."""
    return lambda program, out=0, into=0: exchange.setDailyLimits(
        program, (out, into), {"from": issuer}
    )


@pytest.fixture
def convert(exchange, air, fuel, member):
    """Converts AIR worth so many euro into FUEL."""
    return lambda euro: exchange.convert(
        air, fuel, euro * 12_500, 1, member, EVER, {"from": member}
    )


def test_limits_are_set(exchange, air, limit):
    first = limit(air, 1, 2)

    tx = limit(air, LARGEST, 0)

    assert_events(first, (exchange, "DailyLimitsSet", air, NONE, (1, 2)))
    assert_events(tx, (exchange, "DailyLimitsSet", air, (1, 2), (LARGEST, 0)))
    assert fields(exchange.dailyLimitsOf(air)) == (LARGEST, 0)
    assert exchange.programOf(air)[4] & LIMITED


def test_money_out_is_limited_to_the_unit(exchange, air, fuel, limit, convert, member):
    limit(air, out=10 * EURO)
    convert(6)
    assert fields(exchange.dailyUseOf(air)) == (6 * EURO, 0, TODAY)

    with refused("DailyLimitOutReached", air, 5 * EURO, 4 * EURO):
        convert(5)
    with refused("DailyLimitOutReached", air, 4 * EURO + 80, 4 * EURO):
        exchange.convert(air, fuel, 50_001, 1, member, EVER, {"from": member})
    convert(4)

    assert fields(exchange.dailyUseOf(air)) == (10 * EURO, 0, TODAY)
    with refused("DailyLimitOutReached", air, 1 * EURO, 0):
        convert(1)


def test_money_in_is_limited_to_the_unit(exchange, air, fuel, limit, convert):
    limit(fuel, into=10 * EURO)
    convert(6)
    assert fields(exchange.dailyUseOf(fuel)) == (0, 6 * EURO, TODAY)
    assert fields(exchange.dailyUseOf(air)) == (0, 0, TODAY)

    with refused("DailyLimitInReached", fuel, 5 * EURO, 4 * EURO):
        convert(5)
    convert(4)

    with refused("DailyLimitInReached", fuel, 1 * EURO, 0):
        convert(1)


def test_limit_on_one_direction_leaves_the_other_alone(exchange, air, fuel, limit, convert):
    limit(air, into=1)
    limit(fuel, out=1)

    convert(10)

    assert fields(exchange.dailyUseOf(air)) == (10 * EURO, 0, TODAY)
    assert fields(exchange.dailyUseOf(fuel)) == (0, 10 * EURO, TODAY)


def test_limits_begin_anew_at_midnight(exchange, air, fuel, limit, convert):
    limit(air, out=10 * EURO)
    limit(fuel, into=10 * EURO)
    convert(10)

    travel_to(utc(2026, 2, 12) - 1)
    with refused("DailyLimitOutReached", air, 1 * EURO, 0):
        convert(1)
    travel_to(utc(2026, 2, 12))
    assert fields(exchange.dailyUseOf(air)) == (0, 0, TODAY + 1)
    convert(10)

    assert fields(exchange.dailyUseOf(air)) == (10 * EURO, 0, TODAY + 1)
    assert fields(exchange.dailyUseOf(fuel)) == (0, 10 * EURO, TODAY + 1)


def test_lowered_limit_leaves_nothing(air, limit, convert):
    limit(air, out=10 * EURO)
    convert(6)

    limit(air, out=5 * EURO)

    with refused("DailyLimitOutReached", air, 1 * EURO, 0):
        convert(1)


def test_lifted_limits_are_gone(exchange, air, limit, convert):
    limit(air, 1, 1)
    with refused("DailyLimitOutReached", air, 10 * EURO, 1):
        convert(10)

    limit(air, 0, 0)
    convert(10)

    assert exchange.programOf(air)[4] & LIMITED == 0
    assert fields(exchange.dailyUseOf(air)) == (0, 0, TODAY)


def test_limits_of_others_are_refused(exchange, air, settlement, pricer, outsider, issuer):
    for caller in (pricer, outsider):
        with refused("MissingRole", caller, air, roles.DEFAULT_ADMIN):
            exchange.setDailyLimits(air, NONE, {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.setDailyLimits(settlement, NONE, {"from": issuer})
