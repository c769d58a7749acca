"""A pricer sets terms for points of one partner: a special price, or none of them at all.

setTerms
  given a special ask
    it holds from its first second to its last, for this partner's points only
    when it is zero, the common ask holds
    when the bid is raised above it, the bid counts instead, so that no loop gains
  given a closed pair
    it refuses this partner's points between these seconds, and in this direction only
  given terms in the place of others
    it replaces them at once if there is no notice, and removes them
  given a program with a notice
    it lets terms begin no earlier than that
    it leaves announced terms and terms in force as they are, to their end
  given a special ask below the bid, in force or scheduled
    it is refused
  given dates that make no sense
    it is refused
  given the program itself as partner, a partner that is not listed, or a caller who is no pricer
    it is refused

Spec: X9, X10, X14, X15
"""

import pytest
from support import roles
from support.clock import DAY, START, travel_to
from support.errors import refused
from support.events import assert_events
from support.market import EVER, PRICE, TERMS, fields

NOW = int(START.timestamp())
NONE = (0, 0, 0, False)
FUEL_BID, FUEL_ASK = PRICE // 2, 5 * PRICE // 8


@pytest.fixture(autouse=True)
def points(air, fuel, give, member):
    give(air, member, 10**6)
    give(fuel, member, 10**6)


@pytest.fixture
def set_terms(exchange, air, fuel, pricer):
    """Sets what FUEL charges for AIR."""

    def set_(ask=0, valid_from=NOW, valid_until=NOW + DAY, closed=False):
        terms = (ask, valid_from, valid_until, closed)
        return exchange.setTerms(fuel, air, terms, {"from": pricer})

    return set_


@pytest.fixture
def fuel_for_air(exchange, air, fuel, member):
    """What 1,250 AIR, worth 10 euro, buy of FUEL."""
    return lambda: exchange.convert.call(air, fuel, 125_000, 1, member, EVER, {"from": member})


def test_special_ask_holds_between_its_seconds(exchange, air, fuel, set_terms, fuel_for_air):
    begin, end = NOW + 100, NOW + 200

    tx = set_terms(FUEL_BID, begin, end)

    assert_events(tx, (exchange, "TermsSet", fuel, air, NONE, (FUEL_BID, begin, end, False), 2))
    assert fields(exchange.termsOf(fuel, air)) == (FUEL_BID, begin, end, False)
    assert exchange.programOf(fuel)[3] == 2
    assert exchange.programOf(fuel)[4] & TERMS
    for moment, out in ((begin - 1, 16), (begin, 20), (end - 1, 20), (end, 16)):
        travel_to(moment)
        assert fuel_for_air() == out


def test_special_ask_is_for_one_partner(
    exchange, open_program, fuel, give, set_terms, fuel_for_air, member
):
    rail = open_program("RAIL", 8 * PRICE // 1000, PRICE // 100)
    give(rail, member, 125_000)

    set_terms(FUEL_BID)

    assert fuel_for_air() == 20
    assert exchange.convert.call(rail, fuel, 125_000, 1, member, EVER, {"from": member}) == 16


def test_special_ask_is_for_one_direction(exchange, air, fuel, set_terms, member):
    before = exchange.convert.call(fuel, air, 10, 1, member, EVER, {"from": member})

    set_terms(FUEL_BID)

    assert exchange.convert.call(fuel, air, 10, 1, member, EVER, {"from": member}) == before


def test_special_ask_may_be_higher_than_the_common_one(set_terms, fuel_for_air):
    set_terms(2 * PRICE)

    assert fuel_for_air() == 5


def test_terms_without_special_ask_keep_the_common_one(set_terms, fuel_for_air):
    set_terms(0)

    assert fuel_for_air() == 16


def test_special_ask_never_counts_for_less_than_the_bid(
    exchange, fuel, pricer, set_terms, fuel_for_air
):
    """Or whoever converts to FUEL and back had more than before."""
    set_terms(FUEL_BID)

    exchange.setPrices(fuel, FUEL_ASK, FUEL_ASK, {"from": pricer})

    assert fuel_for_air() == 16


def test_closed_pair_is_refused_between_its_seconds(
    exchange, air, fuel, set_terms, fuel_for_air, member
):
    begin, end = NOW + 100, NOW + 200

    set_terms(0, begin, end, closed=True)

    for moment in (begin - 1, end):
        travel_to(moment)
        assert fuel_for_air() == 16
    for moment in (begin, end - 1):
        travel_to(moment)
        with refused("PairClosed", air, fuel):
            exchange.convert(air, fuel, 125_000, 1, member, EVER, {"from": member})
        assert exchange.convert.call(fuel, air, 10, 1, member, EVER, {"from": member}) == 50_000


def test_terms_are_replaced_and_removed_at_once(exchange, air, fuel, set_terms, fuel_for_air):
    set_terms(closed=True)

    tx = set_terms(2 * PRICE)

    old, new = (0, NOW, NOW + DAY, True), (2 * PRICE, NOW, NOW + DAY, False)
    assert_events(tx, (exchange, "TermsSet", fuel, air, old, new, 3))
    assert fuel_for_air() == 5
    tx = set_terms(*NONE)
    assert_events(tx, (exchange, "TermsSet", fuel, air, new, NONE, 4))
    assert fields(exchange.termsOf(fuel, air)) == NONE
    assert fuel_for_air() == 16


def test_notice_keeps_terms_from_beginning_early(exchange, fuel, issuer, set_terms, fuel_for_air):
    exchange.setPriceGuards(fuel, (0, 0, DAY), {"from": issuer})
    begin, end = NOW + DAY, NOW + 2 * DAY

    with refused("InvalidTermsDates", begin - 1, end, begin):
        set_terms(FUEL_BID, begin - 1, end)
    set_terms(FUEL_BID, begin, end)

    travel_to(begin)
    assert fuel_for_air() == 20


def test_notice_keeps_terms_to_their_end(exchange, air, fuel, issuer, set_terms):
    exchange.setPriceGuards(fuel, (0, 0, DAY), {"from": issuer})
    begin, end = NOW + DAY, NOW + 2 * DAY
    set_terms(FUEL_BID, begin, end)

    for moment in (NOW, begin, end - 1):
        travel_to(moment)
        with refused("TermsInForce", fuel, air, end):
            set_terms(*NONE)
        with refused("TermsInForce", fuel, air, end):
            set_terms(FUEL_BID, end + DAY, end + 2 * DAY)
    travel_to(end)
    set_terms(*NONE)

    assert fields(exchange.termsOf(fuel, air)) == NONE


@pytest.mark.parametrize("ask", [1, FUEL_BID - 1])
def test_special_ask_below_the_bid_is_refused(set_terms, ask):
    with refused("SpecialAskTooLow", ask, FUEL_BID):
        set_terms(ask)


def test_special_ask_below_the_scheduled_bid_is_refused(exchange, fuel, issuer, pricer, set_terms):
    exchange.setPriceGuards(fuel, (0, 0, DAY), {"from": issuer})
    exchange.setPrices(fuel, FUEL_BID + 2, FUEL_ASK, {"from": pricer})
    begin, end = NOW + 5 * DAY, NOW + 6 * DAY

    with refused("SpecialAskTooLow", FUEL_BID + 1, FUEL_BID + 2):
        set_terms(FUEL_BID + 1, begin, end)
    set_terms(FUEL_BID + 2, begin, end)


@pytest.mark.parametrize("begin_and_end", [(NOW, NOW), (NOW + 1, NOW), (NOW, 1)])
def test_dates_that_make_no_sense_are_refused(set_terms, begin_and_end):
    with refused("InvalidTermsDates", *begin_and_end, 0):
        set_terms(FUEL_BID, *begin_and_end)


def test_terms_with_oneself_are_refused(exchange, fuel, pricer):
    with refused("SameProgram", fuel):
        exchange.setTerms(fuel, fuel, NONE, {"from": pricer})


def test_terms_with_strangers_are_refused(exchange, fuel, pricer, settlement, outsider):
    for stranger in (settlement, outsider):
        with refused("ProgramNotListed", stranger):
            exchange.setTerms(fuel, stranger, NONE, {"from": pricer})
        with refused("ProgramNotListed", stranger):
            exchange.setTerms(stranger, fuel, NONE, {"from": pricer})


def test_terms_of_others_are_refused(exchange, air, fuel, outsider, issuer):
    for caller in (outsider, issuer):
        with refused("MissingRole", caller, fuel, roles.PRICER):
            exchange.setTerms(fuel, air, NONE, {"from": caller})
