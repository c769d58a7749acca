"""XLSX: real numbers and dates, and no formulas."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from zegel.ledger.epochs import NEVER
from zegel.report.cells import defused
from zegel.report.sheet import Amount, Cell, Day, Moment, Sheet, exact

# A spreadsheet computes with 15 digits. Longer numbers are written as text, whole.
_MAX_NUMBER = 10**15

_NAME_MAX = 31
_NAME_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_BOLD = Font(bold=True)
_WIDTHS = {"text": 26, "number": 18, "time": 20}


def write(sheet: Sheet, stream: BinaryIO) -> None:
    """One worksheet with the table, and one with the notes if there are any."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_name(sheet.title))
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns):
        page.column_dimensions[_letters(number)].width = _WIDTHS[column.kind]
    with closing(page):
        page.append([_text(page, column.heading, bold=True) for column in sheet.columns])
        for row in sheet.rows:
            page.append([_cell(page, cell) for cell in row])
    if sheet.notes:
        notes = book.create_sheet("Notes")
        for line in (sheet.title, *sheet.notes):
            notes.append([_text(notes, line)])
    book.save(stream)


def _cell(page: Any, cell: Cell) -> Any:
    if cell is None:
        return None
    if isinstance(cell, Amount):
        if abs(cell.units) >= _MAX_NUMBER:
            return _text(page, exact(cell), number=True)
        value = Decimal(cell.units).scaleb(-cell.decimals)
        places = f".{'0' * cell.decimals}" if cell.decimals else ""
        return _formed(page, value, f"#,##0{places}")
    if isinstance(cell, Moment):
        return _formed(page, _date(cell.second), "yyyy-mm-dd hh:mm:ss")
    if isinstance(cell, Day) and cell.second < NEVER:
        return _formed(page, _date(cell.second), "yyyy-mm-dd")
    if isinstance(cell, int):
        return _formed(page, cell, "#,##0") if abs(cell) < _MAX_NUMBER else str(cell)
    return _text(page, exact(cell))


def _formed(page: Any, value: Any, form: str) -> Any:
    made = WriteOnlyCell(page, value)
    made.number_format = form
    return made


def _text(page: Any, value: str, *, bold: bool = False, number: bool = False) -> Any:
    made = WriteOnlyCell(page, value if number else defused(value))
    # openpyxl would take text that begins with = for a formula.
    made.data_type = "s"
    if bold:
        made.font = _BOLD
    return made


def _date(second: int) -> datetime:
    # Spreadsheets know no time zones: all times are UTC.
    return datetime.fromtimestamp(second, timezone.utc).replace(tzinfo=None)


def _name(title: str) -> str:
    return _NAME_FORBIDDEN.sub(" ", defused(title))[:_NAME_MAX].strip() or "Report"


def _letters(number: int) -> str:
    """A column's letters: A to Z, then AA."""
    return "".join(_letters_of(number))


def _letters_of(number: int) -> Iterator[str]:
    if number >= 26:
        yield from _letters_of(number // 26 - 1)
    yield chr(ord("A") + number % 26)
