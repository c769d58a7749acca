"""Award files of other kinds than plain CSV
├── a spreadsheet and JSON lines say the same as the CSV
├── what a spreadsheet has changed is refused, with its cell
├── what is no file of its kind, or means harm, is refused before it is unpacked
└── dates, corrections and odd columns are read alike everywhere
"""

import io
import json
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from zegel.award import files
from zegel.award.faults import FaultyFile
from zegel.award.files import read_awards, read_file
from zegel.award.reading import spreadsheet
from zegel.award.rows import packed_text
from zegel.errors import FileError

MEMBER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
HEADER = ["member", "amount", "ref", "reason", "pending_until", "corrects"]


def xlsx(tmp_path, *lines, header=HEADER, sheets=1):
    book = Workbook()
    for number in range(1, sheets):
        book.create_sheet(f"more {number}")
    book.active.append(header)
    for line in lines:
        book.active.append(line)
    path = tmp_path / "awards.xlsx"
    book.save(path)
    return path


def jsonl(tmp_path, *objects):
    path = tmp_path / "awards.jsonl"
    path.write_text(
        "\n".join(one if isinstance(one, str) else json.dumps(one) for one in objects) + "\n"
    )
    return path


def fault_of(path, members=None):
    with pytest.raises(FaultyFile) as refused:
        read_file(path, 2, members)
    (fault,) = refused.value.faults
    return fault.line, fault.column, fault.reason


def test_all_kinds_of_files_say_the_same(tmp_path):
    lines = [
        [MEMBER, "12.5", "r1", "gift", "2026-12-31", ""],
        [MEMBER, "3", "r2", "gift", "", "r0"],
    ]
    plain = tmp_path / "awards.csv"
    plain.write_text("\n".join(",".join(line) for line in [HEADER, *lines]))
    sheet = xlsx(
        tmp_path,
        [MEMBER, 12.5, "r1", "gift", date(2026, 12, 31)],
        [MEMBER, 3, "r2", "gift", None, "r0"],
    )
    objects = jsonl(
        tmp_path,
        *({name: cell for name, cell in zip(HEADER, line, strict=True) if cell} for line in lines),
    )

    one, two = read_file(plain, 2).rows
    assert (one.award.amount, one.pending_until, one.corrects) == (1250, 1_798_675_200, None)
    assert (two.award.amount, two.pending_until, two.corrects) == (300, None, packed_text("r0"))
    assert read_file(sheet, 2).rows == (one, two)
    assert [row.award for row in read_file(objects, 2).rows] == [one.award, two.award]
    assert [row.corrects for row in read_file(objects, 2).rows] == [None, packed_text("r0")]


def test_columns_may_come_in_any_order(tmp_path):
    path = tmp_path / "awards.csv"
    path.write_text(f"reason,ref,amount,member\ngift,r1,1,{MEMBER}\n")

    assert read_file(path, 0).rows[0].award.ref == packed_text("r1")


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ([MEMBER, "=1+1", "r", "x"], "amount", "is a formula"),
        ([1001, 1, "r", "x"], "member", "is a number without its leading zeros"),
        ([datetime(2026, 3, 4), 1, "r", "x"], "member", "is a date that the spreadsheet has made"),
        ([MEMBER, 1, datetime(2026, 3, 4), "x"], "ref", "is a date that the spreadsheet has made"),
        ([MEMBER, 1, 1234567890123456789, "x"], "ref", "has more digits than a spreadsheet keeps"),
        ([MEMBER, True, "r", "x"], "amount", "is neither text nor a number"),
        ([MEMBER, "#N/A", "r", "x"], "amount", "is an error of the spreadsheet"),
        ([MEMBER, 0.125, "r", "x"], "amount", "has 3 decimals"),
        ([MEMBER, "1.5E+3", "r", "x"], "amount", "is short for a number, as spreadsheets write it"),
        ([MEMBER, "1,250.00", "r", "x"], "amount",
         "has a decimal comma or separators of thousands"),
        ([MEMBER, 1, "r", "x", datetime(2026, 3, 4, 5)], "pending_until",
         "is a date that the spreadsheet has made"),
        ([MEMBER, 1, "r", "x", None, None, "y"], "all", "has 7 values instead of 6"),
        ([MEMBER, 1, "r"], "reason", "is empty"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_has_changed_is_refused(tmp_path, line, column, reason):
    assert fault_of(xlsx(tmp_path, line)) == (2, column, reason)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (f"{MEMBER},=1,r,x,,", "amount", "is a formula"),
        (f"{MEMBER},1,=cmd,x,,", "ref", "begins as a formula does"),
        (f"{MEMBER},1,@x,x,,", "ref", "begins as a formula does"),
        (f"{MEMBER},1,r,+x,,", "reason", "begins as a formula does"),
        (f"{MEMBER},1,a\x00b,x,,", "ref", "is not plain ASCII text"),
        (f"{MEMBER},1,a\x0bb,x,,", "ref", "is not plain ASCII text"),
        (f"{MEMBER},1,a\u2028b,x,,", "ref", "is not plain ASCII text"),
        (f"{MEMBER},1 000,r,x,,", "amount", "has a decimal comma or separators of thousands"),
        (f"{MEMBER},1,r,x,31-12-2026,", "pending_until", "is no date, and no time with an offset"),
        (f"{MEMBER},1,r,x,2026-12-31T10:00,", "pending_until",
         "is no date, and no time with an offset"),
        (f"{MEMBER},1,r,x,2026-02-30,", "pending_until", "is no day of the calendar"),
        (f"{MEMBER},1,r,x,,r", "corrects", "is the row's own ref"),
        (f"{MEMBER},1,r,x,2026-12-31,q", "pending_until", "cannot stand beside `corrects`"),
        ("1.5E+3,1,r,x,,", "member", "is something that a spreadsheet has changed"),
    ],
)  # fmt: skip
def test_what_a_csv_should_not_hold_is_refused(tmp_path, cells, column, reason):
    path = tmp_path / "awards.csv"
    path.write_text(",".join(HEADER) + "\n" + cells + "\n")

    assert fault_of(path) == (2, column, reason)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"member": 1', "is no JSON"),
        ('["a"]', "is no JSON object: write one object a line"),
        ('{"ref": "a", "ref": "b"}', "a key stands twice"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_what_is_no_json_is_refused(tmp_path, line, told):
    with pytest.raises(FileError, match="line 1: ") as refused:
        read_file(jsonl(tmp_path, line), 2)
    assert told in str(refused.value)


def test_json_numbers_are_read_as_they_stand(tmp_path):
    line = f'{{"member": "{MEMBER}", "amount": %s, "ref": "r", "reason": "x"}}'

    assert read_file(jsonl(tmp_path, line % "12.50"), 2).rows[0].award.amount == 1250
    assert fault_of(jsonl(tmp_path, line % "1.5E+3"))[1] == "amount"
    assert fault_of(jsonl(tmp_path, line % "[1]"))[2] == "is neither text nor a number"
    assert fault_of(jsonl(tmp_path, line % '1, "extra": 1'))[2] == "has not the right keys"


def packed(tmp_path, parts, kind=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path = tmp_path / "awards.xlsx"
    path.write_bytes(stream.getvalue())
    return path


def test_what_would_fill_the_memory_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED", 10**6)
    bomb = packed(tmp_path, {"xl/worksheets/sheet1.xml": b"0" * (10**6 + 1)})
    with pytest.raises(FileError, match=r"unpacks to 1,000,001 bytes, at most 1,000,000 are read"):
        read_file(bomb, 2)

    many = packed(tmp_path, {f"part {number}": b"" for number in range(1_001)})
    with pytest.raises(FileError, match=r"has 1001 parts"):
        read_file(many, 2)


@pytest.mark.parametrize(
    "text", [b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "<x/>".encode("utf-16"), b"\0<x/>"]
)
def test_a_part_that_defines_entities_or_hides_that_is_refused(tmp_path, text):
    with pytest.raises(FileError, match=r"defines entities in xl/workbook\.xml"):
        read_file(packed(tmp_path, {"xl/workbook.xml": text}), 2)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"member,amount,ref,reason\n"])
def test_what_is_no_spreadsheet_is_refused(tmp_path, content):
    path = tmp_path / "awards.xlsx"
    path.write_bytes(content)

    with pytest.raises(FileError, match=r"is no spreadsheet .*: save it again as XLSX, or as CSV"):
        read_file(path, 2)


def test_a_spreadsheet_has_one_sheet(tmp_path):
    with pytest.raises(FileError, match="has 2 sheets: leave the one with the awards"):
        read_file(xlsx(tmp_path, [MEMBER, 1, "r", "x"], sheets=2), 2)


def test_files_beyond_all_measure_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "awards.csv"
    path.write_text(f"member,amount,ref,reason\n{MEMBER},1,a,x\n{MEMBER},1,b,x\n")

    monkeypatch.setattr(files, "MAX_ROWS", 1)
    with pytest.raises(FileError, match="has more than 1 rows: cut it into several"):
        read_file(path, 2)
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(FileError, match="bytes, at most 10 are read: cut it into several"):
        read_file(path, 2)


def test_semicolons_are_named(tmp_path):
    path = tmp_path / "awards.csv"
    path.write_text(f"member;amount;ref;reason\n{MEMBER};1;a;x\n")

    with pytest.raises(FaultyFile, match="write member,amount,ref,reason, with commas"):
        read_file(path, 2)


def test_where_rows_neither_wait_nor_correct_such_a_file_is_refused(tmp_path):
    path = xlsx(tmp_path, [MEMBER, 1, "r", "x", "2026-12-31"])

    with pytest.raises(FaultyFile, match="column pending_until: '' cannot stand here"):
        read_awards(path, 2)
