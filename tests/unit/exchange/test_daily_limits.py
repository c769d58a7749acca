"""An issuer limits what conversions move in a day: money through its account, a member's points.

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
  given a limit for each member
    it converts to the last base unit, and refuses one more
    it counts each member and each program by itself, and no points that are received or bought
    it counts the same whoever sends the conversion, and whoever receives
  given midnight in UTC
    it counts from nothing again
  given the limits were lifted
    it converts as if there had never been any
memberUseOf
  it says what a member has converted today, while that is limited

Spec: X20, X27
"""

import pytest
from support import roles
from support.clock import START, travel_to, utc
from support.errors import refused
from support.events import assert_events
from support.market import EURO, EVER, LIMITED, fields

TODAY = int(START.timestamp()) // 86_400
NONE = (0, 0, 0)
LARGEST = 2**96 - 1
LARGEST_OF_MEMBER = 2**64 - 1


@pytest.fixture(autouse=True)
def points(air, give, member):
    give(air, member, 10**7)


@pytest.fixture
def limit(exchange, issuer):
    """Sets a program's limits."""
    return lambda program, out=0, into=0, of_member=0: exchange.setDailyLimits(
        program, (out, into, of_member), {"from": issuer}
    )


@pytest.fixture
def convert(exchange, air, fuel, member):
    """Converts AIR worth so many euro into FUEL."""
    return lambda euro: exchange.convert(
        air, fuel, euro * 12_500, 1, member, EVER, {"from": member}
    )


def test_limits_are_set(exchange, air, limit):
    first = limit(air, 1, 2, 3)

    tx = limit(air, LARGEST, 0, LARGEST_OF_MEMBER)

    new = (LARGEST, 0, LARGEST_OF_MEMBER)
    assert_events(first, (exchange, "DailyLimitsSet", air, NONE, (1, 2, 3)))
    assert_events(tx, (exchange, "DailyLimitsSet", air, (1, 2, 3), new))
    assert fields(exchange.dailyLimitsOf(air)) == new
    assert exchange.programOf(air)[4] & LIMITED


@pytest.mark.parametrize("limits", [(1, 0, 0), (0, 1, 0), (0, 0, 1)], ids=str)
def test_any_limit_marks_the_program(exchange, air, limit, limits):
    limit(air, *limits)
    assert exchange.programOf(air)[4] & LIMITED

    limit(air)
    assert exchange.programOf(air)[4] & LIMITED == 0


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


# A member's limit


def test_members_points_are_limited_to_the_unit(exchange, air, fuel, limit, convert, member):
    limit(air, of_member=10 * 12_500)
    convert(6)
    assert fields(exchange.memberUseOf(air, member)) == (6 * 12_500, TODAY)

    with refused("DailyLimitMemberReached", air, member, 4 * 12_500 + 1, 4 * 12_500):
        exchange.convert(air, fuel, 4 * 12_500 + 1, 1, member, EVER, {"from": member})
    convert(4)

    assert fields(exchange.memberUseOf(air, member)) == (10 * 12_500, TODAY)
    with refused("DailyLimitMemberReached", air, member, 12_500, 0):
        convert(1)


def test_members_points_without_decimals_are_limited_to_the_point(
    exchange, air, fuel, limit, give, member
):
    give(fuel, member, 100)
    limit(fuel, of_member=7)

    with refused("DailyLimitMemberReached", fuel, member, 8, 7):
        exchange.convert(fuel, air, 8, 1, member, EVER, {"from": member})
    exchange.convert(fuel, air, 7, 1, member, EVER, {"from": member})

    assert fields(exchange.memberUseOf(fuel, member)) == (7, TODAY)


def test_limit_counts_each_member_by_itself(exchange, air, fuel, limit, give, convert, outsider):
    give(air, outsider, 12_500)
    limit(air, of_member=12_500)
    convert(1)

    exchange.convert(air, fuel, 12_500, 1, outsider, EVER, {"from": outsider})

    assert fields(exchange.memberUseOf(air, outsider)) == (12_500, TODAY)


def test_limit_counts_whose_points_they_were(exchange, air, fuel, limit, member, outsider):
    limit(air, of_member=12_500)

    exchange.convert(air, fuel, 12_500, 1, outsider, EVER, {"from": member})

    assert fields(exchange.memberUseOf(air, member)) == (12_500, TODAY)
    assert fields(exchange.memberUseOf(air, outsider)) == (0, TODAY)


def test_limit_does_not_count_what_is_received(exchange, air, fuel, limit, convert, member):
    limit(fuel, of_member=1)

    convert(10)

    assert fields(exchange.memberUseOf(fuel, member)) == (0, TODAY)


def test_limit_counts_cash_outs_and_not_top_ups(exchange, air, settlement, limit, issuer, member):
    exchange.switchCash(air, (True, True), {"from": issuer})
    limit(air, of_member=12_500)
    settlement.mint(member, 10 * EURO, {"from": member})
    settlement.approve(exchange, 10 * EURO, {"from": member})

    exchange.convert(settlement, air, 10 * EURO, 1, member, EVER, {"from": member})
    assert fields(exchange.memberUseOf(air, member)) == (0, TODAY)

    with refused("DailyLimitMemberReached", air, member, 12_501, 12_500):
        exchange.convert(air, settlement, 12_501, 1, member, EVER, {"from": member})
    exchange.convert(air, settlement, 12_500, 1, member, EVER, {"from": member})
    assert fields(exchange.memberUseOf(air, member)) == (12_500, TODAY)


def test_members_limit_begins_anew_at_midnight(exchange, air, limit, convert, member):
    limit(air, of_member=12_500)
    convert(1)

    travel_to(utc(2026, 2, 12) - 1)
    with refused("DailyLimitMemberReached", air, member, 12_500, 0):
        convert(1)
    travel_to(utc(2026, 2, 12))
    assert fields(exchange.memberUseOf(air, member)) == (0, TODAY + 1)
    convert(1)

    assert fields(exchange.memberUseOf(air, member)) == (12_500, TODAY + 1)


def test_lowered_members_limit_leaves_nothing(air, limit, convert, member):
    limit(air, of_member=5 * 12_500)
    convert(3)

    limit(air, of_member=2 * 12_500)

    with refused("DailyLimitMemberReached", air, member, 12_500, 0):
        convert(1)


def test_members_points_are_counted_while_they_are_limited(exchange, air, limit, convert, member):
    limit(air, out=LARGEST)
    convert(3)
    assert fields(exchange.memberUseOf(air, member)) == (0, TODAY)

    limit(air, of_member=12_500)
    convert(1)
    assert fields(exchange.memberUseOf(air, member)) == (12_500, TODAY)


def test_limits_of_others_are_refused(exchange, air, settlement, pricer, outsider, issuer):
    for caller in (pricer, outsider):
        with refused("MissingRole", caller, air, roles.DEFAULT_ADMIN):
            exchange.setDailyLimits(air, NONE, {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.setDailyLimits(settlement, NONE, {"from": issuer})
