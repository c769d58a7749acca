"""Puts our figures beside the rivals', the floors and the budgets."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench.erc20 import Figures
from bench.operations import OPERATIONS, Operation
from bench.schedule import CODE_LIMIT
from bench.suite import BLUEPRINT

FOLDER = Path(__file__).parent
BUDGETS = FOLDER / "budgets.json"
RESULTS = FOLDER / "gas.json"

# A tenth of what a contract may have stays free. The blueprint is creation code, which a program's
# contract is without.
SIZE_BUDGET = CODE_LIMIT * 90 // 100

# Figures that have no target may rise by half a percent before someone must look.
SLACK_PER_MILLE = 5


@dataclass(frozen=True)
class Budget:
    """The most that an operation may cost.

    Args:
        gas: For each award, where an operation makes many.
        target: Whether the design asks for it; other budgets follow what was measured.
    """

    gas: int
    target: bool


@dataclass(frozen=True)
class Row:
    """One operation: gas for each award, where it makes many."""

    key: str
    title: str
    ours: int
    rivals: Mapping[str, int]
    floor: int | None
    budget: Budget | None

    @property
    def best_rival(self) -> tuple[str, int] | None:
        """The name and the gas of the cheapest rival."""
        return min(self.rivals.items(), key=lambda rival: rival[1], default=None)

    @property
    def ratio(self) -> float | None:
        """Our gas for one of the best rival's."""
        return self.ours / self.best_rival[1] if self.best_rival else None

    @property
    def is_within(self) -> bool:
        return self.budget is None or self.ours <= self.budget.gas


@dataclass(frozen=True)
class Results:
    """All that one run has found."""

    rows: tuple[Row, ...]
    sizes: Mapping[str, int]

    def excesses(self) -> Iterator[str]:
        """A line for every budget that is exceeded."""
        for row in self.rows:
            if row.budget and not row.is_within:
                excess = row.ours - row.budget.gas
                yield (
                    f"{row.title}: {row.ours:,} gas is {excess:,} over the budget of "
                    f"{row.budget.gas:,} in {BUDGETS.name}"
                )
        for name, size in self.sizes.items():
            if size > size_budget(name):
                yield (
                    f"{name}: {size:,} bytes of code are {size - size_budget(name):,} over "
                    f"{size_budget(name):,}, {CODE_LIMIT:,} being the most that is possible"
                )

    def as_json(self) -> dict[str, Any]:
        operations = {
            row.key: {
                "title": row.title,
                "ours": row.ours,
                "floor": row.floor,
                "budget": row.budget.gas if row.budget else None,
                "rivals": dict(row.rivals),
            }
            for row in self.rows
        }
        return {"gas": operations, "bytes": dict(self.sizes)}


def size_budget(name: str) -> int:
    """The most bytes of code that a contract may have."""
    return CODE_LIMIT if name == BLUEPRINT else SIZE_BUDGET


def compare(
    figures: Figures,
    sizes: Mapping[str, int],
    rivals: Mapping[str, Mapping[str, int]],
    budgets: Mapping[str, Budget],
) -> Results:
    rows = (
        row(operation, figures, rivals.get(operation.key, {}), budgets.get(operation.key))
        for operation in OPERATIONS
    )
    return Results(tuple(rows), sizes)


def row(
    operation: Operation,
    figures: Figures,
    rivals: Mapping[str, int],
    budget: Budget | None,
) -> Row:
    sent = figures[operation.key]
    return Row(
        key=operation.key,
        title=operation.title,
        ours=operation.each(sent.gas),
        rivals={name: operation.each(gas) for name, gas in sorted(rivals.items())},
        floor=operation.floor(sent.data),
        budget=budget,
    )


def read_budgets(path: Path = BUDGETS) -> dict[str, Budget]:
    return {key: Budget(**each) for key, each in json.loads(path.read_text()).items()}


def renewed(budgets: Mapping[str, Budget], results: Results) -> dict[str, Budget]:
    """Budgets that follow the results, except those that the design asks for."""
    figures = {row.key: row.ours for row in results.rows}
    return {
        key: budget if budget.target else replace(budget, gas=with_slack(figures[key]))
        for key, budget in budgets.items()
    }


def with_slack(gas: int) -> int:
    return gas + gas * SLACK_PER_MILLE // 1_000


def write_budgets(budgets: Mapping[str, Budget], path: Path = BUDGETS) -> None:
    write_json({key: asdict(budget) for key, budget in budgets.items()}, path)


def write_json(content: object, path: Path) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")
