"""A sheet in every format
├── shows every cell, however hostile
│   ├── and runs no formula, no script and no markup
│   └── and is a file that its own readers accept
├── writes amounts exactly
└── appears whole or not at all
"""

import base64
import csv
import io
import json
import re
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree, html
from openpyxl import load_workbook
from support.ledger_rows import DAY, EURO, START, Rows, member

from zegel.errors import ConfigError, FileError
from zegel.ledger.epochs import NEVER
from zegel.report.history import history
from zegel.report.periods import period
from zegel.report.render import FORMATS, render
from zegel.report.settlement import flows
from zegel.report.sheet import Amount, Column, Day, Moment, Sheet

NOON = 1_767_268_800  # 1 January 2026, 12:00

HOSTILE = {
    "formula": '=HYPERLINK("http://example.com")',
    "plus": "+1",
    "wide formula": "\uff1d1+1",
    "script": "<script>alert(1)</script>",
    "markup": "[red]x[/red] &amp; </td></table>",
    "entity": "&#0;&lt;",
    "reversed": "abc\u202egnp.exe",
    "isolates": "\u2066a\u2069\u200f",
    "nul": "a\x00b",
    "escape": "\x1b[31mred\x1b[0m",
    "lines": "one\r\ntwo\n\nthree\x85\u2028four",
    "quotes": "\"a\",'b';`c`",
    "half a pair": "\ud83d",
    "no character": "\ufffe\uffff",
    "31 bytes": bytes(range(1, 32)).decode("latin-1"),
    "high bytes": bytes(range(0xE0, 0xFF)).decode("latin-1"),
    "chinese": "积分",
    "long": "x" * 300,
    "empty": "",
    "spaces": "   ",
    "pdf": "(\\) Tj ET endstream endobj",
    "json": '"}],"rows":[{"a":1}]',
}

PAST_NUMBERS = 10**16 + 1


def sheet_of(name: str) -> Sheet:
    value = HOSTILE[name]
    return Sheet(
        f"Report {value}",
        (Column("what"), Column("points", "number", value), Column("when", "time"), Column(value)),
        (
            (value, Amount(-123_456, 2), Moment(NOON), 7),
            ("last", Amount(PAST_NUMBERS, 4), Day(NEVER), None),
        ),
        (f"note {value}",),
    )


def written(sheet: Sheet, form: str) -> bytes:
    stream = io.BytesIO()
    render(sheet, form, stream)
    return stream.getvalue()


def readable(text: str) -> bool:
    """Whether nothing in it is unseen, line ends of the format apart."""
    return not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200f]", text
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_has_its_rows_and_no_formula(name: str):
    rows = list(csv.reader(io.StringIO(written(sheet_of(name), "csv").decode(), newline="")))

    assert [len(row) for row in rows] == [4, 4, 4]
    assert rows[1][1:] == ["-1234.56", "2026-01-01T12:00:00Z", "7"]
    assert rows[2] == ["last", "1000000000000.0001", "never", ""]
    for row in rows:
        for cell in row:
            assert readable(cell)
            assert "\n" not in cell
            assert not re.match(r"\s*[=+@\uff1d]", cell)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_spreadsheet_has_numbers_dates_and_no_formula(name: str):
    book = load_workbook(io.BytesIO(written(sheet_of(name), "xlsx")))

    page = book.worksheets[0]
    first, last = list(page.iter_rows(min_row=2))
    assert [cell.data_type for cell in first][1:] == ["n", "d", "n"]
    assert (first[1].value, first[2].value) == (-1234.56, datetime(2026, 1, 1, 12))
    assert (last[1].value, last[2].value) == ("1000000000000.0001", "never")
    assert "f" not in {cell.data_type for rows in page.iter_rows() for cell in rows}


@pytest.mark.parametrize("name", HOSTILE)
def test_json_has_its_rows(name: str):
    found = json.loads(written(sheet_of(name), "json"))

    assert [len(row) for row in found["rows"]] == [4, 4]
    assert found["rows"][0]["points"] == "-1234.56"
    assert found["rows"][1]["points"] == "1000000000000.0001"
    assert readable(written(sheet_of(name), "json").decode())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_has_its_cells_and_no_element_more(name: str):
    content = written(sheet_of(name), "html").decode()

    tree = html.document_fromstring(content)
    assert [len(row.xpath("./td|./th")) for row in tree.xpath("//tr")] == [4, 4, 4]
    assert not tree.xpath("//script|//a|//img|//iframe|//link")
    assert len(tree.xpath("//table")) == 1
    assert readable(content)
    etree.fromstring(content.split("<main>")[1].split("</main>")[0].join(("<main>", "</main>")))


# No database holds half a pair.
@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"half a pair"}))
def test_a_drawing_shows_the_name_of_a_program_and_no_element_more(name: str):
    book = Rows()
    shop = book.program("SHOP", name=HOSTILE[name] or "Shop")
    book.award(shop, member(1), 100)
    book.convert(shop, EURO, member(1), amount=10, out=9, value=9)
    book.at(START + 40 * DAY).tick()
    book.write()
    with book.engine.connect() as database:
        span = period(database, START, book.now)
        for sheet in (history(database, "SHOP", span).sheet(), flows(database, span).sheet()):
            content = written(sheet, "html").decode()

            assert readable(content)
            etree.fromstring(sheet.chart)
            assert not html.document_fromstring(content).xpath("//script|//a|//td//table")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_terminal_is_told_no_command(name: str):
    content = written(sheet_of(name), "table").decode()

    assert readable(content)
    assert "-1,234.56" in content


@pytest.mark.parametrize("name", HOSTILE)
def test_paper_shows_every_row(name: str):
    content = written(sheet_of(name), "pdf")

    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert content.count(b"/Type /Page\n") == 1
    assert b"/FontFile2" in content, "the fonts are not in the file"
    assert len(drawn(content)) > 10


def drawn(content: bytes) -> list[bytes]:
    """The texts that the pages draw."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            page = zlib.decompress(_ascii85(packed))
        except (ValueError, zlib.error):
            continue
        found += re.findall(rb"\((?:[^()\\]|\\.)*\) Tj", page, re.DOTALL)
    return found


def _ascii85(packed: bytes) -> bytes:
    return base64.a85decode(b"<~" + packed.strip(), adobe=True)


def test_long_tables_repeat_their_heading_and_number_their_pages():
    rows = tuple((f"row {n}", Amount(n, 0)) for n in range(500))
    content = written(Sheet("Many", (Column("what"), Column("points", "number")), rows), "pdf")

    pages = content.count(b"/Type /Page\n")
    assert pages == 10
    texts = drawn(content)
    # 500 rows of two cells; on each page the title, two headings and the number.
    assert len(texts) == 1000 + pages * 4


def test_a_row_higher_than_a_page_goes_on_on_the_next():
    rows = (("word " * 5_000, Amount(1, 0)),)
    content = written(Sheet("High", (Column("what"), Column("points", "number")), rows), "pdf")

    assert content.count(b"/Type /Page\n") > 1


def test_an_unknown_format_is_refused():
    with pytest.raises(ConfigError, match="no format 'doc': choose one of table, csv, xlsx"):
        render(sheet_of("empty"), "doc", io.BytesIO())


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_appears(form: str, tmp_path: Path):
    path = tmp_path / f"report.{form}"
    render(sheet_of("chinese"), form, path)

    assert path.stat().st_size
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_that_breaks_off_leaves_the_old_file(form: str, tmp_path: Path):
    def rows():
        yield ("first",)
        raise RuntimeError("the database is gone")

    path = tmp_path / "report"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        render(Sheet("Broken", (Column("what"),), rows()), form, path)

    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["report"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(FileError, match="cannot be written"):
        render(sheet_of("empty"), "csv", tmp_path / "none" / "report.csv")


def test_text_goes_to_a_text_stream_and_paper_does_not():
    out = io.StringIO()
    render(sheet_of("plus"), "csv", out)
    assert out.getvalue().splitlines()[1].startswith("'+1,-1234.56")
    with pytest.raises(ConfigError, match="pdf is no text: name a file"):
        render(sheet_of("plus"), "pdf", io.StringIO())
