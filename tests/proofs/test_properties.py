"""Hold docs/PROPERTIES.md and the proofs together.

A proof cites the properties that it shows: `Property: P7`, in its docstring or its comment. Every
row must name exactly the proofs that cite it.
"""

import re
from collections import defaultdict
from pathlib import Path

from mutants import MUTANTS
from zegel_env import ROOT

PROOFS = ROOT / "tests" / "proofs"
ROW = re.compile(r"^\| (P\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)
BUGS = re.compile(r"^\| (P\d+) \| ([^|]+) \|$", re.MULTILINE)
ATTACKS = re.compile(r"^\| (A\d+) \|[^|]+\|[^|]+\| ([^|]+) \|$", re.MULTILINE)
CITATION = re.compile(r"Property: (P\d+(?:, P\d+)*)")
PYTHON_TEST = re.compile(r"def (test_\w+)")
SOLIDITY_TEST = re.compile(r"function (\w+)")


def rows() -> dict[str, set[str]]:
    found = ROW.findall((ROOT / "docs" / "PROPERTIES.md").read_text())
    assert len(found) == len({number for number, _ in found})
    return {number: set(re.findall(r"`(\w+)`", names)) for number, names in found}


def citations() -> dict[str, set[str]]:
    cited = defaultdict(set)
    for path in PROOFS.rglob("*"):
        if path.suffix not in (".py", ".sol") or path == Path(__file__):
            continue
        source = path.read_text()
        for found in CITATION.finditer(source):
            for number in found[1].split(", "):
                cited[number].add(proof_of(path, source, found.start()))
    return dict(cited)


def proof_of(path: Path, source: str, place: int) -> str:
    """A docstring stands in its function, a comment before it."""
    if path.suffix == ".py":
        return PYTHON_TEST.findall(source[:place])[-1]
    found = SOLIDITY_TEST.search(source, place)
    assert found, f"{path.name} cites a property and no function follows"
    return found[1]


def test_properties_are_numbered_without_gaps():
    assert list(rows()) == [f"P{number}" for number in range(1, len(rows()) + 1)]


def test_every_property_names_the_proofs_that_cite_it():
    assert rows() == citations()


def test_every_property_has_planted_bugs():
    found = BUGS.findall((ROOT / "docs" / "PROPERTIES.md").read_text())
    planted = {mutant.name for mutant in MUTANTS}

    assert [number for number, _ in found] == list(rows())
    assert {bug for _, bugs in found for bug in bugs.split("; ")} <= planted


def test_every_attack_has_planted_bugs_or_says_why_not():
    found = ATTACKS.findall((ROOT / "docs" / "PROPERTIES.md").read_text())
    planted = {mutant.name for mutant in MUTANTS}

    assert [number for number, _ in found] == [f"A{n}" for n in range(1, len(found) + 1)]
    named = {bug for _, bugs in found if not bugs.startswith("none: ") for bug in bugs.split("; ")}
    assert len(named) > len(found)
    assert named <= planted
