"""Statements about all words and all states, decided by Halmos on the compiled contracts.

halmos/Lanes.t.sol
└── packed generations are added, subtracted and moved lane by lane, for every word
halmos/Consent.t.sol
├── a signed transfer or permit bears its member's signature, and uses its nonce up
└── a pause stops neither transfers nor taking power away

A check counts as passed only if Halmos explored every path to its end and decided every question.
"""

import json
import os
import subprocess
import sys

import pytest
from zegel_env import HALMOS, ROOT

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(sys.version_info < (3, 11), reason="Halmos needs Python 3.11"),
]

OPTIONS = [
    "--root", ".", "--forge-build-out", "build/forge/out",
    # No loop over lanes, arguments or awards turns more often.
    "--loop", "8",
    "--solver-timeout-assertion", "300s",
]  # fmt: skip


@pytest.mark.parametrize(("contract", "checks"), [("LanesProof", 4), ("ConsentProof", 4)])
def test_every_check_passes(contract, checks, tmp_path):
    answers = tmp_path / "answers.json"
    command = [HALMOS, *OPTIONS, "--contract", contract, "--json-output", answers]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert answers.exists(), done.stdout + done.stderr

    by_contract = json.loads(answers.read_text())["test_results"].values()
    results = [result for results in by_contract for result in results]
    passed = [
        result["name"]
        for result in results
        if result["exitcode"] == 0 and not result["num_bounded_loops"]
    ]
    assert len(results) == checks
    assert len(passed) == checks, done.stdout
