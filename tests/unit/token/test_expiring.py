"""Points expire with the calendar.

An epoch is a whole number of months, aligned to January; points live through `lifetime` epochs.

given any kind of epoch and lifetime, and points awarded on any day
  they count to the last second of their life, and not one longer: see KINDS and DAYS
  expiries and supplyByExpiry tell the second
  transfers and awards around that second go by the same clock
given points that never expire
  they are there in two hundred years
given points of several generations
  when time passes, they expire one by one, soonest first
  when several epochs pass at once, all expire that were due
  when some are spent, the oldest go first
  when some are sent, they keep their generations
given expired points
  they are announced when the account is next touched: see PATHS
  when they are swept, that changes no balance
  when they are swept again, or none have expired, nothing is said
at any second
  balances add up to the supply, and expiries to the balances
the supply word
  it says when its epoch ends
room
  it tells what the epoch can still take
expiryOf
  it tells when points of each age expire

Spec: T1, T2, T3, T4, T5, T6, T7, T8, T9, T10
"""

import random
from datetime import datetime, timedelta, timezone

import pytest
from support.clock import DAY, START, now, travel_to, utc
from support.deploying import program_settings
from support.errors import refused
from support.events import ZERO, assert_events, plain
from support.words import LANE_MAX, award_word, bytes32, lots, stored_lots

REF = bytes32("receipt 4711")
REASON = bytes32("phone stolen")
NEVER = 2**64 - 1

# Every epoch that an issuer would choose, and the longest one.
KINDS = [(months, lifetime) for months in (1, 2, 3, 4, 6, 12, 24, 120) for lifetime in (1, 2, 3, 4)]

DAYS = [
    datetime(1996, 2, 28, 23, 59, 59),
    datetime(1996, 2, 29, 23, 59, 59),
    datetime(1996, 12, 31, 23, 59, 59),
    datetime(1999, 12, 31, 12, 0, 0),
    datetime(2000, 1, 1, 0, 0, 0),
    datetime(2000, 2, 28, 23, 59, 59),
    datetime(2000, 2, 29, 0, 0, 0),
    datetime(2000, 3, 1, 0, 0, 0),
    datetime(2026, 4, 30, 23, 59, 59),
    datetime(2026, 5, 1, 0, 0, 0),
    datetime(2027, 1, 31, 0, 0, 0),
    datetime(2096, 2, 29, 6, 0, 0),
    datetime(2100, 2, 28, 23, 59, 59),
    datetime(2100, 3, 1, 0, 0, 0),
    datetime(2400, 2, 29, 23, 59, 59),
]


@pytest.fixture
def create_token(PointToken, exchange, desk, passkeys, issuer, awarder):
    """A token of the given kind, created at the present second."""

    def create(months, lifetime):
        settings = program_settings(issuer, months=months, lifetime=lifetime)
        token = PointToken.deploy(settings, exchange, desk, passkeys, {"from": issuer})
        token.setBudget(awarder, 10**9, DAY, {"from": issuer})
        return token

    return create


def end_of_life(moment, months, lifetime):
    """The second at which points expire, counted on the calendar of Python."""
    epoch = (moment.year * 12 + moment.month - 1) // months
    month = (epoch + lifetime) * months
    return utc(month // 12, month % 12 + 1)


def assert_life(token, member, other_member, awarder, end):
    """Asserts that `member`'s 100 points live until `end`."""
    assert plain(token.expiries(member)) == ((end, 100),)
    assert plain(token.supplyByExpiry()) == ((end, 100),)

    travel_to(end - 1)
    assert token.balanceOf(member) == token.totalSupply() == 100
    token.transfer(other_member, 1, {"from": member})
    assert token.balanceOf(other_member) == 1

    for second in (end, end + 1):
        travel_to(second)
        assert token.balanceOf(member) == token.balanceOf(other_member) == token.totalSupply() == 0
        assert token.expiries(member) == token.supplyByExpiry() == ()
        with refused("ERC20InsufficientBalance", member, 0, 1):
            token.transfer(other_member, 1, {"from": member})

    tx = token.award(member, 7, REF, {"from": awarder})
    assert token.balanceOf(member) == token.totalSupply() == 7
    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 99),
        (token, "Expired", member, 99),
        (token, "Transfer", ZERO, member, 7),
        (token, "Awarded", awarder, member, REF, 7),
    )


@pytest.mark.parametrize(("months", "lifetime"), KINDS)
def test_points_live_to_the_last_second(
    create_token, awarder, member, other_member, months, lifetime
):
    token = create_token(months, lifetime)
    assert token.monthsPerEpoch() == months
    assert token.lifetime() == lifetime
    token.award(member, 100, REF, {"from": awarder})

    assert_life(token, member, other_member, awarder, end_of_life(START, months, lifetime))


@pytest.mark.parametrize("moment", DAYS, ids=str)
@pytest.mark.parametrize(("months", "lifetime"), [(1, 1), (12, 2)])
def test_points_of_any_day_live_to_the_last_second(
    create_token, awarder, member, other_member, moment, months, lifetime
):
    travel_to(moment.replace(tzinfo=timezone.utc))
    token = create_token(months, lifetime)
    token.award(member, 100, REF, {"from": awarder})

    assert_life(token, member, other_member, awarder, end_of_life(moment, months, lifetime))


@pytest.mark.parametrize(("months", "lifetime"), [(1, 1), (3, 4), (12, 2)])
def test_points_of_later_epochs_live_as_long(
    create_token, awarder, member, other_member, months, lifetime
):
    token = create_token(months, lifetime)
    moment = START + timedelta(days=4_000)
    travel_to(moment)
    token.award(member, 100, REF, {"from": awarder})

    assert_life(token, member, other_member, awarder, end_of_life(moment, months, lifetime))


@pytest.mark.parametrize("months", [1, 3, 12])
def test_epochs_are_aligned_to_january(create_token, months):
    token = create_token(months, 1)
    first = (START.year * 12 + START.month - 1) // months

    assert token.currentEpoch() == 1
    for epoch in (2, 3, 5, 300):
        month = (first + epoch - 1) * months
        begin = utc(month // 12, month % 12 + 1)
        travel_to(begin - 1)
        assert token.currentEpoch() == epoch - 1
        travel_to(begin)
        assert token.currentEpoch() == epoch


def test_points_may_never_expire(create_token, awarder, member, other_member):
    token = create_token(0, 1)
    token.award(member, 100, REF, {"from": awarder})
    travel_to(utc(2226))

    token.award(member, 5, REF, {"from": awarder})
    token.transfer(other_member, 104, {"from": member})

    assert token.currentEpoch() == 1
    assert token.balanceOf(member) == 1
    assert token.balanceOf(other_member) == 104
    assert token.totalSupply() == 105
    assert plain(token.expiries(other_member)) == ((NEVER, 104),)
    assert plain(token.supplyByExpiry()) == ((NEVER, 105),)


# Generations


@pytest.fixture
def generations(token, give, member):
    """`member` has 1,000 of the first quarter, 100 of the second, 10 and 1 of the next two."""
    for quarter, amount in enumerate((1_000, 100, 10, 1)):
        travel_to(utc(2026, 1 + 3 * quarter, 28))
        give(member, amount)
    return token


def test_generations_expire_one_by_one(generations, member):
    token = generations
    assert plain(token.expiries(member)) == (
        (utc(2027, 1), 1_000),
        (utc(2027, 4), 100),
        (utc(2027, 7), 10),
        (utc(2027, 10), 1),
    )
    assert token.supplyByExpiry() == token.expiries(member)

    for month, left in ((1, 111), (4, 11), (7, 1), (10, 0)):
        travel_to(utc(2027, month) - 1)
        assert token.balanceOf(member) == token.totalSupply() > left
        travel_to(utc(2027, month))
        assert token.balanceOf(member) == token.totalSupply() == left


@pytest.mark.parametrize(
    ("year", "month", "left"),
    [(2026, 12, 1_111), (2027, 5, 11), (2027, 9, 1), (2027, 10, 0), (2031, 1, 0), (3000, 1, 0)],
)
def test_several_epochs_may_pass_at_once(generations, give, member, year, month, left):
    token = generations
    travel_to(utc(year, month))

    assert token.balanceOf(member) == token.totalSupply() == left
    give(member, 50_000)
    assert token.balanceOf(member) == token.totalSupply() == 50_000 + left


@pytest.mark.parametrize(
    ("amount", "taken", "left"),
    [
        (0, (0, 0, 0, 0), (1, 10, 100, 1_000)),
        (1, (0, 0, 0, 1), (1, 10, 100, 999)),
        (1_000, (0, 0, 0, 1_000), (1, 10, 100, 0)),
        (1_001, (0, 0, 1, 1_000), (1, 10, 99, 0)),
        (1_105, (0, 5, 100, 1_000), (1, 5, 0, 0)),
        (1_110, (0, 10, 100, 1_000), (1, 0, 0, 0)),
        (1_111, (1, 10, 100, 1_000), (0, 0, 0, 0)),
    ],
)
def test_oldest_points_go_first_and_keep_their_age(
    generations, member, other_member, amount, taken, left
):
    token = generations
    supply = token.supplyWord()

    token.transfer(other_member, amount, {"from": member})

    assert token.accountWord(member) == lots(4, *left)
    assert token.accountWord(other_member) == lots(4, *taken)
    assert token.supplyWord() == supply


def test_sending_back_and_forth_makes_nothing_younger(generations, member, other_member):
    token = generations
    before = plain(token.expiries(member))
    for _ in range(2):
        token.transfer(other_member, 1_111, {"from": member})
        token.transfer(member, 1_111, {"from": other_member})
        token.transfer(member, 1_111, {"from": member})

    assert plain(token.expiries(member)) == before


def test_receiver_keeps_both_ages(generations, give, member, other_member):
    token = generations
    give(other_member, 7)

    token.transfer(other_member, 1_050, {"from": member})

    assert plain(token.expiries(other_member)) == (
        (utc(2027, 1), 1_000),
        (utc(2027, 4), 50),
        (utc(2027, 10), 7),
    )


# What is said of expired points: the paths on which `member` is touched.
PATHS = {
    "award": lambda t, a: t.award(a["member"], 0, REF, {"from": a["awarder"]}),
    "awardBatch": lambda t, a: t.awardBatch(
        REF, [award_word(a["member"], 0)], {"from": a["awarder"]}
    ),
    "transfer out": lambda t, a: t.transfer(a["merchant"], 0, {"from": a["member"]}),
    "transfer in": lambda t, a: t.transfer(a["member"], 0, {"from": a["merchant"]}),
    "transferFrom": lambda t, a: t.transferFrom(
        a["member"], a["merchant"], 0, {"from": a["merchant"]}
    ),
    "redeem": lambda t, a: t.redeem(0, REF, {"from": a["member"]}),
    "refund": lambda t, a: t.refund(a["member"], lots(5), REF, {"from": a["corrector"]}),
    "correct": lambda t, a: t.correct(a["member"], 0, REF, REASON, {"from": a["corrector"]}),
    "freeze": lambda t, a: t.freeze(a["member"], REASON, {"from": a["freezer"]}),
    "sweep": lambda t, a: t.sweep([a["member"]], {"from": a["merchant"]}),
}


@pytest.mark.parametrize("path", PATHS)
def test_expired_points_are_announced_first(
    generations, awarder, corrector, freezer, member, merchant, path
):
    token = generations
    travel_to(utc(2027, 2))

    actors = {
        "awarder": awarder,
        "corrector": corrector,
        "freezer": freezer,
        "member": member,
        "merchant": merchant,
    }
    tx = PATHS[path](token, actors)

    said = [plain((e.address, e.name, *e.values())) for e in tx.events]
    assert said[:2] == [
        plain((token, "Transfer", member, ZERO, 1_000)),
        plain((token, "Expired", member, 1_000)),
    ]
    assert "Expired" not in [event[1] for event in said[2:]]
    assert token.balanceOf(member) == token.totalSupply() == 111
    # Said once, it is not said again.
    again = token.sweep([member], {"from": merchant})
    assert_events(again)


def test_transfer_announces_both_sides(generations, give, member, other_member):
    token = generations
    give(other_member, 6)
    travel_to(utc(2027, 10))

    tx = token.transfer(other_member, 0, {"from": member})

    assert_events(
        tx,
        (token, "Transfer", member, ZERO, 1_111),
        (token, "Expired", member, 1_111),
        (token, "Transfer", other_member, ZERO, 6),
        (token, "Expired", other_member, 6),
        (token, "Transfer", member, other_member, 0),
    )


def test_sweep_announces_what_has_expired(
    generations, give, member, other_member, merchant, outsider
):
    token = generations
    give(other_member, 6)
    travel_to(utc(2027, 4))

    tx = token.sweep([outsider, member, other_member, member], {"from": merchant})

    assert tx.return_value is None
    assert_events(tx, (token, "Transfer", member, ZERO, 1_100), (token, "Expired", member, 1_100))
    assert token.balanceOf(member) == 11
    assert token.balanceOf(other_member) == 6
    assert token.totalSupply() == 17
    assert token.accountWord(outsider) == 0
    assert token.accountWord(member) == lots(6, 0, 0, 1, 10)
    assert_events(token.sweep([member, other_member], {"from": merchant}))
    assert_events(token.sweep([], {"from": merchant}))


# Sums


@pytest.mark.parametrize("seed", range(3))
def test_balances_add_up_to_the_supply(token, awarder, member, other_member, merchant, seed):
    chance = random.Random(seed)
    members = [member, other_member, merchant]
    moment = now()
    announced = 0

    for _ in range(15):
        moment += chance.choice([0, 1, 40 * DAY, 100 * DAY, 400 * DAY])
        travel_to(moment)
        who, other = chance.choice(members), chance.choice(members)
        balance = token.balanceOf(who)
        match chance.randrange(4):
            case 0 | 1:
                tx = token.award(who, chance.randrange(1_000), REF, {"from": awarder})
            case 2:
                tx = token.transfer(other, chance.randint(0, balance), {"from": who})
            case 3:
                tx = token.redeem(chance.randint(0, balance), REF, {"from": who})
        announced += sum(event["amount"] for event in tx.events if event.name == "Expired")
        assert sum(token.balanceOf(each) for each in members) == token.totalSupply()

    supply = token.totalSupply()
    assert sum(amount for _, amount in token.supplyByExpiry()) == supply
    for each in members:
        assert sum(amount for _, amount in token.expiries(each)) == token.balanceOf(each)
    tx = token.sweep(members, {"from": merchant})
    announced += sum(event["amount"] for event in tx.events if event.name == "Expired")
    assert token.totalSupply() == supply
    assert announced > 0


# The supply word


def test_supply_word_says_when_its_epoch_ends(token, give, member):
    # It is never zero, so that no award pays for a fresh word.
    assert token.supplyWord() == lots(1)

    travel_to(utc(2026, 4) - 1)
    give(member, 5)
    assert token.supplyWord() >> 216 == utc(2026, 4)
    travel_to(utc(2026, 4))
    assert token.supplyWord() >> 216 == utc(2026, 4)
    give(member, 3)
    assert token.supplyWord() >> 216 == utc(2026, 7)
    assert stored_lots(token.supplyWord()) == lots(2, 3, 5)


def test_room_is_what_the_epoch_can_take(token, give, member):
    assert token.room() == LANE_MAX
    give(member, 5)
    assert token.room() == LANE_MAX - 5
    travel_to(utc(2026, 4))
    assert token.room() == LANE_MAX
    token.redeem(5, REF, {"from": member})
    assert token.room() == LANE_MAX
    give(member, 3)
    assert token.room() == LANE_MAX - 3


@pytest.mark.parametrize(("months", "lifetime"), [(1, 1), (3, 4), (12, 2), (24, 3)])
def test_expiry_of_each_age_is_told(create_token, months, lifetime):
    token = create_token(months, lifetime)
    moment = datetime(2028, 2, 29, tzinfo=timezone.utc)
    travel_to(moment)

    told = [token.expiryOf(age) for age in range(lifetime + 1)]

    assert told == [end_of_life(moment, months, lifetime - age) for age in range(lifetime + 1)]


def test_expiry_of_points_that_live_for_ever_never_comes(create_token):
    token = create_token(0, 1)

    assert token.expiryOf(0) == token.expiryOf(1) == 2**64 - 1
