"""budgets
├── a figure at its budget passes, one gas more fails and says which
├── code that takes more than nine tenths of the limit fails, a blueprint with more than all of it
├── an operation without a budget never fails
└── renewed budgets follow the figures, except those that the design asks for
"""

from collections.abc import Mapping

import pytest

from bench.__main__ import fail
from bench.chain import Sent
from bench.comparison import (
    SIZE_BUDGET,
    Budget,
    Results,
    compare,
    read_budgets,
    renewed,
    write_budgets,
)
from bench.operations import OPERATIONS
from bench.suite import BLUEPRINT

TRANSFER = Budget(35_200, target=True)
REDEEM = Budget(37_000, target=False)
INFORMATION = {"batch/500/aged", "batch/500/expired"}


def results(sizes: Mapping[str, int] | None = None, **gas: int) -> Results:
    """A run in which operations cost what is said, by the first word of their key."""
    figures = {each.key: Sent(gas.get(each.key.split("/")[0], 21_000), b"") for each in OPERATIONS}
    budgets = {"transfer/holder": TRANSFER, "redeem": REDEEM}
    rivals = {"transfer/holder": {"dear": 40_000, "cheap": 33_000}}
    return compare(figures, sizes or {}, rivals, budgets)


def test_figures_at_their_budgets_pass(capsys: pytest.CaptureFixture[str]) -> None:
    within = results({"PointToken": SIZE_BUDGET}, transfer=35_200, redeem=37_000)
    assert fail(within) == 0
    assert capsys.readouterr().err == ""


def test_a_planted_excess_fails_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail(results(transfer=35_201)) == 1
    assert capsys.readouterr().err == (
        "bench: transfer to a holder: 35,201 gas is 1 over the budget of 35,200 in budgets.json\n"
    )


def test_every_excess_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    over = results({"PointExchange": SIZE_BUDGET + 1}, transfer=40_000, redeem=40_000)
    assert fail(over) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "transfer to a holder",
        "redemption",
        "PointExchange",
    ]


def test_nine_tenths_of_the_code_limit_are_the_budget() -> None:
    assert SIZE_BUDGET == 22_118
    (line,) = results({"PointToken": 22_119}).excesses()
    assert line == (
        "PointToken: 22,119 bytes of code are 1 over 22,118, 24,576 being the most that is possible"
    )


def test_a_blueprint_may_have_all_of_the_code_limit() -> None:
    assert list(results({BLUEPRINT: 24_576}).excesses()) == []
    (line,) = results({BLUEPRINT: 24_577}).excesses()
    assert line.startswith("PointToken's blueprint: 24,577 bytes of code are 1 over 24,576")


def test_an_operation_without_budget_never_fails() -> None:
    assert list(results(account=10**9).excesses()) == []


def test_the_cheapest_rival_is_the_one_compared_with() -> None:
    (transfer,) = (row for row in results(transfer=36_300).rows if row.key == "transfer/holder")
    assert transfer.best_rival == ("cheap", 33_000)
    assert transfer.ratio == pytest.approx(1.1)


def test_renewed_budgets_follow_the_figures_but_not_the_targets() -> None:
    budgets = {"transfer/holder": TRANSFER, "redeem": REDEEM}
    after = renewed(budgets, results(transfer=30_000, redeem=40_000))
    assert after == {"transfer/holder": TRANSFER, "redeem": Budget(40_200, target=False)}


def test_budgets_survive_being_written(tmp_path) -> None:
    path = tmp_path / "budgets.json"
    write_budgets({"redeem": REDEEM}, path)
    assert read_budgets(path) == {"redeem": REDEEM}


def test_every_operation_has_a_budget_but_those_for_information() -> None:
    assert set(read_budgets()) == {each.key for each in OPERATIONS} - INFORMATION


def test_the_targets_are_those_of_the_design() -> None:
    targets = {key: budget.gas for key, budget in read_budgets().items() if budget.target}
    assert targets == {
        "transfer/holder": 35_200,
        "transfer/new": 52_300,
        "award/holder": 43_000,
        "batch/500/holder": 7_600,
        "batch/500/new": 24_800,
        "convert/holder": 71_000,
        "sponsored/later": 49_000,
        "voucher/100/bound": 30_000,
        "voucher/100/shared": 30_000,
    }
