"""A text on its way into a cell
├── that a spreadsheet would take for a formula gets an apostrophe in front
├── that holds what is not seen shows that it does
└── that is plain stays as it is
"""

import pytest

from zegel.report.cells import defused


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+31 20 1234567",
        "-1",
        "@SUM(A1)",
        "|calc",
        "%0A",
        " =1",
        "'=1",
        '"=1',
        "\uff1d1+1",
        '=HYPERLINK("http://example.com")',
    ],
)
def test_a_formula_becomes_text(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", "\x00=1", "\u202e=1"])
def test_a_formula_behind_what_is_not_seen_does_nothing(text):
    assert defused(text) == "\ufffd=1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a\ufffdb"),
        ("a\r\nb", "a\ufffd\ufffdb"),
        ("abc\u202ecba", "abc\ufffdcba"),
        ("\ud800", "\ufffd"),
        ("\ufffe", "\ufffd"),
    ],
)
def test_what_is_not_seen_is_shown(text, shown):
    assert defused(text) == shown


@pytest.mark.parametrize("text", ["", "receipt-1", "a=b", "5 - 3", "Café", "<b>", "点"])
def test_plain_text_stays(text):
    assert defused(text) == text
