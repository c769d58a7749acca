"""Solidity tests that Forge runs: random cases by the hundred thousand, and campaigns of actors.

forge/Quotes.t.sol
└── quotes are the formulas that `pricing/` proves, also exact ones
forge/Campaign.t.sol
├── after every act of every actor the contracts agree with books kept from their events alone
├── nobody sees what must never be
├── at the end all points are redeemed and all money withdrawn
└── every actor gets somewhere: what never succeeds tests nothing

A campaign here is a short one; `make test-deep` runs ten times as many cases and more.
"""

import json
import os
import subprocess
from collections import Counter

import pytest
from zegel_env import ROOT

# Of an actor's tries, so many must succeed, and of each of its functions at least so many times.
LEAST_SHARE = 0.2
LEAST_HITS = {"default": 30, "deep": 900}


@pytest.fixture(
    scope="module", params=["default", pytest.param("deep", marks=pytest.mark.deep)], name="run"
)
def run_forge(request):
    """All of Forge's suites, and the profile that they ran with."""
    command = ["forge", "test", "--json", "--allow-failure"]
    environment = {**os.environ, "FOUNDRY_PROFILE": request.param}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    suites = json.loads(done.stdout)
    return request.param, {
        test: result for suite in suites.values() for test, result in suite["test_results"].items()
    }


def test_no_solidity_test_fails(run):
    _, results = run
    failed = {test: _explain(result) for test, result in results.items() if _has_failed(result)}
    assert results
    assert not failed, json.dumps(failed, indent=2)


def test_every_function_of_every_actor_gets_somewhere(run):
    profile, results = run
    tries, hits = Counter(), Counter()
    for result in results.values():
        for name, counts in result["kind"].get("Invariant", {}).get("metrics", {}).items():
            tries[name] += counts["calls"]
            hits[name] += counts["calls"] - counts["reverts"] - counts["discards"]
    actors = {name.split(":")[1].split(".")[0] for name in tries}
    idle = {
        name: f"{hits[name]} of {tries[name]}"
        for name in tries
        if hits[name] < max(LEAST_HITS[profile], LEAST_SHARE * tries[name])
    }
    assert actors == {path.stem for path in (ROOT / "tests/proofs/forge/actors").iterdir()} - {
        "Actor"
    }
    assert not idle


def _has_failed(result):
    return result["status"] != "Success"


def _explain(result):
    """The reason, and the calls that lead to it."""
    return {"reason": result["reason"], "by": result.get("counterexample")}
