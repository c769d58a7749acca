"""HTML: one page that needs nothing else. It follows the reader's light or dark setting."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import BinaryIO

from zegel.report.cells import plain
from zegel.report.sheet import Sheet, shown


def write(sheet: Sheet, stream: BinaryIO) -> None:
    stream.writelines(part.encode() for part in _page(sheet))


def _page(sheet: Sheet) -> Iterator[str]:
    style = (files("zegel.report") / "page.css").read_text()
    title = escape(plain(sheet.title))
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head>\n"
        f"<body><main><header><h1>{title}</h1></header>\n"
    )
    if sheet.chart:
        yield f'<section><div class="scroll wide">{sheet.chart}</div></section>\n'
    yield f'<section><div class="scroll"><table><caption class="soft">{title}</caption><thead><tr>'
    for column in sheet.columns:
        yield f'<th scope="col"{_class(column.kind)}>{escape(column.heading)}</th>'
    yield "</tr></thead><tbody>\n"
    classes = [_class(column.kind) for column in sheet.columns]
    for row in sheet.rows:
        cells = zip(classes, row, strict=True)
        yield "<tr>" + "".join(f"<td{c}>{escape(shown(cell))}</td>" for c, cell in cells)
        yield "</tr>\n"
    yield "</tbody></table></div></section>\n<footer>"
    yield from (f"<p>{escape(plain(note))}</p>" for note in sheet.notes)
    yield "</footer></main></body></html>\n"


def _class(kind: str) -> str:
    """Numbers stand to the right; times are not broken at their hyphens."""
    return "" if kind == "number" else f' class="{kind}"'
