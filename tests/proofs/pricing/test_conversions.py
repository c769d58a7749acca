"""No conversion, split or loop of conversions gains. Proved for all amounts, prices and fees.

One conversion
├── the value is at most what the bid makes of the points, and the fee lowers it
├── what is issued costs, at the ask, no more than what reached the account
├── so value out is at most value in, to the last product
└── money is a program at par: cash legs are conversions like any other
Loops, also with special asks and with money among the programs
├── what was just issued is worth, at the bid, no more than it cost
├── points come back as at most as many as their value was taken from
├── so A -> B -> A never gains
└── and no loop of up to five programs does
Splitting
├── an amount in two parts is never worth more
├── two fees are never less than one
├── more value never gives less
└── so two conversions never give more than one of the sum
Controls: each step fails if it rounds the other way, and a loop gains if a special ask may be below
the bid
"""

import pytest
import z3
from proofs.pricing.formulas import Program
from proofs.pricing.proving import Theory, WrongWay

# Lemmas: proved in this file, and then known to what is proved from them.


def value_of_issued_is_covered(theory: Theory, net: z3.ArithRef, target: Program) -> z3.BoolRef:
    """Points that were issued for `net` at the ask are worth at most `net` at the bid."""
    issued = theory.arithmetic.points_down(net, target.ask, target.scale)
    return theory.arithmetic.value_down(issued, target.bid, target.scale) <= net


def never_more_than(theory: Theory, name: str, least: z3.ArithRef) -> z3.ArithRef:
    """An unknown number that is at most another."""
    unknown = theory.amount(name)
    theory.know(unknown <= least)
    return unknown


class TestOneConversion:
    def test_no_step_gives_more_than_it_takes(self):
        """Property: P15."""
        theory = Theory()
        source, target = theory.program("A"), theory.program("B")
        amount = theory.amount("amount")
        done = theory.arithmetic.convert(amount, source, target, theory.fee())
        theory.proves(
            z3.And(
                done.value * source.scale <= amount * source.bid,
                done.net <= done.value,
                done.out * target.ask <= done.net * target.scale,
            )
        )

    def test_value_out_is_at_most_value_in(self):
        """Property: P15."""
        theory = Theory()
        source, target = theory.program("A"), theory.program("B")
        amount = theory.amount("amount")
        done = theory.arithmetic.convert(amount, source, target, theory.fee())
        # out x ask(B) / scale(B) <= amount x bid(A) / scale(A), without the divisions.
        theory.proves(done.out * target.ask * source.scale <= amount * source.bid * target.scale)

    def test_rounding_the_other_way_would_give_value_away(self):
        theory = Theory(WrongWay())
        source, target = theory.program("A"), theory.program("B")
        amount = theory.amount("amount")
        done = theory.arithmetic.convert(amount, source, target, theory.fee())
        theory.allows(done.out * target.ask * source.scale > amount * source.bid * target.scale)

    def test_money_is_worth_itself(self):
        theory = Theory()
        par, amount = theory.positive("par"), theory.amount("amount")
        theory.proves(
            z3.And(
                theory.arithmetic.value_down(amount, par, par) == amount,
                theory.arithmetic.points_down(amount, par, par) == amount,
            )
        )


class TestLoops:
    def test_what_was_issued_is_worth_no_more_than_it_cost(self):
        """Property: P16."""
        theory = Theory()
        target, net = theory.program("B"), theory.amount("net")
        theory.proves(value_of_issued_is_covered(theory, net, target))

    def test_there_and_back_never_gains(self):
        """Property: P16."""
        theory = Theory()
        first, second = theory.program("A"), theory.program("B")
        fee, amount = theory.fee(), theory.amount("amount")
        there = theory.arithmetic.convert(amount, first, second, fee)
        back = theory.arithmetic.convert(there.out, second, first, fee)
        theory.proves(back.out <= amount)

    @pytest.mark.parametrize("length", [2, 3, 4, 5])
    def test_no_loop_gains(self, length):
        """Property: P16.

        The values of the conversions never rise: each is at most what the one before it brought
        into the account that pays now. That is the lemma, once for each program on the way; what
        remains is the last step, back into the program in which the loop began.
        """
        theory = Theory()
        first, fee = theory.program("A"), theory.fee()
        amount = theory.amount("amount")
        net = theory.arithmetic.net(
            theory.arithmetic.value_down(amount, first.bid, first.scale), fee
        )
        for step in range(1, length):
            value = never_more_than(theory, f"value_{step}", net)
            net = theory.arithmetic.net(value, fee)
        theory.proves(theory.arithmetic.points_down(net, first.ask, first.scale) <= amount)

    def test_rounding_the_other_way_would_open_a_loop(self):
        theory = Theory(WrongWay())
        first, second = theory.program("A"), theory.program("B")
        fee, amount = theory.fee(), theory.amount("amount")
        there = theory.arithmetic.convert(amount, first, second, fee)
        back = theory.arithmetic.convert(there.out, second, first, fee)
        theory.allows(back.out > amount)

    def test_a_special_ask_below_the_bid_would_open_a_loop(self):
        theory = Theory()
        first, amount = theory.program("A"), theory.positive("amount")
        bid, special_ask, scale = (theory.positive(name) for name in ("bid", "special", "scale"))
        theory.know(special_ask < bid)
        second = Program(bid, special_ask, scale)
        there = theory.arithmetic.convert(amount, first, second, z3.IntVal(0))
        back = theory.arithmetic.convert(there.out, second, first, z3.IntVal(0))
        theory.allows(back.out > amount)


class TestSplitting:
    def test_parts_are_never_worth_more(self):
        """Property: P17. Both for points at a bid and for money at an ask."""
        theory = Theory()
        worth, scale = theory.positive("worth"), theory.positive("scale")
        one, other = theory.amount("one"), theory.amount("other")

        def down(amount):
            return theory.arithmetic.value_down(amount, worth, scale)

        theory.proves(down(one) + down(other) <= down(one + other))

    def test_two_fees_are_never_less_than_one(self):
        """Property: P17."""
        theory = Theory()
        fee, one, other = theory.fee(), theory.amount("one"), theory.amount("other")
        net = theory.arithmetic.net
        theory.proves(net(one, fee) + net(other, fee) <= net(one + other, fee))

    def test_more_value_never_gives_less(self):
        """Property: P17."""
        theory = Theory()
        fee, more = theory.fee(), theory.amount("more")
        worth, scale = theory.positive("worth"), theory.positive("scale")
        less = never_more_than(theory, "less", more)
        net, points = theory.arithmetic.net, theory.arithmetic.points_down
        theory.proves(
            z3.And(
                net(less, fee) <= net(more, fee),
                points(less, worth, scale) <= points(more, worth, scale),
            )
        )

    def test_two_conversions_never_give_more_than_one(self):
        """Property: P17. The three facts above, step by step."""
        theory = Theory()
        value_1, value_2, value = (theory.amount(f"value{n}") for n in ("_1", "_2", ""))
        net_1, net_2, net_of_sum, net = (theory.amount(f"net{n}") for n in ("_1", "_2", "_s", ""))
        out_1, out_2, out_of_sum, out = (theory.amount(f"out{n}") for n in ("_1", "_2", "_s", ""))
        theory.know(
            value_1 + value_2 <= value,  # parts are never worth more
            net_1 + net_2 <= net_of_sum,  # two fees, for the net of `value_1 + value_2`
            z3.Implies(value_1 + value_2 <= value, net_of_sum <= net),  # more value
            out_1 + out_2 <= out_of_sum,  # parts, for the points of `net_1 + net_2`
            z3.Implies(net_1 + net_2 <= net, out_of_sum <= out),  # more value
        )
        theory.proves(out_1 + out_2 <= out)

    def test_rounding_the_other_way_would_reward_splitting(self):
        theory = Theory(WrongWay())
        source, target = theory.program("A"), theory.program("B")
        one, other = theory.amount("one"), theory.amount("other")
        fee = theory.fee()

        def out(amount):
            return theory.arithmetic.convert(amount, source, target, fee).out

        theory.allows(out(one) + out(other) > out(one + other))
