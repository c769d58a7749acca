"""CSV (RFC 4180): a header and the rows, and nothing that a spreadsheet would run."""

import csv
import io
from typing import BinaryIO

from zegel.report.cells import defused
from zegel.report.sheet import Cell, Sheet, exact


def write(sheet: Sheet, stream: BinaryIO) -> None:
    out = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(out)
    rows.writerow([defused(column.heading) for column in sheet.columns])
    rows.writerows([_cell(cell) for cell in row] for row in sheet.rows)
    out.detach()


def _cell(cell: Cell) -> str:
    return defused(cell) if isinstance(cell, str) else exact(cell)
