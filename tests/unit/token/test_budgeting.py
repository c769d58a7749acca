"""Issuers bound what awarders can create: at most one budget in each period.

Periods are counted from the Unix epoch, so that a period of a day is a day in UTC.

setBudget
  it sets limit and period
  given the awarder used some in this period
    when the limit changes, what was used stays used
    when the new limit is lower than that, nothing remains
    when it is set to zero, the account is no awarder any more
  given a period out of bounds
    it is refused
revokeBudget
  it takes the budget away at once
  given it is set again in the same period
    what was used before stays used
spending
  given exactly what remains
    it is allowed, and not one base unit more
  given the period is over
    the whole budget is there again, and not a second earlier
  given awards, batches, refunds and corrections
    all of them spend the same budget
  given a stolen key
    it creates at most one budget in a period, whatever it tries

Spec: T15, T16, T23
"""

import random

import pytest
from support.clock import DAY, HOUR, START, now, travel_to
from support.deploying import BUDGET
from support.errors import refused
from support.events import assert_events
from support.words import award_word, bytes32, lots

REF = bytes32("receipt 4711")
REASON = bytes32("typing error")

MIN_PERIOD = HOUR
MAX_PERIOD = 366 * DAY

TODAY = int(START.timestamp()) // DAY


def budget_of(token, awarder):
    """Limit, used, period and window."""
    return tuple(token.budgetOf(awarder))


# setBudget


def test_budget_is_set(token, issuer, outsider, member):
    assert budget_of(token, outsider) == (0, 0, 0, 0)

    tx = token.setBudget(outsider, 500, DAY, {"from": issuer})

    assert budget_of(token, outsider) == (500, 0, DAY, TODAY)
    assert_events(tx, (token, "BudgetSet", issuer, outsider, 0, 500, DAY))
    token.award(member, 500, REF, {"from": outsider})
    assert token.balanceOf(member) == 500


def test_used_budget_stays_used(token, give, issuer, awarder, member):
    give(member, 300)

    tx = token.setBudget(awarder, 1_000, HOUR, {"from": issuer})

    assert budget_of(token, awarder) == (1_000, 300, HOUR, now() // HOUR)
    assert_events(tx, (token, "BudgetSet", issuer, awarder, BUDGET, 1_000, HOUR))
    with refused("BudgetExceeded", awarder, 701, 700):
        token.award(member, 701, REF, {"from": awarder})


def test_lowered_budget_leaves_nothing(token, give, issuer, awarder, member):
    give(member, 300)

    token.setBudget(awarder, 299, DAY, {"from": issuer})

    with refused("BudgetExceeded", awarder, 1, 0):
        token.award(member, 1, REF, {"from": awarder})
    travel_to(now() + DAY)
    token.award(member, 299, REF, {"from": awarder})
    assert token.totalSupply() == 599


def test_budget_of_zero_ends_awarding(token, issuer, awarder, member):
    tx = token.setBudget(awarder, 0, DAY, {"from": issuer})

    assert_events(tx, (token, "BudgetSet", issuer, awarder, BUDGET, 0, DAY))
    with refused("NotAwarder", awarder):
        token.award(member, 0, REF, {"from": awarder})


@pytest.mark.parametrize("period", [MIN_PERIOD, MAX_PERIOD])
def test_budget_period_may_be_a_bound(token, issuer, awarder, period):
    token.setBudget(awarder, 5, period, {"from": issuer})

    assert budget_of(token, awarder) == (5, 0, period, now() // period)


@pytest.mark.parametrize("limit", [0, 5])
@pytest.mark.parametrize("period", [0, MIN_PERIOD - 1, MAX_PERIOD + 1, 2**32 - 1])
def test_budget_period_out_of_bounds_is_refused(token, issuer, awarder, period, limit):
    with refused("BudgetPeriodOutOfBounds", period, MIN_PERIOD, MAX_PERIOD):
        token.setBudget(awarder, limit, period, {"from": issuer})

    assert budget_of(token, awarder) == (BUDGET, 0, DAY, TODAY)


# revokeBudget


def test_guardian_revokes_a_budget(token, give, guardian, awarder, member):
    give(member, 300)

    tx = token.revokeBudget(awarder, {"from": guardian})

    assert budget_of(token, awarder) == (0, 300, DAY, TODAY)
    assert_events(tx, (token, "BudgetSet", guardian, awarder, BUDGET, 0, DAY))
    with refused("NotAwarder", awarder):
        token.award(member, 1, REF, {"from": awarder})
    with refused("NotAwarder", awarder):
        token.awardBatch(REF, [award_word(member, 1)], {"from": awarder})


def test_revoking_does_not_renew_a_budget(token, give, guardian, issuer, awarder, member):
    give(member, 300)
    token.revokeBudget(awarder, {"from": guardian})

    token.setBudget(awarder, 301, DAY, {"from": issuer})

    with refused("BudgetExceeded", awarder, 2, 1):
        token.award(member, 2, REF, {"from": awarder})


def test_revoking_what_nobody_has_is_told(token, guardian, outsider):
    tx = token.revokeBudget(outsider, {"from": guardian})

    assert_events(tx, (token, "BudgetSet", guardian, outsider, 0, 0, 0))
    assert budget_of(token, outsider) == (0, 0, 0, 0)


# spending


def test_budget_is_spent_to_the_last_unit(token, issuer, awarder, member):
    token.setBudget(awarder, 1_000, DAY, {"from": issuer})
    token.award(member, 999, REF, {"from": awarder})

    with refused("BudgetExceeded", awarder, 2, 1):
        token.award(member, 2, REF, {"from": awarder})
    token.award(member, 1, REF, {"from": awarder})

    assert budget_of(token, awarder) == (1_000, 1_000, DAY, TODAY)
    with refused("BudgetExceeded", awarder, 1, 0):
        token.award(member, 1, REF, {"from": awarder})
    with refused("BudgetExceeded", awarder, 1, 0):
        token.awardBatch(REF, [award_word(member, 1)], {"from": awarder})


@pytest.mark.parametrize("period", [HOUR, DAY, 7 * DAY, MAX_PERIOD])
def test_next_period_has_a_whole_budget(token, issuer, awarder, member, period):
    token.setBudget(awarder, 1_000, period, {"from": issuer})
    token.award(member, 1_000, REF, {"from": awarder})
    window = now() // period

    travel_to((window + 1) * period - 1)
    assert budget_of(token, awarder) == (1_000, 1_000, period, window)
    with refused("BudgetExceeded", awarder, 1, 0):
        token.award(member, 1, REF, {"from": awarder})

    travel_to((window + 1) * period)
    assert budget_of(token, awarder) == (1_000, 0, period, window + 1)
    token.award(member, 1_000, REF, {"from": awarder})
    with refused("BudgetExceeded", awarder, 1, 0):
        token.award(member, 1, REF, {"from": awarder})


def test_unused_budget_is_not_saved_up(token, issuer, awarder, member):
    token.setBudget(awarder, 1_000, DAY, {"from": issuer})
    travel_to(now() + 10 * DAY)

    with refused("BudgetExceeded", awarder, 1_001, 1_000):
        token.award(member, 1_001, REF, {"from": awarder})


def test_refunds_and_corrections_spend_the_same_budget(token, issuer, corrector, member):
    token.setBudget(corrector, 1_000, DAY, {"from": issuer})

    token.award(member, 500, REF, {"from": corrector})
    token.awardBatch(REF, [award_word(member, 200)], {"from": corrector})
    token.correct(member, 150, REF, REASON, {"from": corrector})
    token.refund(member, lots(1, 100), REF, {"from": corrector})

    assert budget_of(token, corrector) == (1_000, 950, DAY, TODAY)
    with refused("BudgetExceeded", corrector, 51, 50):
        token.correct(member, 51, REF, REASON, {"from": corrector})
    with refused("BudgetExceeded", corrector, 51, 50):
        token.refund(member, lots(1, 51), REF, {"from": corrector})


@pytest.mark.parametrize("seed", range(3))
def test_stolen_key_creates_at_most_one_budget_in_a_period(token, issuer, corrector, member, seed):
    # The corrector's key is the strongest: it can award, refund and correct.
    limit = 1_000
    token.setBudget(corrector, limit, DAY, {"from": issuer})
    chance = random.Random(seed)
    thefts = {
        "award": lambda amount: token.award(member, amount, REF, {"from": corrector}),
        "refund": lambda amount: token.refund(member, lots(1, amount), REF, {"from": corrector}),
        "batch": lambda amount: token.awardBatch(
            f"0x{chance.getrandbits(256):064x}", [award_word(member, amount)], {"from": corrector}
        ),
    }
    tomorrow = (TODAY + 1) * DAY
    refusals = 0

    for _ in range(30):
        travel_to(tomorrow + chance.randrange(DAY))
        theft = thefts[chance.choice(list(thefts))]
        amount = chance.choice([0, 1, 99, 400, limit])
        remaining = limit - token.budgetOf(corrector)["used"]
        if amount <= remaining:
            theft(amount)
        else:
            refusals += 1
            with refused("BudgetExceeded", corrector, amount, remaining):
                theft(amount)
        created = token.totalSupply()
        used = token.budgetOf(corrector)["used"]
        assert created == used
        assert created <= limit

    assert refusals > 0
    assert created > 0
