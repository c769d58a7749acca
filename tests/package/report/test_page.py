"""The page, the data and the tables of a report."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console
from support import story
from support.story import SHOP, Told, second

from zegel.ledger.epochs import NEVER
from zegel.report import text
from zegel.report.data import as_data
from zegel.report.page import as_page
from zegel.report.tables import show

HOSTILE = "</title><script>alert('x')</script><b title=\"&"


class Reader(HTMLParser):
    """Collects what a browser would find, and makes sure that every element is closed."""

    VOID = ("meta", "rect", "line", "path")

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def close(self):
        super().close()
        assert self._open == []


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def test_the_page_needs_nothing_else(told: Told):
    page = as_page(told.report(), "Points")
    reader = read(page)

    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert {name for name, _ in reader.attributes} & {"src", "href", "srcset", "onload"} == set()
    assert "url(" not in page
    assert "@import" not in page
    assert re.findall(r"https?://", page) == []


def test_the_page_shows_every_figure(told: Told):
    report = told.report()
    words = " ".join(read(as_page(report, "Points", ["From a file."])).text)

    for shown in ("153.00", "25.00", "20.00", "125.00", "99.840000", "0.160000", "From a file."):
        assert shown in words
    for check in report.checks:
        assert check.claim in words
    assert f"All {len(report.checks)} checks agree" in words


def test_the_page_shows_a_check_that_differs(told: Told):
    told.set_program(SHOP, total_supply=301)
    words = " ".join(read(as_page(told.report(), "Points")).text)

    assert f"3 of {len(told.checks())} checks differ" in words
    assert words.count("✗ differs") == 3


def test_hostile_names_are_only_text(told: Told, monkeypatch: pytest.MonkeyPatch):
    shop, air = story.PROGRAMS
    hostile = replace(shop, name=HOSTILE, symbol=HOSTILE)
    monkeypatch.setattr(story, "PROGRAMS", (hostile, air))
    monkeypatch.setattr(story, "MONEY", replace(story.MONEY, symbol=HOSTILE))

    reader = read(as_page(told.report(), HOSTILE, [HOSTILE]))

    assert "script" not in reader.tags
    assert not any(name.startswith("on") for name, _ in reader.attributes)
    # In the title, the heading, a note and wherever the program is named.
    assert "".join(reader.text).count(HOSTILE) > 10


def test_hostile_names_do_not_style_the_terminal(told: Told, monkeypatch: pytest.MonkeyPatch):
    shop, air = story.PROGRAMS
    hostile = replace(shop, symbol="[red]X[/red]")
    monkeypatch.setattr(story, "PROGRAMS", (hostile, air))
    out = io.StringIO()

    show(told.report(), Console(file=out, width=160))

    assert "[red]X[/red]" in out.getvalue()


def test_the_tables_show_every_check(told: Told):
    out = io.StringIO()
    show(told.report(), Console(file=out, width=160))

    for check in told.checks():
        assert check.claim in out.getvalue()
    assert "DIFFERS" not in out.getvalue()


def test_the_data_is_exact_and_whole(told: Told):
    report = told.report()
    data = json.loads(json.dumps(as_data(report, "Points", ["From a file."])))

    shop, air = data["programs"]
    assert (data["ok"], data["notes"], data["held"]) == (True, ["From a file."], 148_999_900)
    assert (shop["awarded"], shop["expired"], shop["closing"]) == (15_300, 12_500, 300)
    assert shop["outstanding"] == [{"expires": second(1998, 4), "amount": 300}]
    assert shop["account"]["balance"] == 99_840_000
    assert len(shop["months"]) == len(air["months"]) == 14
    assert data["flows"] == [
        {
            "from": "SHOP",
            "to": "AIR",
            "count": 1,
            "amount": 2_000,
            "out": 21,
            "value": 160_000,
            "fee": 160,
        }
    ]
    assert len(data["checks"]) == len(report.checks)
    assert all(check["ok"] for check in data["checks"])


@pytest.mark.parametrize(
    ("units", "decimals", "shown"),
    [
        (0, 0, "0"),
        (1_234_567, 0, "1,234,567"),
        (123_456, 2, "1,234.56"),
        (5, 6, "0.000005"),
        (-5, 2, "-0.05"),
    ],
)
def test_amounts_are_shown_to_the_last_unit(units, decimals, shown):
    assert text.amount(units, decimals) == shown


def test_headlines_are_rounded_half_up():
    assert text.rounded(149_500_000, 6) == "150"
    assert text.rounded(149_499_999, 6) == "149"
    assert text.rounded(12_345, 3, keep=2) == "12.35"


def test_what_never_expires_has_no_day():
    assert text.expiry(NEVER) == "never"
    assert text.expiry(second(1998, 4)) == "1 April 1998"
