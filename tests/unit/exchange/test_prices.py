"""Pricers post prices; guards say how far and how fast they may move.

setPrices
  given a program without prices
    it puts them in force at once, whatever the notice
  given prices in force
    it replaces them and raises the version
    it may set bid and ask to the same price, and to the largest there is
  given a bid of nothing, an ask of nothing, or a bid above the ask
    it is refused
  given a bound on one step
    it allows steps of exactly so much, up and down, of bid and ask, and refuses the next price
  given a bound on one day
    it measures all changes of a UTC day from the day's first prices
    when midnight has come, it measures from the prices in force
    when there is a notice, it is the day that counts on which prices come into force
    it counts changes made before it was set, and while a notice shortens
  given a notice
    it announces the prices, and they come into force by themselves, at their second
    when they are announced again, only the last ones count
    when they are in force, the next transaction that touches the program tells it
  given the caller is no pricer, or the program unlisted
    it is refused
cancelScheduledPrices
  given announced prices
    a pricer or a guardian withdraws them, up to the last second before they are in force
  given none
    it is refused
  given the caller is neither
    it is refused
setPriceGuards
  given bounds
    it sets them, and tells the old ones
  given a longer notice
    it holds at once
  given a shorter notice
    it holds after the old one has passed
    when guards are set again meanwhile, it waits anew
  given values out of bounds
    it is refused
  given the caller is not the admin, or the program unlisted
    it is refused

Spec: X9, X10, X11, X12, X13
"""

import pytest
from support import roles
from support.clock import DAY, HOUR, START, travel_to, utc
from support.errors import refused
from support.events import assert_events, events_of
from support.market import EVER, PRICE, SCHEDULED, fields

MAX_PRICE = 2**64 - 1
MAX_NOTICE = 90 * DAY
NOW = int(START.timestamp())


@pytest.fixture(scope="module")
def shop(create_program):
    """A program without prices."""
    return create_program("SHOP")


@pytest.fixture
def post(exchange, shop, pricer):
    """Posts prices of `shop`."""
    return lambda bid, ask: exchange.setPrices(shop, bid, ask, {"from": pricer})


@pytest.fixture
def guard(exchange, shop, issuer):
    """Sets the guards of `shop`."""

    def set_guards(max_step=0, max_daily_move=0, notice=0):
        return exchange.setPriceGuards(shop, (max_step, max_daily_move, notice), {"from": issuer})

    return set_guards


def prices(exchange, program):
    """Bid, ask and version, as anyone sees them."""
    bid, ask, _, version, _ = exchange.programOf(program)
    return bid, ask, version


# setPrices


def test_first_prices_are_in_force_at_once(exchange, shop, post, guard):
    guard(max_step=1, max_daily_move=1, notice=MAX_NOTICE)

    tx = post(7, 9)

    assert prices(exchange, shop) == (7, 9, 1)
    assert fields(exchange.scheduledPricesOf(shop)) == (0, 0, 0)
    assert_events(tx, (exchange, "PricesSet", shop, 0, 0, 7, 9, 1))


def test_new_prices_replace_old_ones(exchange, shop, post):
    post(7, 9)

    tx = post(1, MAX_PRICE)

    assert prices(exchange, shop) == (1, MAX_PRICE, 2)
    assert_events(tx, (exchange, "PricesSet", shop, 7, 9, 1, MAX_PRICE, 2))


def test_bid_may_equal_ask(exchange, shop, post):
    post(MAX_PRICE, MAX_PRICE)

    assert prices(exchange, shop) == (MAX_PRICE, MAX_PRICE, 1)


@pytest.mark.parametrize(("bid", "ask"), [(0, 0), (0, 1), (1, 0), (2, 1)])
def test_prices_that_make_no_sense_are_refused(post, bid, ask):
    with refused("InvalidPrices", bid, ask):
        post(bid, ask)


# A step of at most 10 %. The bound is exact also where a tenth is no whole number.
@pytest.mark.parametrize(
    ("old", "furthest", "beyond"),
    [
        (10, 11, 12),
        (10, 9, 8),
        (19, 20, 21),
        (19, 18, 17),
        (1, 1, 2),
        (9, 9, 8),
        (PRICE, PRICE + PRICE // 10, PRICE + PRICE // 10 + 1),
        (PRICE, PRICE - PRICE // 10, PRICE - PRICE // 10 - 1),
    ],
)
@pytest.mark.parametrize("side", ["bid", "ask"])
def test_step_guard_is_exact(exchange, shop, post, guard, side, old, furthest, beyond):
    step = 100_000
    post(*((old, MAX_PRICE) if side == "bid" else (1, old)))
    guard(max_step=step)

    with refused("PriceStepTooLarge", old, beyond, step):
        post(*((beyond, MAX_PRICE) if side == "bid" else (1, beyond)))
    post(*((furthest, MAX_PRICE) if side == "bid" else (1, furthest)))

    bid, ask, version = prices(exchange, shop)
    assert (bid if side == "bid" else ask) == furthest
    assert version == 2


def test_widest_step_doubles_a_price(exchange, shop, post, guard):
    post(1, 5)
    guard(max_step=1_000_000)
    with refused("PriceStepTooLarge", 5, 11, 1_000_000):
        post(1, 11)

    post(2, 10)

    assert prices(exchange, shop) == (2, 10, 2)


def test_daily_guard_measures_from_the_first_prices_of_the_day(exchange, shop, post, guard):
    most = 100_000
    post(100, 1_000)
    guard(max_daily_move=most)
    post(105, 1_050)

    with refused("DailyMoveTooLarge", 100, 111, most):
        post(111, 1_050)
    with refused("DailyMoveTooLarge", 1_000, 1_101, most):
        post(105, 1_101)
    with refused("DailyMoveTooLarge", 100, 89, most):
        post(89, 1_050)
    post(110, 1_100)
    with refused("DailyMoveTooLarge", 100, 111, most):
        post(111, 1_100)

    assert prices(exchange, shop) == (110, 1_100, 3)


def test_daily_guard_begins_anew_at_midnight(exchange, shop, post, guard):
    post(100, 1_000)
    guard(max_daily_move=100_000)
    post(110, 1_000)

    travel_to(utc(2026, 2, 12) - 1)
    with refused("DailyMoveTooLarge", 100, 121, 100_000):
        post(121, 1_000)
    travel_to(utc(2026, 2, 12))
    with refused("DailyMoveTooLarge", 110, 122, 100_000):
        post(122, 1_000)
    post(121, 1_000)

    assert prices(exchange, shop) == (121, 1_000, 3)


def test_daily_guard_counts_the_day_on_which_prices_come_into_force(exchange, shop, post, guard):
    """Two announcements on one day, which take effect before and after midnight."""
    most = 100_000
    post(100, 1_000)
    guard(max_daily_move=most, notice=11 * HOUR)
    post(110, 1_000)  # on 11 February at 23:00
    travel_to(utc(2026, 2, 11, 23))

    with refused("DailyMoveTooLarge", 110, 122, most):
        post(122, 1_000)
    post(121, 1_000)  # on 12 February at 10:00

    assert fields(exchange.scheduledPricesOf(shop)) == (121, 1_000, utc(2026, 2, 12, 10))


def test_daily_guard_holds_while_a_notice_shortens(exchange, shop, post, guard):
    """An announcement for the next day does not make a change of the present one forgotten."""
    most = 100_000
    post(100, 1_000)
    guard(max_daily_move=most, notice=DAY)
    post(109, 1_090)  # on 12 February at 12:00
    travel_to(utc(2026, 2, 11, 14))
    guard(max_daily_move=most, notice=0)  # from 12 February at 14:00
    travel_to(utc(2026, 2, 12, 13))
    post(109, 1_090)  # on 13 February at 13:00
    travel_to(utc(2026, 2, 12, 14))

    with refused("DailyMoveTooLarge", 100, 118, most):
        post(118, 1_090)
    post(110, 1_100)

    assert prices(exchange, shop) == (110, 1_100, 3)


def test_daily_guard_counts_changes_made_before_it_was_set(exchange, shop, post, guard):
    most = 100_000
    post(100, 1_000)
    post(109, 1_090)
    guard(max_daily_move=most)

    with refused("DailyMoveTooLarge", 100, 111, most):
        post(111, 1_090)


def test_notice_announces_prices(exchange, shop, post, guard):
    post(100, 200)
    guard(notice=DAY)

    tx = post(1, MAX_PRICE)

    assert prices(exchange, shop) == (100, 200, 1)
    assert exchange.programOf(shop)[4] & SCHEDULED
    assert fields(exchange.scheduledPricesOf(shop)) == (1, MAX_PRICE, NOW + DAY)
    assert_events(tx, (exchange, "PricesScheduled", shop, 1, MAX_PRICE, NOW + DAY))


def test_announced_prices_come_into_force_at_their_second(exchange, shop, post, guard):
    post(100, 200)
    guard(notice=DAY)
    post(101, 202)

    travel_to(NOW + DAY - 1)
    assert prices(exchange, shop) == (100, 200, 1)
    assert fields(exchange.scheduledPricesOf(shop)) == (101, 202, NOW + DAY)
    travel_to(NOW + DAY)

    assert prices(exchange, shop) == (101, 202, 2)
    assert exchange.programOf(shop)[4] & SCHEDULED == 0
    assert fields(exchange.scheduledPricesOf(shop)) == (0, 0, 0)


def test_later_announcement_replaces_the_earlier_one(exchange, shop, post, guard):
    post(100, 200)
    guard(notice=DAY)
    post(101, 202)
    travel_to(NOW + DAY - 1)

    tx = post(99, 198)

    assert_events(tx, (exchange, "PricesScheduled", shop, 99, 198, NOW + 2 * DAY - 1))
    travel_to(NOW + DAY)
    assert prices(exchange, shop) == (100, 200, 1)
    travel_to(NOW + 2 * DAY - 1)
    assert prices(exchange, shop) == (99, 198, 2)


def test_next_change_of_prices_tells_of_those_in_force(exchange, shop, post, guard):
    post(100, 200)
    guard(notice=DAY)
    post(101, 202)
    travel_to(NOW + DAY)

    tx = post(102, 204)

    assert_events(
        tx,
        (exchange, "PricesSet", shop, 100, 200, 101, 202, 2),
        (exchange, "PricesScheduled", shop, 102, 204, NOW + 2 * DAY),
    )
    assert prices(exchange, shop) == (101, 202, 2)


def test_next_conversion_uses_announced_prices_and_tells_of_them(
    exchange, air, fuel, give, issuer, pricer, member
):
    exchange.setPriceGuards(fuel, (0, 0, DAY), {"from": issuer})
    exchange.setPrices(fuel, PRICE // 2, PRICE, {"from": pricer})
    give(air, member, 25_000)
    travel_to(NOW + DAY)

    tx = exchange.convert(air, fuel, 12_500, 1, member, EVER, {"from": member})

    assert tx.return_value == 1
    old = (PRICE // 2, 5 * PRICE // 8)
    assert events_of(tx)[0] == (exchange, "PricesSet", fuel, *old, PRICE // 2, PRICE, 2)
    assert tx.events["Converted"]["toVersion"] == 2
    again = exchange.convert(air, fuel, 12_500, 1, member, EVER, {"from": member})
    assert "PricesSet" not in again.events


def test_prices_of_others_are_refused(exchange, shop, outsider, issuer):
    for caller in (outsider, issuer):
        with refused("MissingRole", caller, shop, roles.PRICER):
            exchange.setPrices(shop, 1, 1, {"from": caller})


def test_prices_of_an_unlisted_program_are_refused(exchange, settlement, pricer):
    with refused("ProgramNotListed", settlement):
        exchange.setPrices(settlement, 1, 1, {"from": pricer})


# cancelScheduledPrices


@pytest.mark.parametrize("role", ["pricer", "guardian"])
def test_announced_prices_can_be_withdrawn_to_the_last_second(
    exchange, shop, post, guard, role, request
):
    post(100, 200)
    guard(notice=DAY)
    post(101, 202)
    travel_to(NOW + DAY - 1)

    tx = exchange.cancelScheduledPrices(shop, {"from": request.getfixturevalue(role)})

    assert_events(tx, (exchange, "ScheduledPricesCancelled", shop, 101, 202))
    assert fields(exchange.scheduledPricesOf(shop)) == (0, 0, 0)
    travel_to(NOW + DAY)
    assert prices(exchange, shop) == (100, 200, 1)


def test_prices_in_force_cannot_be_withdrawn(exchange, shop, post, guard, pricer):
    post(100, 200)
    guard(notice=DAY)
    with refused("NoScheduledPrices", shop):
        exchange.cancelScheduledPrices(shop, {"from": pricer})
    post(101, 202)
    travel_to(NOW + DAY)

    with refused("NoScheduledPrices", shop):
        exchange.cancelScheduledPrices(shop, {"from": pricer})

    assert prices(exchange, shop) == (101, 202, 2)


def test_withdrawing_prices_of_others_is_refused(exchange, shop, settlement, outsider, issuer):
    for caller in (outsider, issuer):
        with refused("MissingRole", caller, shop, roles.PRICER):
            exchange.cancelScheduledPrices(shop, {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.cancelScheduledPrices(settlement, {"from": outsider})


# setPriceGuards


def test_guards_are_set(exchange, shop, guard):
    guard(1, 2, 3)

    tx = guard(1_000_000, 1_000_000, MAX_NOTICE)

    assert fields(exchange.priceGuardsOf(shop)) == (1_000_000, 1_000_000, MAX_NOTICE)
    new = (1_000_000, 1_000_000, MAX_NOTICE)
    assert_events(tx, (exchange, "PriceGuardsSet", shop, (1, 2, 3), new, NOW))


def test_shorter_notice_waits_for_the_old_one(exchange, shop, post, guard):
    post(100, 200)
    guard(notice=2 * DAY)

    tx = guard(notice=0)

    new, until = (0, 0, 0), NOW + 2 * DAY
    assert_events(tx, (exchange, "PriceGuardsSet", shop, (0, 0, 2 * DAY), new, until))
    travel_to(until - 1)
    assert fields(exchange.priceGuardsOf(shop)) == (0, 0, 2 * DAY)
    post(101, 202)
    assert fields(exchange.scheduledPricesOf(shop)) == (101, 202, until - 1 + 2 * DAY)
    travel_to(until)
    assert fields(exchange.priceGuardsOf(shop)) == (0, 0, 0)
    post(102, 204)
    assert prices(exchange, shop) == (102, 204, 2)
    assert fields(exchange.scheduledPricesOf(shop)) == (0, 0, 0)


def test_notice_cannot_be_shortened_step_by_step(exchange, shop, guard):
    guard(notice=10 * DAY)
    guard(notice=5 * DAY)
    travel_to(NOW + 10 * DAY - 1)

    tx = guard(notice=0)

    until = NOW + 20 * DAY - 1
    assert tx.events["PriceGuardsSet"]["noticeInForceAt"] == until
    travel_to(until - 1)
    assert exchange.priceGuardsOf(shop)[2] == 10 * DAY
    travel_to(until)
    assert exchange.priceGuardsOf(shop)[2] == 0


def test_longer_notice_holds_at_once_while_a_shorter_one_waits(exchange, shop, guard):
    guard(notice=2 * DAY)
    guard(notice=0)

    guard(notice=3 * DAY)

    assert exchange.priceGuardsOf(shop)[2] == 3 * DAY
    travel_to(NOW + 2 * DAY)
    assert exchange.priceGuardsOf(shop)[2] == 3 * DAY


@pytest.mark.parametrize(
    "guards", [(1_000_001, 0, 0), (0, 1_000_001, 0), (0, 0, MAX_NOTICE + 1), (2**32 - 1,) * 3]
)
def test_guards_out_of_bounds_are_refused(guard, guards):
    with refused("GuardsOutOfBounds", guards):
        guard(*guards)


def test_guards_of_others_are_refused(exchange, shop, settlement, pricer, outsider, issuer):
    for caller in (pricer, outsider):
        with refused("MissingRole", caller, shop, roles.DEFAULT_ADMIN):
            exchange.setPriceGuards(shop, (0, 0, 0), {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.setPriceGuards(settlement, (0, 0, 0), {"from": issuer})
