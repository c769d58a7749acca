"""JSON: one object a row. Amounts are decimal text, so that no reader rounds them."""

import json
from typing import Any, BinaryIO

from zegel.report.cells import plain
from zegel.report.sheet import Cell, Sheet, exact


def write(sheet: Sheet, stream: BinaryIO) -> None:
    columns = [
        {"title": plain(c.title), "kind": c.kind, **({"unit": plain(c.unit)} if c.unit else {})}
        for c in sheet.columns
    ]
    stream.write(f'{{"title": {_json(plain(sheet.title))},\n'.encode())
    stream.write(f' "notes": {_json([plain(note) for note in sheet.notes])},\n'.encode())
    stream.write(f' "columns": {_json(columns)},\n "rows": ['.encode())
    titles = [plain(column.title) for column in sheet.columns]
    between = "\n  "
    for row in sheet.rows:
        found = dict(zip(titles, map(_cell, row), strict=True))
        stream.write(f"{between}{_json(found)}".encode())
        between = ",\n  "
    stream.write(b"\n]}\n")


def _cell(cell: Cell) -> str | int | None:
    return cell if cell is None or type(cell) is int else exact(cell)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
