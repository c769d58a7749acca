"""`quoteExactOut` names the least amount: it gives at least the output, and one less does not.

Each of the three steps backwards names the least number that is enough for its step forwards
├── money for points
├── value before the fee
└── points for value
and so the least amount is enough for all three. Proved for all numbers; the contract only adds
bounds.
Controls: rounded down, each step names too little
"""

import pytest
import z3
from proofs.pricing.proving import Theory, WrongWay


def money_step(theory, wanted):
    """The money that buys points, and what any other money would buy."""
    ask, scale, money = theory.positive("ask"), theory.positive("scale"), theory.amount("money")
    least = theory.backwards.value_up(wanted, ask, scale)
    return money, least, theory.arithmetic.points_down(money, ask, scale)


def fee_step(theory, wanted):
    """The value that leaves a net, and what any other value would leave."""
    fee, value = theory.fee(), theory.amount("value")
    least = theory.backwards.gross(wanted, fee)
    return value, least, theory.arithmetic.net(value, fee)


def points_step(theory, wanted):
    """The points that have a value, and what any other points are worth."""
    bid, scale, points = theory.positive("bid"), theory.positive("scale"), theory.amount("points")
    least = theory.backwards.points_up(wanted, bid, scale)
    return points, least, theory.arithmetic.value_down(points, bid, scale)


STEPS = [money_step, fee_step, points_step]


@pytest.mark.parametrize("step", STEPS)
def test_every_number_is_enough_from_the_least_one_on_and_none_below(step):
    """Property: P18."""
    theory = Theory()
    wanted = theory.positive("wanted")
    number, least, given = step(theory, wanted)
    theory.proves((given >= wanted) == (number >= least))


def test_the_least_amount_is_enough_for_all_steps():
    """Property: P18. The three facts above, one behind the other."""
    theory = Theory()
    value, net, out = (theory.amount(name) for name in ("value", "net", "out"))
    wanted, amount = theory.positive("wanted"), theory.amount("amount")
    net_needed, value_needed, least = (
        theory.amount(name) for name in ("net_n", "value_n", "least")
    )
    theory.know(
        (out >= wanted) == (net >= net_needed),
        (net >= net_needed) == (value >= value_needed),
        (value >= value_needed) == (amount >= least),
    )
    theory.proves((out >= wanted) == (amount >= least))


@pytest.mark.parametrize("step", STEPS)
def test_rounded_down_a_step_would_name_too_little(step):
    theory = Theory(backwards=WrongWay())
    wanted = theory.positive("wanted")
    number, least, given = step(theory, wanted)
    theory.allows(z3.And(number == least, given < wanted))
