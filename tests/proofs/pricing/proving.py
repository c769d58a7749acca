"""Asks Z3 for proofs over all whole numbers, however large.

A quotient is no operation to Z3 here but two unknowns, `dividend = quotient * divisor + remainder`
with `0 <= remainder < divisor`: that is what it decides best, and it is the definition.

A claim is proved if its negation has no solution; `unknown` and a time-out count as failures. What
is given is shown to have a solution, since from a contradiction everything follows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import z3
from proofs.pricing.formulas import Arithmetic, Program

TIME_LIMIT_MS = 60_000


class OfSymbols:
    """Division of Z3's integers; keeps what is known of the quotients."""

    def __init__(self, name: str = "q") -> None:
        self.facts: list[z3.BoolRef] = []
        self._name = name
        self._numbers = itertools.count()

    def down(self, dividend: z3.ArithRef, divisor: z3.ArithRef) -> z3.ArithRef:
        quotient, remainder = self._unknowns(divisor)
        self.facts.append(dividend == quotient * divisor + remainder)
        return quotient

    def up(self, dividend: z3.ArithRef, divisor: z3.ArithRef) -> z3.ArithRef:
        quotient, missing = self._unknowns(divisor)
        self.facts.append(dividend == quotient * divisor - missing)
        return quotient

    def _unknowns(self, divisor: z3.ArithRef) -> tuple[z3.ArithRef, z3.ArithRef]:
        name = f"{self._name}{next(self._numbers)}"
        quotient, rest = z3.Ints(f"{name} rest_of_{name}")
        self.facts += [rest >= 0, rest < divisor]
        return quotient, rest


class WrongWay(OfSymbols):
    """Rounds the other way: what it makes possible is what rounding right prevents."""

    def down(self, dividend: z3.ArithRef, divisor: z3.ArithRef) -> z3.ArithRef:
        return super().up(dividend, divisor)

    def up(self, dividend: z3.ArithRef, divisor: z3.ArithRef) -> z3.ArithRef:
        return super().down(dividend, divisor)


class Theory:
    """Unknown amounts, programs and fees, the arithmetic over them, and what is known of them."""

    def __init__(
        self, forwards: OfSymbols | None = None, backwards: OfSymbols | None = None
    ) -> None:
        self._divisions = [forwards or OfSymbols("f"), backwards or OfSymbols("b")]
        self.arithmetic, self.backwards = (Arithmetic(way) for way in self._divisions)
        self.given: list[z3.BoolRef] = []

    def amount(self, name: str) -> z3.ArithRef:
        unknown = z3.Int(name)
        self.given.append(unknown >= 0)
        return unknown

    def positive(self, name: str) -> z3.ArithRef:
        unknown = z3.Int(name)
        self.given.append(unknown >= 1)
        return unknown

    def fee(self) -> z3.ArithRef:
        """In millionths; the contract allows a hundredth, this is less than all."""
        unknown = self.amount("fee")
        self.given.append(unknown < 1_000_000)
        return unknown

    def program(self, name: str) -> Program:
        """A program with a bid that does not exceed its ask, special asks included."""
        bid, ask, scale = (self.positive(f"{name}_{part}") for part in ("bid", "ask", "scale"))
        self.given.append(bid <= ask)
        return Program(bid, ask, scale)

    def quotient(self, dividend: z3.ArithRef, divisor: z3.ArithRef) -> z3.ArithRef:
        return self.arithmetic.division.down(dividend, divisor)

    def know(self, *facts: z3.BoolRef) -> None:
        self.given += facts

    def proves(self, claim: z3.BoolRef) -> None:
        assert self._check([]) == z3.sat, "what is given contradicts itself"
        solver = self._solver([z3.Not(claim)])
        answer = solver.check()
        assert answer == z3.unsat, f"not proved: {_explain(solver, answer)}"

    def allows(self, state: z3.BoolRef) -> None:
        """Shows that something can happen: for the controls, which a proof must not pass."""
        answer = self._check([state])
        assert answer == z3.sat, f"cannot happen: {answer}"

    def _check(self, facts: Sequence[z3.BoolRef]) -> z3.CheckSatResult:
        return self._solver(facts).check()

    def _solver(self, facts: Sequence[z3.BoolRef]) -> z3.Solver:
        quotients = [fact for division in self._divisions for fact in division.facts]
        written = z3.Solver()
        written.add(*self.given, *quotients, *facts)
        # Among the terms of other proofs Z3 looks in another order, and may not come to an end.
        solver = z3.Solver(ctx=z3.Context())
        solver.set(timeout=TIME_LIMIT_MS, random_seed=0)
        solver.from_string(written.to_smt2())
        return solver


def _explain(solver: z3.Solver, answer: z3.CheckSatResult) -> str:
    return str(solver.model() if answer == z3.sat else solver.reason_unknown())
