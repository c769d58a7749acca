"""An awarder spends at most one budget in a period and two in any stretch of a period's length.

Periods are those of the clock, `time / period`. By induction over the spendings
├── at the beginning, with nothing spent
├── every spending that the contract accepts
└── and time that passes
keep: nobody has spent more than the limit in any period.
A stretch of a period's length touches at most two of them.
The same sums and the same clock hold for the exchange's daily limits.
Controls: two budgets in one stretch do happen; without the reset's comparison three would
"""

from dataclasses import dataclass

import z3
from proofs.pricing.proving import Theory


@dataclass(frozen=True)
class Budget:
    """What the contract stores, and `spent`, what history says: period number => sum."""

    used: z3.ArithRef
    window: z3.ArithRef
    spent: z3.ArrayRef


@dataclass(frozen=True)
class Spending:
    before: Budget
    after: Budget
    accepted: z3.BoolRef


def unknown_budget(theory: Theory) -> Budget:
    spent = z3.Array("spent", z3.IntSort(), z3.IntSort())
    return Budget(theory.amount("used"), theory.amount("window"), spent)


def is_kept(budget: Budget, limit: z3.ArithRef, period: z3.ArithRef) -> z3.BoolRef:
    """What holds for a period at all times: by `window` what is stored is what was spent."""
    return z3.And(
        budget.spent[period] >= 0,
        budget.spent[period] <= limit,
        z3.Implies(period > budget.window, budget.spent[period] == 0),
        z3.Implies(period == budget.window, budget.spent[period] == budget.used),
    )


def spend(theory, before, limit, current, amount, forgets=False) -> Spending:
    """One award in period `current`, as `_spendBudget` does it."""
    is_new = z3.BoolVal(True) if forgets else current != before.window
    used = z3.If(is_new, z3.IntVal(0), before.used)
    spent = z3.Store(before.spent, current, before.spent[current] + amount)
    return Spending(before, Budget(used + amount, current, spent), amount <= limit - used)


def test_at_the_beginning_nothing_is_spent():
    """Property: P4."""
    theory = Theory()
    limit, period, window = (theory.amount(name) for name in ("limit", "period", "window"))
    nothing = z3.K(z3.IntSort(), z3.IntVal(0))
    theory.proves(is_kept(Budget(z3.IntVal(0), window, nothing), limit, period))


def test_no_spending_exceeds_the_limit_of_any_period():
    """Property: P4."""
    theory = Theory()
    limit, current, amount = (theory.amount(name) for name in ("limit", "current", "amount"))
    any_period = theory.amount("any_period")
    before = unknown_budget(theory)
    step = spend(theory, before, limit, current, amount)
    theory.know(
        current >= before.window,  # the clock never runs back
        step.accepted,
        # The induction's premise holds for all periods; these are the ones it is needed for.
        *(is_kept(before, limit, period) for period in (any_period, current, before.window)),
    )
    theory.proves(is_kept(step.after, limit, any_period))


def test_a_stretch_of_a_period_touches_at_most_two_of_them():
    """Property: P5."""
    theory = Theory()
    length, start, moment = theory.positive("length"), theory.amount("start"), theory.amount("at")
    theory.know(start <= moment, moment < start + length)
    first, at = (theory.quotient(time, length) for time in (start, moment))
    theory.proves(z3.Or(at == first, at == first + 1))


def test_two_periods_hold_at_most_two_budgets():
    """Property: P5."""
    theory = Theory()
    limit, first = theory.amount("limit"), theory.amount("first")
    budget = unknown_budget(theory)
    theory.know(*(is_kept(budget, limit, period) for period in (first, first + 1)))
    theory.proves(budget.spent[first] + budget.spent[first + 1] <= 2 * limit)


def test_two_budgets_within_one_stretch_do_happen():
    theory = Theory()
    length, start, moment = theory.positive("length"), theory.amount("start"), theory.amount("at")
    limit, budget = theory.positive("limit"), unknown_budget(theory)
    theory.know(start <= moment, moment < start + length)
    first, at = (theory.quotient(time, length) for time in (start, moment))
    theory.know(*(is_kept(budget, limit, period) for period in (first, at)))
    theory.allows(z3.And(at != first, budget.spent[first] + budget.spent[at] == 2 * limit))


def test_a_budget_that_forgot_its_period_would_be_exceeded():
    theory = Theory()
    limit, current, amount = (theory.amount(name) for name in ("limit", "current", "amount"))
    before = unknown_budget(theory)
    step = spend(theory, before, limit, current, amount, forgets=True)
    theory.know(current >= before.window, step.accepted, is_kept(before, limit, current))
    theory.allows(step.after.spent[current] > limit)
