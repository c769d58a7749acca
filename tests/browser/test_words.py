"""The pages say everything in every language, with the same holes, and their types are right."""

import re
import subprocess

import pytest
from support.browser import ROOT

WORDS = ROOT / "dapp/src/words"


def words(language):
    """The words of all pages, and those of the console, which the others do without."""
    files = (WORDS / f"{language}.ts", WORDS / f"console/{language}.ts")
    text = "".join(file.read_text() for file in files)
    return dict(re.findall(r'^  "([^"\n]+)":\s*"((?:[^"\\\n]|\\.)*)",$', text, re.MULTILINE))


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_no_word_and_no_hole_is_missing(language):
    english, other = words("en"), words(language)
    assert len(english) > 200
    assert set(other) == set(english)
    assert {key: holes(other[key]) for key in english} == {
        key: holes(english[key]) for key in english
    }
    assert [key for key, text in other.items() if not text.strip()] == []


def holes(text):
    return set(re.findall(r"\{(\w+)\}", text))


def test_the_types_are_right():
    for command in (
        ("dapp/build.mjs", "--types"),
        ("node_modules/typescript/bin/tsc", "-p", "dapp"),
    ):
        done = subprocess.run(["node", *command], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "")
