"""Statements about all words and all states, decided by Halmos on the compiled contracts.

halmos/Lanes.t.sol
└── packed generations are added, subtracted and moved lane by lane, for every word
halmos/Consent.t.sol
├── a signed transfer or permit bears its member's signature, and uses its nonce up
└── a pause stops neither transfers nor taking power away
halmos/Strangers.t.sol
└── no call whose arguments are words lowers a balance, raises an allowance or gives a role

A check counts as passed only if Halmos explored every path to its end and decided every question.
Those about strangers run on the bytecode of the package, and fail on a bug that is planted.
"""

import json
import os
import re
import subprocess
import sys

import pytest
from eth_utils import keccak
from eth_utils.abi import collapse_if_tuple
from mutants import MUTANTS
from mutants.planting import Mutant, compiled, planted
from zegel_env import HALMOS, ROOT

from zegel.chain import artifacts

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="Halmos needs Python 3.11")

OPTIONS = [
    "--root", ".", "--forge-build-out", "build/halmos/out",
    # No loop over functions, lanes, arguments or awards turns more often.
    "--loop", "64",
    "--solver-timeout-assertion", "300s",
    "--solver-threads", "1",
]  # fmt: skip

PASSED, COUNTEREXAMPLE = 0, 1

CHECK = re.compile(r"^    function (check_\w+)", re.MULTILINE)
CHECKS = [
    (f"{path.name.removesuffix('.t.sol')}Proof", check)
    for path in sorted((ROOT / "tests/proofs/halmos").glob("*.t.sol"))
    for check in CHECK.findall(path.read_text())
]

# The functions that may write and take a list, a text or a signature: no stranger's call here.
IN_PARTS = "uint8,bytes32,bytes32"
MOVING = "address,address,uint256,uint256,uint256,bytes32"
APART = {
    "awardBatch(bytes32,uint256[])",
    "sweep(address[])",
    "setContractURI(string)",
    f"transferWithAuthorization({MOVING},{IN_PARTS})",
    f"transferWithAuthorization({MOVING},bytes)",
    f"receiveWithAuthorization({MOVING},{IN_PARTS})",
    f"receiveWithAuthorization({MOVING},bytes)",
    "redeemWithAuthorization(address,uint256,bytes32,uint256,uint256,bytes32,bytes)",
    f"permit(address,address,uint256,uint256,{IN_PARTS})",
    "permit(address,address,uint256,uint256,bytes)",
    f"cancelAuthorization(address,bytes32,{IN_PARTS})",
    "cancelAuthorization(address,bytes32,bytes)",
    "useAuthorization(address,bytes32,uint256,uint256,bytes32,bytes)",
}


def _bug(name: str, file: str, old: str, new: str) -> Mutant:
    return Mutant(name, "PointToken", file, old, new, noticed_by="")


BUGS = {
    "check_noBalanceFallsWithoutConsent": next(
        mutant for mutant in MUTANTS if mutant.name == "a correction needs no role"
    ),
    "check_noAllowanceRisesWithoutConsent": _bug(
        "anyone approves",
        "token/PointLedger.sol",
        "_approve(msg.sender, spender, amount);",
        "_approve(spender, msg.sender, amount);",
    ),
    "check_noRoleIsGainedWithoutItsAdmin": _bug(
        "who pauses may correct",
        "token/Safety.sol",
        "emit Paused(msg.sender);",
        "_grantRole(Roles.CORRECTOR, msg.sender); emit Paused(msg.sender);",
    ),
}
STRANGERS = [check for contract, check in CHECKS if contract == "StrangersProof"]


def _functions() -> list[str]:
    """The functions of the token that may write."""
    return [
        f"{entry['name']}({','.join(collapse_if_tuple(each) for each in entry['inputs'])})"
        for entry in artifacts.load("PointToken").abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    ]


def _of_words(function: str) -> bool:
    arguments = function[function.index("(") + 1 : -1].split(",")
    return not {"string", "bytes"} & set(arguments) and "[" not in function


@pytest.mark.deep
@pytest.mark.parametrize(("contract", "check"), CHECKS, ids=[check for _, check in CHECKS])
def test_every_check_passes(contract, check, tmp_path):
    result, said = _decide(contract, check, artifacts.load("PointToken").bytecode, tmp_path)

    assert result["exitcode"] == PASSED, said
    assert not result["num_bounded_loops"], said


@pytest.mark.deep
@pytest.mark.parametrize("check", STRANGERS)
def test_every_check_about_strangers_notices_what_is_planted(check, tmp_path):
    result, said = _decide("StrangersProof", check, compiled(BUGS[check]), tmp_path)

    assert result["exitcode"] == COUNTEREXAMPLE, said


def test_strangers_call_every_function_that_may_write_but_those_apart():
    """A new function is called too, unless its arguments are not words."""
    of_words = [function for function in _functions() if _of_words(function)]
    signed = {function for function in of_words if IN_PARTS in function}

    assert set(_functions()) - set(of_words) | signed == APART
    assert max(function.count(",") + 1 for function in of_words) <= 9


def test_a_token_has_no_nameless_functions():
    """They would run on selectors that the ABI does not name."""
    kinds = {entry["type"] for entry in artifacts.load("PointToken").abi}

    assert kinds == {"constructor", "error", "event", "function"}


def test_every_check_about_strangers_has_a_bug_that_fits():
    assert set(BUGS) == set(STRANGERS)
    for bug in BUGS.values():
        assert bug.new in planted(bug)


def _decide(contract, check, token, folder):
    """What Halmos says to one check, of one token; it builds its proofs first."""
    answers = folder / "answers.json"
    selectors = [keccak(text=name)[:4] for name in _functions() if name not in APART]
    environment = {
        **os.environ,
        # Halmos looks there for the solvers.
        "VIRTUAL_ENV": str(HALMOS.parent.parent),
        "FOUNDRY_PROFILE": "halmos",
        "ZEGEL_TOKEN": f"0x{token.hex()}",
        "ZEGEL_FUNCTIONS": ",".join(f"0x{each.hex():0<64}" for each in selectors),
    }
    command = [HALMOS, *OPTIONS, "--contract", contract, "--match-test", rf"^{check}\("]
    done = subprocess.run(
        [*command, "--early-exit", "--json-output", answers],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    said = (done.stdout + done.stderr)[-4000:]
    assert answers.exists(), said
    ((result,),) = json.loads(answers.read_text())["test_results"].values()
    return result, said
