"""Random lives on contracts with a planted bug: each bug must be noticed.

A bug that nothing notices shows that the tests are blind there.
"""

from dataclasses import replace

import pytest
from hypothesis import Phase
from stateful.machine import lives
from stateful.network import running_network
from support.node import Reverted

from mutants.mutants import MUTANTS, Mutant, compiled, planted
from zegel.chain import artifacts


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_planted_bug_has_its_place(mutant: Mutant) -> None:
    """In every run, so that a change of the line is noticed before the next deep one."""
    assert mutant.new in planted(mutant)


@pytest.mark.deep
@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_planted_bug_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    load = artifacts.load
    changed = replace(load(mutant.contract), bytecode=compiled(mutant))
    monkeypatch.setattr(
        artifacts, "load", lambda name: changed if name == mutant.contract else load(name)
    )
    with running_network() as network, pytest.raises((AssertionError, Reverted)):
        lives(network, max_examples=200, stateful_step_count=30, phases=(Phase.generate,))
