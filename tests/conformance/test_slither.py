"""Slither's judgement of the contracts.

all detectors
  find what triage.yaml lists, each with the reason why it stays, and nothing else
conformance
  PointToken has the functions and events of ERC-20 and ERC-2612
"""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml
from slither.tools.erc_conformance.erc.erc20 import check_erc20
from slither.tools.erc_conformance.erc.ercs import generic_erc_checks
from slither.utils.erc import ERCS
from support.analysis import analyse, findings

TRIAGE = Path(__file__).parent / "triage.yaml"

# No increaseAllowance: OpenZeppelin dropped it in 5.0, and wallets replace allowances or sign them.
KNOWN_COMPLAINTS = {"ERC20": {"lack_of_erc20_race_condition_protection"}, "ERC2612": set()}


@pytest.fixture(scope="session")
def slither(pytestconfig):
    return analyse(pytestconfig.rootpath)


@pytest.fixture(scope="session")
def triage():
    return yaml.safe_load(TRIAGE.read_text())


def test_every_finding_is_known(slither, triage):
    known = Counter()
    for entry in triage:
        for place, count in entry["places"].items():
            known[entry["check"], place] += count

    found = findings(slither)

    new = [f"{check}: {place} ({count})" for (check, place), count in (found - known).items()]
    gone = [f"{check}: {place} ({count})" for (check, place), count in (known - found).items()]
    assert not new, f"new findings, to be mended or listed in {TRIAGE.name}: {sorted(new)}"
    assert not gone, f"findings that are no more, to be taken off {TRIAGE.name}: {sorted(gone)}"


def test_every_known_finding_has_a_reason(triage):
    places = [(entry["check"], place) for entry in triage for place in entry["places"]]

    assert all(len(entry["reason"]) > 20 for entry in triage)
    assert len(places) == len(set(places))


@pytest.mark.parametrize("standard", ["ERC20", "ERC2612"])
def test_token_conforms(slither, standard):
    (token,) = slither.get_contract_from_name("PointToken")
    functions, events = ERCS[standard]
    complaints = defaultdict(list)

    generic_erc_checks(token, functions, events, complaints)
    if standard == "ERC20":
        check_erc20(token, complaints)

    assert set(complaints) == KNOWN_COMPLAINTS[standard]
