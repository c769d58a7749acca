"""A pytest plugin that runs unit tests on contracts with planted bugs.

    PYTHONPATH=tests python -m pytest -p mutants.zoo --zoo REPORT [--mutant NAME]

It keeps of all tests those that a mutant names, gives each the mutant's contract in the place of
the right one, and writes to REPORT, a JSON file, how many of them failed. A test that fails has
noticed the bug, so that counts as passing here.
"""

import json
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mutants import MUTANTS
from mutants.planting import Mutant, compiled

# Of tests, below which the mutants name theirs.
UNIT = "tests/unit/"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--zoo", type=Path, metavar="REPORT")
    parser.addoption("--mutant", action="append", metavar="NAME", help="only this one")


def pytest_configure(config: pytest.Config) -> None:
    names = config.getoption("--mutant")
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    config.pluginmanager.register(Zoo(chosen, config.getoption("--zoo")))


class Zoo:
    """One run of the planted bugs."""

    def __init__(self, mutants: list[Mutant], report: Path) -> None:
        self._mutants = mutants
        self._report = report
        self._ran: Counter[str] = Counter()
        self._noticed: Counter[str] = Counter()
        # Two cores, and a compiler that takes one.
        with ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(compiled, mutants))
        self._codes = {m.name: code for m, code in zip(mutants, codes, strict=True)}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        # The node of a function has no parameters yet.
        test = metafunc.definition.nodeid.removeprefix(UNIT)
        mutants = [mutant for mutant in self._mutants if mutant.noticed_by == test]
        if mutants:
            planted = [(m.contract, self._codes[m.name]) for m in mutants]
            names = [mutant.name for mutant in mutants]
            metafunc.parametrize("builds", planted, ids=names, indirect=True, scope="module")
            for item in mutants:
                self._ran[item.name] += 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self._name(item)]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, None]:
        outcome = yield
        report = outcome.get_result()
        # Fixtures notice bugs as well: they set the scene, and check it when the test is over.
        name = self._name(item)
        self._ran[name] += report.when == "setup"
        self._noticed[name] += report.outcome == "failed"
        report.outcome = "passed"

    def pytest_sessionfinish(self) -> None:
        found = {
            name: {"ran": ran, "noticed": self._noticed[name]} for name, ran in self._ran.items()
        }
        self._report.write_text(json.dumps(found, indent=1))

    def _name(self, item: pytest.Item) -> str:
        """The mutant that an item runs on; empty if it runs on the right contracts."""
        callspec = getattr(item, "callspec", None)
        if callspec is None or "builds" not in callspec.params:
            return ""
        code = callspec.params["builds"][1]
        return next(name for name, planted in self._codes.items() if planted is code)
