"""Rows of a spreadsheet (XLSX), which must have one sheet.

A spreadsheet is a ZIP archive of XML, and whoever sends one may mean harm: the archive is looked at
before it is unpacked, and no text of it may define entities. What a cell looks like on the screen
is not what it holds: numbers are taken exactly, and formulas, errors and truth values not at all.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from zegel.award.values import WrongValue
from zegel.errors import FileError

Cell = str | WrongValue

# Some six hundred thousand rows.
MAX_UNPACKED = 256 * 2**20
MAX_PARTS = 1_000

# More columns than any award has; wider sheets are refused, not read.
_WIDTH = 32

# Spreadsheets keep no more digits of a number.
_EXACT = 10**15

_CHUNK = 2**20
_MOMENTS = "pending_until"


def rows(path: Path, content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that are not empty, with their numbers."""
    _check_archive(path, content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = book.worksheets
        if len(sheets) != 1 or not isinstance(sheets[0], ReadOnlyWorksheet):
            raise FileError(path, f"has {len(sheets)} sheets: leave the one with the awards")
        # What a file says of its own size need not be true.
        sheets[0].reset_dimensions()
        yield from _rows(sheets[0])
    except FileError:
        raise
    except Exception as error:
        # openpyxl lets through whatever a broken part makes Python's parsers raise.
        raise FileError(
            path, f"is no spreadsheet ({error}): save it again as XLSX, or as CSV"
        ) from None


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[Cell]]]:
    header: list[Cell] = []
    for line, cells in enumerate(sheet.iter_rows(max_col=_WIDTH), start=1):
        held = [(cell.value, cell.data_type) for cell in cells]
        while held and held[-1][0] is None:
            held.pop()
        if not held:
            continue
        if not header:
            header = [_cell(value, kind, "") for value, kind in held]
            yield line, header
            continue
        held += [(None, "n")] * (len(header) - len(held))
        names = [*header, *[""] * (len(held) - len(header))]
        yield line, [_cell(*one, name) for one, name in zip(held, names, strict=True)]


def _cell(value: Any, kind: str, column: Cell) -> Cell:
    """What a cell holds, as text."""
    if value is None:
        return ""
    if kind == "f":
        return WrongValue("is a formula", "write its value", value)
    if kind == "e":
        return WrongValue("is an error of the spreadsheet", "write a value", value)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime) and column == _MOMENTS and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return WrongValue(
            "is a date that the spreadsheet has made", "have it take the column for text", value
        )
    if isinstance(value, bool) or not isinstance(value, int | float):
        return WrongValue("is neither text nor a number", "write it as text", value)
    if column == "member":
        return WrongValue(
            "is a number without its leading zeros", "have the spreadsheet take it for text", value
        )
    if abs(value) >= _EXACT:
        return WrongValue(
            "has more digits than a spreadsheet keeps", "have it take the column for text", value
        )
    return str(int(value)) if value == int(value) else repr(value)


def _check_archive(path: Path, content: bytes) -> None:
    """Refuses what would fill the memory when it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise FileError(path, f"has {len(parts)} parts: no spreadsheet has so many")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED:
                raise FileError(
                    path,
                    f"unpacks to {unpacked:,} bytes, at most {MAX_UNPACKED:,} are read: "
                    "cut it into several files",
                )
            for part in parts:
                _check_part(path, archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise FileError(
            path, f"is no spreadsheet ({error}): save it again as XLSX, or as CSV"
        ) from None


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No part may define entities, nor hide that it does in another encoding than UTF-8."""
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = before + chunk
            hidden = not before and text.startswith((b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0"))
            if hidden or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise FileError(
                    path, f"defines entities in {part.filename}: save it again, or as CSV"
                )
            before = text[-16:]
