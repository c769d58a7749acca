"""An issuer lets converted points keep the life that they had left.

setCarryExpiry
  given the admin
    it switches, says so, and changes nothing else
  given the caller is not the admin, or the program unlisted
    it is refused
convert, into a program that carries expiry
  given calendars of any kind
    each lot becomes the youngest generation that expires no later, or else the oldest: see TARGETS
  given points that never expire
    they become fresh ones
  given a program younger than the points
    they keep their dates all the same, also when they are redeemed and refunded
  given amounts that do not divide
    what rounding leaves over goes to those that expire first
  given money
    it gives fresh points
  given another generation than this epoch's is full
    it is refused
  given any of these
    an event tells the generations, between the two transfers
  given the program does not carry expiry
    it gives fresh points

Spec: X26
"""

import pytest
from support import roles
from support.clock import travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.market import EURO, EVER, PRICE
from support.words import LANE_MAX, lots

# What `member` has of the source, and when it expires: quarters that live for a year.
AWARDS = {utc(2026, 2, 11): 1, utc(2026, 4): 20, utc(2026, 7): 300, utc(2026, 10): 4_000}

# Months in an epoch and lifetime of the target => lanes after converting all in November 2026.
TARGETS = {
    # The same calendar.
    (3, 4): (4_000, 300, 20, 1),
    # Ends of life of the target's generations, youngest first, behind each.
    (1, 2): (4_321, 0),  # January 2027, December 2026
    (12, 1): (4_321,),  # January 2027
    (12, 2): (0, 4_321),  # January 2028 and 2027
    (6, 4): (0, 0, 4_300, 21),  # July and January 2028, July and January 2027
    (6, 2): (4_300, 21),  # July and January 2027
    (3, 2): (4_320, 1),  # April and January 2027
    (4, 4): (0, 4_000, 300, 21),  # January 2028, September, May and January 2027
    # All generations live longer than any of the points: the oldest is the nearest.
    (24, 4): (0, 0, 0, 4_321),
    (0, 1): (4_321,),
    (0, 4): (0, 0, 0, 4_321),
}


@pytest.fixture
def source(open_program, give, member):
    """Points at one euro, of four generations, in November 2026."""
    program = open_program("OLD", PRICE, PRICE, 10_000 * EURO, decimals=0)
    for moment, amount in AWARDS.items():
        travel_to(moment)
        give(program, member, amount)
    return program


@pytest.fixture
def open_target(exchange, open_program, issuer):
    """Opens programs that carry expiry."""

    def opened(symbol="NEW", ask=PRICE, **settings):
        program = open_program(symbol, 1, ask, 0, decimals=0, **settings)
        exchange.setCarryExpiry(program, True, {"from": issuer})
        return program

    return opened


@pytest.fixture
def convert(exchange, source, member):
    def converting(target, amount):
        return exchange.convert(source, target, amount, 1, member, EVER, {"from": member})

    return converting


def lanes(program, who):
    """A member's points by generation, youngest first."""
    word = program.accountWord(who)
    return tuple((word >> 48 * age) & LANE_MAX for age in range(program.lifetime()))


# Switching


def test_issuer_switches(exchange, air, issuer):
    before = exchange.programOf(air)
    assert exchange.carriesExpiry(air) is False

    for carries in (True, True, False):
        tx = exchange.setCarryExpiry(air, carries, {"from": issuer})

        assert exchange.carriesExpiry(air) is carries
        assert plain(exchange.programOf(air)) == plain(before)
        assert_events(tx, (exchange, "CarryExpirySet", air, carries))


def test_switching_by_others_is_refused(exchange, air, settlement, pricer, outsider, issuer):
    for caller in (pricer, outsider):
        with refused("MissingRole", caller, air, roles.DEFAULT_ADMIN):
            exchange.setCarryExpiry(air, True, {"from": caller})
    with refused("ProgramNotListed", settlement):
        exchange.setCarryExpiry(settlement, True, {"from": issuer})


# Converting


@pytest.mark.parametrize(("kind", "expected"), TARGETS.items(), ids=str)
def test_points_expire_no_later_than_they_did(open_target, source, convert, member, kind, expected):
    months, lifetime = kind
    target = open_target(months=months, lifetime=lifetime)
    travel_to(utc(2026, 11, 15))

    tx = convert(target, 4_321)

    assert tx.return_value == 4_321
    assert lanes(target, member) == expected
    assert target.balanceOf(member) == target.totalSupply() == 4_321
    assert source.balanceOf(member) == source.totalSupply() == 0


def test_an_event_tells_the_generations(exchange, open_target, source, convert, member):
    target = open_target()

    tx = convert(target, 321)

    assert_events(
        tx,
        (exchange, "Converted", member, source, target, member, 321, 321, 321 * EURO, 1, 1),
        (source, "Transfer", member, ZERO, 321),
        (exchange, "ExpiryCarried", source, target, lots(0, 0, 300, 20, 1)),
        (target, "Transfer", ZERO, member, 321),
    )


def test_dates_stay_where_calendars_are_the_same(open_target, source, convert, member):
    target = open_target()
    before = source.expiries(member)

    convert(target, 4_321)

    assert plain(target.expiries(member)) == plain(before)
    assert plain(target.supplyByExpiry()) == plain(before)


def test_oldest_points_are_converted_first(open_target, convert, member):
    target = open_target()

    convert(target, 11)

    assert lanes(target, member) == (0, 0, 10, 1)


@pytest.mark.parametrize(
    ("moment", "expected"),
    # At the end of December 2026 the target's youngest live until July 2028, and so on; a second
    # later its generations have moved on, and the source's oldest are gone.
    [(utc(2026, 12, 31, 23, 59, 59), (0, 0, 4_300, 21)), (utc(2027), (0, 0, 0, 4_320))],
)
def test_life_is_compared_at_the_second(open_target, source, convert, member, moment, expected):
    target = open_target(months=6, lifetime=4)
    travel_to(moment)

    convert(target, source.balanceOf(member))

    assert lanes(target, member) == expected


@pytest.mark.parametrize("lifetime", [1, 4])
def test_points_that_never_expire_become_fresh_ones(
    exchange, open_program, open_target, give, member, lifetime
):
    gold = open_program("GOLD", PRICE, PRICE, decimals=0, months=0, lifetime=1)
    give(gold, member, 50)
    target = open_target(months=3, lifetime=lifetime)

    exchange.convert(gold, target, 50, 1, member, EVER, {"from": member})

    assert lanes(target, member) == (50, *[0] * (lifetime - 1))


def test_points_may_be_older_than_their_new_program(open_target, source, convert, member):
    before = source.expiries(member)
    target = open_target()
    assert target.currentEpoch() == 1

    convert(target, 4_321)

    assert target.accountWord(member) == lots(1, 4_000, 300, 20, 1)
    assert plain(target.expiries(member)) == plain(before)
    travel_to(utc(2027))
    assert target.balanceOf(member) == target.totalSupply() == 4_320
    travel_to(utc(2027, 10))
    assert target.balanceOf(member) == target.totalSupply() == 0


def test_redeemed_points_come_back_as_old_as_they_were(
    open_target, source, convert, member, corrector
):
    target = open_target()
    convert(target, 4_321)
    before = target.accountWord(member)
    sale = target.redeem(4_321, bytes(32), {"from": member})

    redeemed = sale.events["Redeemed"]["lots"]
    target.refund(member, redeemed, bytes(32), {"from": corrector})

    assert target.accountWord(member) == before == lots(1, 4_000, 300, 20, 1)


@pytest.mark.parametrize(
    ("ask", "amount", "expected"),
    [
        # 1 + 20 + 300 + 4,000 points at one euro, for points at three: 1,440 and a third.
        # Of 1,440 a lot of 4,000 gives 1,333.0, of 300 gives 99.97, of 20 gives 6.66.
        (3, 4_321, (1_333, 99, 6, 2)),
        # 21 points give 7: 20 of them 6.67.
        (3, 21, (0, 0, 6, 1)),
        # All is too little for the younger ones to give one.
        (10, 21, (0, 0, 1, 1)),
        (20, 21, (0, 0, 0, 1)),
        # The older lots give nothing of their own, and what is left over is theirs.
        (4_000, 4_321, (0, 0, 0, 1)),
    ],
)
def test_what_rounding_leaves_over_expires_first(
    open_target, source, convert, member, ask, amount, expected
):
    target = open_target(ask=ask * PRICE)

    tx = convert(target, amount)

    assert lanes(target, member) == expected
    assert tx.return_value == sum(expected) == amount // ask


def test_points_bought_for_money_are_fresh(exchange, settlement, open_target, issuer, member):
    target = open_target()
    exchange.switchCash(target, (True, False), {"from": issuer})
    settlement.mint(member, 9 * EURO, {"from": member})
    settlement.approve(exchange, 9 * EURO, {"from": member})

    tx = exchange.convert(settlement, target, 9 * EURO, 1, member, EVER, {"from": member})

    assert lanes(target, member) == (9, 0, 0, 0)
    assert "ExpiryCarried" not in tx.events


def test_full_older_generation_takes_nothing(
    open_target, convert, source, issuer, awarder, outsider
):
    travel_to(utc(2026, 2, 11))
    target = open_target()
    target.setBudget(awarder, 2**64 - 1, 86_400, {"from": issuer})
    target.award(outsider, LANE_MAX, bytes(32), {"from": awarder})
    travel_to(utc(2026, 10))

    with refused("GenerationFull", 1, 1, 0):
        convert(target, 1)


def test_other_programs_give_fresh_points(exchange, open_target, convert, issuer, member):
    target = open_target()
    exchange.setCarryExpiry(target, False, {"from": issuer})

    tx = convert(target, 4_321)

    assert lanes(target, member) == (4_321, 0, 0, 0)
    assert "ExpiryCarried" not in tx.events
