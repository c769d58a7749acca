"""A quote says beforehand what a conversion gives, or why it is refused.

quote
  given nothing in the way
    it gives what a conversion gives
    when there is no member, it leaves out what concerns the member
  given anything in the way
    it gives the refusal whose error the conversion reverts with
quoteExactOut
  given nothing in the way
    it gives the least amount: one base unit less gives too little
    when money is on either side, it does so too
  given anything in the way
    it gives the refusal
    when nothing is wanted, or more than there can be, it says so

Spec: X3, X4
"""

import pytest
from support.clock import START
from support.errors import refused
from support.events import ZERO
from support.market import EURO, EVER, LIMITED, MAX_PRICE, PRICE, REFUSALS, TERMS
from support.words import LANE_MAX

NOW = int(START.timestamp())
ACCOUNT = 1_000 * EURO


@pytest.fixture(scope="module")
def ready(exchange, settlement, air, fuel, give, issuer, member):
    """A member with 10,000 AIR, and 10 euro that the exchange may take."""
    give(air, member, 1_000_000)
    exchange.switchCash(air, (True, True), {"from": issuer})
    settlement.mint(member, 10 * EURO, {"from": member})
    settlement.approve(exchange, 10 * EURO, {"from": member})


class Story:
    """What a refusal needs: how it comes about, and the error that it stands for."""

    def __init__(self, request, give, take):
        self.of = request.getfixturevalue
        self.give, self.take = self.of(give), self.of(take)
        self.amount, self.recipient = 12_500, self.of("member")


def same_program(story):
    story.take = story.give
    return "SameProgram", story.give


def not_listed(story):
    story.take = story.of("outsider")
    return "ProgramNotListed", story.take


def suspended(story):
    story.of("registry").suspend(story.take, "0x01", {"from": story.of("operator")})
    return "ProgramSuspended", story.take


def paused(story):
    story.take.pause({"from": story.of("guardian")})
    return ("ProgramPaused",)


def paused_source(story):
    story.give.pause({"from": story.of("guardian")})
    return ("ProgramPaused",)


def shut_out_target(story):
    story.take.switchExchange(False, {"from": story.of("guardian")})
    return ("ExchangeOff",)


def shut_out(story):
    story.give.switchExchange(False, {"from": story.of("guardian")})
    return ("ExchangeOff",)


def without_prices(story):
    story.take = story.of("create_program")("RAIL")
    return "PriceNotSet", story.take


def closed_pair(story):
    terms = (0, NOW, NOW + 1, True)
    story.of("exchange").setTerms(story.take, story.give, terms, {"from": story.of("pricer")})
    return "PairClosed", story.give, story.take


def closed_cash_out(story):
    story.give, story.take = story.of("fuel"), story.of("settlement")
    return "CashOutClosed", story.give


def closed_top_up(story):
    story.give, story.take = story.of("settlement"), story.of("fuel")
    return "TopUpClosed", story.take


def too_little(story):
    story.amount = 7_812
    return "ZeroOutput", 7_812


def too_much(story):
    story.amount = LANE_MAX + 1
    return "AmountTooLarge", LANE_MAX + 1


def full_generation(story):
    issuer, awarder = story.of("issuer"), story.of("awarder")
    story.take.setBudget(awarder, LANE_MAX, 3_600, {"from": issuer})
    room = LANE_MAX - story.take.totalSupply()
    story.take.award(awarder, room, "0x01", {"from": awarder})
    return "GenerationFull", 1, 1, 0


def poor_issuer(story):
    treasurer = story.of("treasurer")
    story.of("exchange").withdraw(story.give, treasurer, ACCOUNT, {"from": treasurer})
    return "AccountTooSmall", story.give, 0, EURO


def limit_out(story):
    story.of("exchange").setDailyLimits(story.give, (1, 0, 0), {"from": story.of("issuer")})
    return "DailyLimitOutReached", story.give, EURO, 1


def limit_in(story):
    story.of("exchange").setDailyLimits(story.take, (0, 1, 0), {"from": story.of("issuer")})
    return "DailyLimitInReached", story.take, EURO, 1


def limit_of_member(story):
    story.of("exchange").setDailyLimits(story.give, (0, 0, 12_499), {"from": story.of("issuer")})
    return "DailyLimitMemberReached", story.give, story.of("member"), 12_500, 12_499


def frozen_member(story):
    story.give.freeze(story.of("member"), "0x01", {"from": story.of("freezer")})
    return "MemberFrozen", story.of("member")


def frozen_recipient(story):
    story.recipient = story.of("outsider")
    story.take.freeze(story.recipient, "0x01", {"from": story.of("freezer")})
    return "MemberFrozen", story.recipient


def not_transferable(story):
    story.give = story.of("open_program")("WORK", PRICE, PRICE, transferable=False)
    story.recipient = story.of("outsider")
    return "TransfersDisabled", story.give


def too_few_points(story):
    story.amount = 1_000_001
    return "ERC20InsufficientBalance", story.of("member"), 1_000_000, 1_000_001


def too_little_money(story):
    story.give, story.take, story.amount = story.of("settlement"), story.of("air"), 10 * EURO + 1
    story.give.approve(story.of("exchange"), EVER, {"from": story.of("member")})
    return "ERC20InsufficientBalance", story.of("member"), 10 * EURO, 10 * EURO + 1


STORIES = [
    ("SameProgram", same_program),
    ("ProgramNotListed", not_listed),
    ("ProgramSuspended", suspended),
    ("ProgramPaused", paused),
    ("ProgramPaused", paused_source),
    ("ExchangeOff", shut_out_target),
    ("ExchangeOff", shut_out),
    ("PriceNotSet", without_prices),
    ("PairClosed", closed_pair),
    ("CashOutClosed", closed_cash_out),
    ("TopUpClosed", closed_top_up),
    ("ZeroOutput", too_little),
    ("AmountTooLarge", too_much),
    ("AmountTooLarge", full_generation),
    ("AccountTooSmall", poor_issuer),
    ("DailyLimitOut", limit_out),
    ("DailyLimitIn", limit_in),
    ("DailyLimitMember", limit_of_member),
    ("MemberFrozen", frozen_member),
    ("RecipientFrozen", frozen_recipient),
    ("TransfersDisabled", not_transferable),
    ("BalanceTooSmall", too_few_points),
    ("BalanceTooSmall", too_little_money),
]


def test_every_refusal_has_a_story(exchange):
    assert {refusal for refusal, _ in STORIES} == set(REFUSALS) - {"None"}


@pytest.mark.parametrize(("refusal", "tell"), STORIES, ids=[tell.__name__ for _, tell in STORIES])
def test_quote_gives_the_reason_that_the_conversion_reverts_with(
    exchange, ready, member, request, refusal, tell
):
    story = Story(request, "air", "fuel")
    error = tell(story)

    out, reason = exchange.quote(story.give, story.take, story.amount, member, story.recipient)

    assert (out, REFUSALS[reason]) == (0, refusal)
    with refused(*error):
        exchange.convert(
            story.give, story.take, story.amount, 0, story.recipient, EVER, {"from": member}
        )


def quoted(exchange, *args):
    """A quote as amount and name of the refusal."""
    amount, refusal = exchange.quote(*args)
    return int(amount), REFUSALS[refusal]


@pytest.mark.parametrize("amount", [7_813, 12_500, 1_000_000])
def test_quote_equals_the_conversion(exchange, ready, air, fuel, member, outsider, amount):
    out = quoted(exchange, air, fuel, amount, member, outsider)

    tx = exchange.convert(air, fuel, amount, 0, outsider, EVER, {"from": member})

    assert out == (tx.return_value, "None")


def test_quote_without_member_leaves_the_member_out(
    exchange, ready, air, fuel, settlement, freezer, member, outsider
):
    air.freeze(member, "0x01", {"from": freezer})

    assert quoted(exchange, air, fuel, 12_500, ZERO, ZERO) == (1, "None")
    assert quoted(exchange, air, fuel, 125_000_000, ZERO, ZERO) == (0, "AccountTooSmall")
    assert quoted(exchange, settlement, air, 20 * EURO, ZERO, ZERO) == (200_000, "None")
    assert quoted(exchange, air, fuel, 12_500, outsider, ZERO) == (0, "BalanceTooSmall")


def test_quote_without_recipient_is_for_the_member(exchange, ready, air, fuel, freezer, member):
    fuel.freeze(member, "0x01", {"from": freezer})

    assert quoted(exchange, air, fuel, 12_500, member, ZERO) == (0, "RecipientFrozen")


def test_quote_knows_that_a_new_epoch_has_room(exchange, ready, air, fuel, member, request):
    """The last epoch's points do not fill this epoch's generation."""
    full_generation(Story(request, "air", "fuel"))
    request.getfixturevalue("clock")(NOW + 90 * 86_400)

    assert quoted(exchange, air, fuel, 12_500, member, member) == (1, "None")
    tx = exchange.convert(air, fuel, 12_500, 1, member, EVER, {"from": member})
    assert tx.return_value == 1


def test_flags_do_not_change_the_quote(exchange, ready, air, fuel, issuer, pricer, member):
    """Terms for someone else, and limits far away, take other paths to the same result."""
    before = quoted(exchange, air, fuel, 12_500, member, member)

    exchange.setTerms(fuel, air, (PRICE, NOW + 1, NOW + 2, True), {"from": pricer})
    exchange.setDailyLimits(fuel, (ACCOUNT, ACCOUNT, LANE_MAX), {"from": issuer})

    assert exchange.programOf(fuel)[4] & TERMS
    assert exchange.programOf(fuel)[4] & LIMITED
    assert quoted(exchange, air, fuel, 12_500, member, member) == before == (1, "None")


# quoteExactOut


GRID = [
    # settlement decimals, fee, from, to, bid, ask
    (6, 0, 2, 0, 8 * 10**9, 625 * 10**9),
    (6, 2_500, 2, 0, 8 * 10**9, 625 * 10**9),
    (6, 10_000, 0, 4, PRICE // 3, PRICE // 7),
    (2, 0, 4, 4, 12_345_678_901, 98_765_432_101),
    (2, 9_999, 1, 3, 999_999_999_999, 3),
    (18, 1, 0, 0, MAX_PRICE, MAX_PRICE),
    (18, 0, 4, 4, 1, 1),
]


@pytest.mark.parametrize(("money", "fee", "source", "target", "bid", "ask"), GRID)
def test_exact_out_is_the_least_amount(
    new_market, OddToken, deployer, issuer, merchant, money, fee, source, target, bid, ask
):
    market = new_market(OddToken.deploy(money, {"from": deployer}), fee, merchant)
    exchange = market.exchange
    give = market.create("GIVE", bid, bid, account=2**95, decimals=source)
    take = market.create("TAKE", ask, ask, account=0, decimals=target)
    for program in (give, take):
        exchange.switchCash(program, (True, True), {"from": issuer})

    sides = [(give, take), (give, market.money), (market.money, take)]
    found = 0
    for sides_, out in ((pair, out) for pair in sides for out in (1, 2, 3, 7, 100, 999, 12_345)):
        amount, refusal = exchange.quoteExactOut(*sides_, out, ZERO, ZERO)
        if REFUSALS[refusal] != "None":
            continue
        assert exchange.quote(*sides_, amount, ZERO, ZERO)[0] >= out
        assert exchange.quote(*sides_, amount - 1, ZERO, ZERO)[0] < out
        found += 1
    assert found >= 14


def test_exact_out_gives_the_refusal(exchange, ready, air, fuel, settlement, member, outsider):
    def reason(*args):
        amount, refusal = exchange.quoteExactOut(*args)
        assert amount == 0
        return REFUSALS[refusal]

    assert reason(air, air, 1, member, member) == "SameProgram"
    assert reason(air, outsider, 1, member, member) == "ProgramNotListed"
    assert reason(air, fuel, 0, member, member) == "ZeroOutput"
    assert reason(air, fuel, EVER, member, member) == "AmountTooLarge"
    assert reason(air, fuel, 2**96 - 1, member, member) == "AmountTooLarge"
    assert reason(air, fuel, 2_000, member, member) == "AccountTooSmall"
    assert reason(air, fuel, 129, member, member) == "BalanceTooSmall"
    assert reason(air, fuel, 128, outsider, member) == "BalanceTooSmall"
    assert reason(fuel, settlement, 1, member, member) == "CashOutClosed"


def test_exact_out_equals_the_conversion(exchange, ready, air, fuel, member):
    amount, refusal = exchange.quoteExactOut(air, fuel, 128, member, member)

    assert (amount, REFUSALS[refusal]) == (1_000_000, "None")
    tx = exchange.convert(air, fuel, amount, 128, member, EVER, {"from": member})
    assert tx.return_value == 128
