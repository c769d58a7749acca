"""Members convert points of one program into points of another, at the two issuers' prices.

convert
  given prices and money
    it destroys, pays, creates and tells
    it rounds money and points down, exactly, for all decimals of points and money and all prices
    when the recipient is someone else, they receive what was bought
    when the deadline is this very second, it is in time
    when the least that is accepted is what comes out, it is accepted
    when another program's prices are the same, converting back and forth gains nothing
  given the same program on both sides, one that is not listed, suspended, or without prices
    it is refused
  given a program that is paused or has shut the exchange out, on either side
    it is refused
  given a member or a recipient who is frozen
    it is refused
  given points that cannot be sent
    it converts for the member, and is refused for anyone else
  given an amount worth nothing, or more than the member, the account or a generation can bear
    it is refused
  given a deadline that has passed, or less than the member accepts
    it is refused
  given the zero address as recipient
    it is refused

The refusals by pair, terms, limits, cash-out and top-up stand in the files of those names.

Spec: X1, X5, X6, X7, X8
"""

import pytest
from support.clock import START, travel_to, utc
from support.errors import refused
from support.events import ZERO, assert_events
from support.market import EURO, EVER, MAX_PRICE, PRICE
from support.words import LANE_MAX, lots

NOW = int(START.timestamp())
ACCOUNT = 1_000 * EURO

# Settlement decimals, decimals of both programs, bid, ask, amount => value, points out.
# The numbers were worked out with Python's fractions, rounding down twice:
#   value = amount / 10^from x bid / 10^12 x 10^settlement
#   out   = value / 10^settlement / (ask / 10^12) x 10^to
CONVERSIONS = [
    # Plain prices in a currency of 6 decimals.
    (6, 2, 0, 8 * 10**9, 625 * 10**9, 12_500, 1_000_000, 1),
    (6, 2, 0, 8 * 10**9, 625 * 10**9, 7_813, 625_040, 1),
    (6, 0, 2, 500 * 10**9, 10**10, 1, 500_000, 5_000),
    # A third cannot be paid: what is lost is less than a unit of money and a unit of points.
    (6, 0, 4, 333_333_333_333, 333_333_333_333, 1, 333_333, 9_999),
    (6, 0, 4, 333_333_333_333, 333_333_333_333, 3, 999_999, 29_999),
    (6, 3, 1, 123_456_789_012, 234_567_890_123, 98_765, 12_193_209, 519),
    (6, 1, 3, PRICE - 1, PRICE, 19, 1_899_999, 1_899),
    # The smallest and the largest prices and amounts.
    (6, 4, 4, 1, 1, 10**10, 1, 10**10),
    (6, 0, 0, 1, 1, LANE_MAX, 281_474_976, 281_474_976_000_000),
    (6, 0, 0, 10**18, 10**18, 70_000, 70_000_000_000_000_000, 70_000),
    (6, 2, 2, PRICE, PRICE, LANE_MAX, 2_814_749_767_106_550_000, LANE_MAX),
    # Money in cents.
    (2, 0, 0, PRICE, PRICE, 1, 100, 1),
    (2, 2, 2, PRICE, PRICE, 1, 1, 1),
    (2, 2, 2, PRICE - 1, PRICE, 100, 99, 99),
    (2, 4, 0, 10**10, 10**10, 10_000, 1, 1),
    (2, 4, 0, 10**10, 10**10, 19_999, 1, 1),
    (2, 0, 4, 10**10, MAX_PRICE, 10**12, 10**12, 5_421_010),
    (2, 3, 1, 777 * 10**9, 333 * 10**9, 1_234_567, 95_925, 28_806),
    (2, 1, 3, 999_999_999, 1_000_000_001, 10**9, 9_999_999, 99_999_989_900),
    # Money with 18 decimals.
    (18, 0, 0, 1, 1, 1, 1_000_000, 1),
    (18, 0, 4, 1, 3, 1, 1_000_000, 3_333),
    (18, 4, 4, 1, 1, 1, 100, 1),
    (18, 4, 0, MAX_PRICE, MAX_PRICE, 10_000, 18_446_744_073_709_551_615_000_000, 1),
    (18, 2, 3, 142_857_142_857, 333_333_333_333, 12_345, 17_635_714_285_696_650_000, 52_907),
    (18, 4, 2, 3, 7, 10**14, 30_000_000_000_000_000, 428_571_428_571),
]


@pytest.fixture(scope="module")
def points(air, fuel, give, member):
    """A member with 10,000 AIR and 100 FUEL."""
    give(air, member, 1_000_000)
    give(fuel, member, 100)


@pytest.fixture
def convert(exchange, air, fuel, points, member):
    """Converts AIR of `member` into FUEL, with anything else if it is said."""

    def convert_(amount=12_500, **other):
        chosen = {"give": air, "take": fuel, "least": 0, "to": member, "deadline": EVER, **other}
        return exchange.convert(
            chosen["give"],
            chosen["take"],
            amount,
            chosen["least"],
            chosen["to"],
            chosen["deadline"],
            {"from": member},
        )

    return convert_


def account(exchange, program):
    return int(exchange.programOf(program)[2])


# Success


def test_conversion_moves_points_and_money(settlement, exchange, air, fuel, convert, member):
    held = settlement.balanceOf(exchange)

    tx = convert(25_050, least=3)

    # 250.5 AIR at 0.008 are worth 2.004 euro, which buy 3 FUEL at 0.625 and leave 0.129.
    assert tx.return_value == 3
    assert air.balanceOf(member) == air.totalSupply() == 1_000_000 - 25_050
    assert fuel.balanceOf(member) == fuel.totalSupply() == 103
    assert account(exchange, air) == ACCOUNT - 2_004_000
    assert account(exchange, fuel) == ACCOUNT + 2_004_000
    assert settlement.balanceOf(exchange) == held
    assert_events(
        tx,
        (exchange, "Converted", member, air, fuel, member, 25_050, 3, 2_004_000, 1, 1),
        (air, "Transfer", member, ZERO, 25_050),
        (fuel, "Transfer", ZERO, member, 3),
    )


@pytest.fixture(scope="module")
def markets(new_market, deployer, OddToken):
    """For each number of settlement decimals, programs of each number of decimals."""
    made = {}
    for decimals in (2, 6, 18):
        market = new_market(OddToken.deploy(decimals, {"from": deployer}))
        pairs = {
            number: tuple(market.create(f"{side}{number}", decimals=number) for side in "AB")
            for number in range(5)
        }
        made[decimals] = (market, pairs)
    return made


@pytest.mark.parametrize(
    ("money", "source", "target", "bid", "ask", "amount", "value", "out"), CONVERSIONS
)
def test_conversions_are_exact(
    markets, member, issuer, money, source, target, bid, ask, amount, value, out
):
    market, pairs = markets[money]
    exchange, give, take = market.exchange, pairs[source][0], pairs[target][1]
    exchange.setPrices(give, bid, MAX_PRICE, {"from": issuer})
    exchange.setPrices(take, 1, ask, {"from": issuer})
    market.fund(give, value)
    market.give(give, member, amount)
    assert tuple(exchange.quote(give, take, amount, member, member)) == (out, 0)

    tx = exchange.convert(give, take, amount, out, member, EVER, {"from": member})

    assert tx.return_value == out
    assert give.balanceOf(member) == give.totalSupply() == 0
    assert take.balanceOf(member) == take.totalSupply() == out
    assert (market.account(give), market.account(take)) == (0, value)
    assert_events(
        tx,
        (exchange, "Converted", member, give, take, member, amount, out, value, 1, 1),
        (give, "Transfer", member, ZERO, amount),
        (take, "Transfer", ZERO, member, out),
    )


def test_conversion_takes_the_oldest_points_and_gives_fresh_ones(
    exchange, air, fuel, give, convert, member
):
    travel_to(utc(2026, 7, 1))
    give(air, member, 5)

    convert(12_500)

    assert air.accountWord(member) == lots(3, 5, 0, 1_000_000 - 12_500)
    assert fuel.accountWord(member) == lots(3, 1, 0, 100)


def test_conversion_for_someone_else(exchange, air, fuel, convert, member, outsider):
    tx = convert(12_500, to=outsider)

    assert air.balanceOf(member) == 1_000_000 - 12_500
    assert (fuel.balanceOf(member), fuel.balanceOf(outsider)) == (100, 1)
    assert tx.events["Converted"]["recipient"] == outsider


def test_conversion_at_the_deadline_is_in_time(convert):
    assert convert(12_500, deadline=NOW).return_value == 1


def test_conversion_that_gives_exactly_the_least_is_accepted(convert):
    assert convert(25_050, least=3).return_value == 3


def test_going_back_and_forth_gains_nothing(exchange, air, open_program, convert, member):
    """Not even where bid and ask are the same."""
    rail = open_program("RAIL", PRICE // 3, PRICE // 3, decimals=4)
    before = air.balanceOf(member)
    for amount in (77, 1_000, 12_345):
        got = convert(amount, take=rail).return_value
        convert(got, give=rail, take=air)

    assert air.balanceOf(member) < before
    assert rail.balanceOf(member) == 0


# Refusals of the exchange


def test_conversion_into_itself_is_refused(settlement, air, convert):
    with refused("SameProgram", air):
        convert(give=air, take=air)
    with refused("SameProgram", settlement):
        convert(give=settlement, take=settlement)


def test_conversion_with_a_stranger_is_refused(air, convert, outsider):
    with refused("ProgramNotListed", outsider):
        convert(give=outsider)
    with refused("ProgramNotListed", outsider):
        convert(take=outsider)


def test_conversion_with_a_suspended_program_is_refused(
    registry, air, fuel, convert, operator, deployer
):
    for program in (air, fuel):
        registry.suspend(program, bytes(32), {"from": operator})
        with refused("ProgramSuspended", program):
            convert(give=air, take=fuel)
        with refused("ProgramSuspended", program):
            convert(give=fuel, take=air)
        registry.scheduleReinstatement(program, bytes(32), {"from": deployer})
        travel_to(registry.reinstatementDueAt(program))
        registry.reinstate(program, {"from": deployer})
    convert()


def test_conversion_without_prices_is_refused(air, create_program, convert):
    rail = create_program("RAIL")
    with refused("PriceNotSet", rail):
        convert(give=rail)
    with refused("PriceNotSet", rail):
        convert(take=rail)


def test_refusal_names_the_program_without_prices_also_when_the_other_has_new_ones(
    exchange, air, create_program, convert, issuer, pricer
):
    rail = create_program("RAIL")
    exchange.setPriceGuards(air, (0, 0, 1), {"from": issuer})
    exchange.setPrices(air, PRICE, PRICE, {"from": pricer})
    travel_to(NOW + 1)

    with refused("PriceNotSet", rail):
        convert(take=rail)


@pytest.mark.parametrize("amount", [0, 1, 7_812])
def test_conversion_that_gives_nothing_is_refused(convert, amount):
    with refused("ZeroOutput", amount):
        convert(amount)


@pytest.mark.parametrize("amount", [LANE_MAX + 1, 2**256 - 1])
def test_amount_that_no_member_can_hold_is_refused(convert, amount):
    with refused("AmountTooLarge", amount):
        convert(amount)


def test_output_that_no_member_can_hold_is_refused(air, open_program, convert):
    cheap = open_program("CHEAP", 1, 1, decimals=4)
    # 80 euro buy 8 x 10^17 base units at the lowest price.
    with refused("AmountTooLarge", 1_000_000):
        convert(1_000_000, take=cheap)


def test_value_that_no_account_can_hold_is_refused(new_market, OddToken, deployer, issuer, member):
    market = new_market(OddToken.deploy(18, {"from": deployer}))
    dear = market.create("DEAR", MAX_PRICE, MAX_PRICE, account=2**96 - 1, decimals=0)
    other = market.create("OTHER", MAX_PRICE, MAX_PRICE, account=2**95, decimals=0)
    convert = market.exchange.convert
    whole = MAX_PRICE * 10**6
    market.give(dear, member, 10_000)

    # What still fits beside 2^95, and one point more.
    most = (2**96 - 1 - 2**95) // whole
    with refused("AmountTooLarge", most + 1):
        convert(dear, other, most + 1, 1, member, EVER, {"from": member})
    tx = convert(dear, other, most, 1, member, EVER, {"from": member})

    assert tx.return_value == most
    assert market.account(other) == 2**95 + most * whole


def test_account_that_does_not_cover_the_value_is_refused(
    exchange, air, convert, treasurer, member
):
    exchange.withdraw(air, member, ACCOUNT - 1_000_000, {"from": treasurer})

    with refused("AccountTooSmall", air, 1_000_000, 1_000_080):
        convert(12_501)
    convert(12_500)

    assert account(exchange, air) == 0


def test_conversion_after_the_deadline_is_refused(convert):
    with refused("DeadlinePassed", NOW - 1):
        convert(deadline=NOW - 1)


def test_conversion_that_gives_less_than_the_least_is_refused(convert):
    with refused("OutputTooLow", 3, 4):
        convert(25_050, least=4)


# Refusals of the tokens


def test_conversion_with_a_paused_program_is_refused(air, fuel, convert, guardian, issuer):
    for program in (air, fuel):
        program.pause({"from": guardian})
        with refused("ProgramPaused"):
            convert(give=air, take=fuel)
        with refused("ProgramPaused"):
            convert(10, give=fuel, take=air)
        program.unpause({"from": issuer})
    convert()


def test_conversion_with_a_program_that_shut_the_exchange_out_is_refused(
    air, fuel, convert, guardian, issuer
):
    for program in (air, fuel):
        program.switchExchange(False, {"from": guardian})
        with refused("ExchangeOff"):
            convert(give=air, take=fuel)
        with refused("ExchangeOff"):
            convert(10, give=fuel, take=air)
        program.switchExchange(True, {"from": issuer})
    convert()


def test_frozen_member_cannot_convert(air, fuel, convert, freezer, member, outsider):
    air.freeze(member, bytes(32), {"from": freezer})

    with refused("MemberFrozen", member):
        convert(to=outsider)
    with refused("MemberFrozen", member):
        convert(10, give=fuel, take=air)


def test_frozen_recipient_cannot_receive(air, fuel, convert, freezer, outsider):
    fuel.freeze(outsider, bytes(32), {"from": freezer})

    with refused("MemberFrozen", outsider):
        convert(to=outsider)
    convert()


def test_points_that_cannot_be_sent_are_converted_for_oneself_only(
    open_program, fuel, give, convert, member, outsider
):
    work = open_program("WORK", PRICE, PRICE, transferable=False)
    give(work, member, 300)

    with refused("TransfersDisabled", work):
        convert(100, give=work, to=outsider)
    assert convert(100, give=work).return_value == 1
    assert convert(10, give=fuel, take=work, to=outsider).return_value == 500


def test_conversion_of_points_that_the_member_has_not_is_refused(air, convert, member):
    with refused("ERC20InsufficientBalance", member, 1_000_000, 1_000_001):
        convert(1_000_001)


def test_conversion_of_expired_points_is_refused(air, convert, member):
    travel_to(utc(2027, 1, 1))

    with refused("ERC20InsufficientBalance", member, 0, 12_500):
        convert(12_500)


def test_full_generation_takes_nothing(air, fuel, convert, issuer, awarder, outsider):
    fuel.setBudget(awarder, 2**64 - 1, 86_400, {"from": issuer})
    room = LANE_MAX - fuel.totalSupply()
    fuel.award(outsider, room, bytes(32), {"from": awarder})

    with refused("GenerationFull", 1, 1, 0):
        convert(12_500)


def test_conversion_for_nobody_is_refused(convert):
    with refused("ERC20InvalidReceiver", ZERO):
        convert(to=ZERO)
