"""Hold docs/SPECIFICATION.md and the tests together.

A test cites the sentences that it shows in its docstring or its module's: `Spec: T12, X3`. Every
sentence must be cited, and every citation must exist, so that neither goes astray unseen.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = re.compile(r"^- \*\*([A-Z]\d+)\*\* \S", re.MULTILINE)
CITATION = re.compile(r"Spec: ((?:[A-Z]\d+(?:, )?)+)")


def sentences(specification: str) -> list[str]:
    return SENTENCE.findall(specification)


def citations(source: str) -> set[str]:
    return {number for found in CITATION.findall(source) for number in found.split(", ")}


@pytest.fixture(scope="module")
def specified() -> list[str]:
    return sentences((ROOT / "docs" / "SPECIFICATION.md").read_text())


@pytest.fixture(scope="module")
def cited() -> set[str]:
    sources = (ROOT / "tests").rglob("test_*.py")
    return set().union(
        *(citations(path.read_text()) for path in sources if path != Path(__file__).resolve())
    )


def test_sentences_are_numbered_without_gaps(specified: list[str]) -> None:
    for letter in sorted({number[0] for number in specified}):
        numbers = [int(number[1:]) for number in specified if number[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1)), letter


def test_every_sentence_is_cited_by_a_test(specified: list[str], cited: set[str]) -> None:
    assert set(specified) - cited == set()


def test_every_citation_is_a_sentence(specified: list[str], cited: set[str]) -> None:
    assert cited - set(specified) == set()


def test_an_uncited_sentence_is_noticed() -> None:
    specified = sentences("- **T1** One.\n- **T2** Two.\n")

    assert set(specified) - citations('"""Shows one. Spec: T1"""') == {"T2"}
