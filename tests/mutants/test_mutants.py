"""Contracts with a planted bug: each bug must be noticed.

├── every planted bug still fits its line, and names a test that stands
├── the test that it names fails on it
└── random lives notice those that are marked so

A bug that nothing notices shows that the tests are blind there.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase
from stateful.machine import lives
from stateful.network import running_network
from support.abi import Reverted

from mutants import MUTANTS
from mutants.planting import ROOT, Mutant, compiled, planted
from zegel.chain import artifacts

NAMES = [mutant.name for mutant in MUTANTS]
FATAL = [mutant for mutant in MUTANTS if mutant.in_lives]


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_planted_bug_has_its_place(mutant: Mutant) -> None:
    """In every run, so that a change of the line is noticed before the next deep one."""
    file, function = mutant.noticed_by.split("::")

    assert mutant.new in planted(mutant)
    assert f"def {function}(" in (ROOT / "tests" / "unit" / file).read_text()


def test_planted_bugs_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 60


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """How often the tests ran on each planted bug, and how often they failed."""
    report: Path = tmp_path_factory.mktemp("zoo") / "report.json"
    command = [sys.executable, "-m", "pytest", "-p", "mutants.zoo", "--zoo", str(report), "-q"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    # It runs beside this one, on a chain of its own.
    del environment["ZEGEL_TEST_PORT"]
    run = subprocess.run(
        [*command, "tests/unit"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    found: dict[str, dict[str, int]] = json.loads(report.read_text())
    return found


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_planted_bug_is_noticed(name: str, zoo: dict[str, dict[str, int]]) -> None:
    assert zoo[name]["ran"] > 0
    assert zoo[name]["noticed"] > 0


@pytest.mark.deep
@pytest.mark.parametrize("mutant", FATAL, ids=[mutant.name for mutant in FATAL])
def test_planted_bug_shows_in_lives(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    load = artifacts.load
    changed = replace(load(mutant.contract), bytecode=compiled(mutant))
    monkeypatch.setattr(
        artifacts, "load", lambda name: changed if name == mutant.contract else load(name)
    )
    with running_network() as network, pytest.raises((AssertionError, Reverted)):
        lives(network, max_examples=200, stateful_step_count=30, phases=(Phase.generate,))
