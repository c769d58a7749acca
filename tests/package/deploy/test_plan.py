"""Plans.

given steps of which some are done
    it takes the others, in order, and says which
    it takes none the second time
given a step that is refused, or hindered
    it takes none of the steps, and says why
given a step that an earlier one makes possible
    it takes both
given a step that needs what an earlier one creates
    it takes both
given a step whose act changes nothing
    it says so
"""

from dataclasses import replace

import pytest

from zegel.deploy.plan import (
    AbsentError,
    Finding,
    Plan,
    Step,
    Verdict,
    done,
    needed,
    refused,
)
from zegel.errors import ChainError, PlanRefused


class Shelf:
    """A place for things, and steps that put them there."""

    def __init__(self, *things: str) -> None:
        self.things = list(things)

    def step(self, thing: str, after: str = "", hindrance: str | None = None) -> Step:
        def check() -> Finding:
            if after and after not in self.things:
                raise AbsentError
            return done() if thing in self.things else needed()

        return Step(
            thing, f"a {thing}", check, lambda: self.things.append(thing), lambda: hindrance
        )


def test_apply_takes_the_missing_steps_in_order() -> None:
    shelf = Shelf("cup")
    plan = Plan((shelf.step("pan"), shelf.step("cup"), shelf.step("jar", after="pan")))

    assert [finding.verdict for _, finding in plan.findings()] == [
        Verdict.CREATE,
        Verdict.SKIP,
        Verdict.CREATE,
    ]
    assert plan.apply() == ["pan", "jar"]
    assert shelf.things == ["cup", "pan", "jar"]


def test_apply_takes_no_step_the_second_time() -> None:
    shelf = Shelf()
    plan = Plan((shelf.step("pan"), shelf.step("cup")))
    plan.apply()

    assert plan.apply() == []
    assert plan.is_done()
    assert shelf.things == ["pan", "cup"]


def test_apply_takes_no_step_when_a_later_one_is_refused() -> None:
    shelf = Shelf()
    cup = Step("cup", "a cup", lambda: refused("broken: buy one"), lambda: None)

    with pytest.raises(PlanRefused, match=r"^a cup: broken: buy one$"):
        Plan((shelf.step("pan"), cup)).apply()
    assert shelf.things == []


def test_apply_takes_no_step_that_is_hindered() -> None:
    shelf = Shelf("pan")
    plan = Plan((shelf.step("pan"), shelf.step("cup", hindrance="no hands free: put it down")))

    with pytest.raises(PlanRefused, match=r"^a cup: no hands free: put it down$"):
        plan.apply()
    assert shelf.things == ["pan"]


def test_apply_takes_a_step_that_an_earlier_one_makes_possible() -> None:
    shelf = Shelf()
    cup = shelf.step("cup")
    wet = replace(cup, hindrance=lambda: None if "towel" in shelf.things else "too wet")

    assert Plan((shelf.step("towel"), wet)).apply() == ["towel", "cup"]


def test_apply_stops_at_a_step_that_is_refused_after_an_earlier_one() -> None:
    shelf = Shelf()

    def check() -> Finding:
        return refused("no room beside a pan") if "pan" in shelf.things else needed()

    cup = Step("cup", "a cup", check, lambda: shelf.things.append("cup"))

    with pytest.raises(PlanRefused, match=r"^a cup: no room beside a pan$"):
        Plan((shelf.step("pan"), cup)).apply()
    assert shelf.things == ["pan"]


def test_apply_tells_a_step_that_changed_nothing() -> None:
    idle = Step("cup", "a cup", needed, lambda: None)

    with pytest.raises(ChainError, match=r"^a cup: sent, but the chain does not show it"):
        Plan((idle,)).apply()


def test_lines_say_what_will_be_done_and_why() -> None:
    shelf = Shelf("cup")
    pan = Step("pan", "a pan", lambda: refused("too hot"), lambda: None)
    plan = Plan((shelf.step("cup"), shelf.step("jar"), pan))

    assert list(plan.lines()) == [
        "skip     a cup (already so)",
        "create   a jar",
        "refuse   a pan (too hot)",
    ]
