"""PDF: lying A4 pages with the heading of the table and the page's number on each.

The fonts are in the file, so that it looks the same everywhere in twenty years. A character that
they do not have is written out by its number.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import BinaryIO

import reportlab
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from zegel.report.cells import plain
from zegel.report.sheet import Kind, Sheet, shown

_WIDTH, _HEIGHT = landscape(A4)
_MARGIN, _GAP = 36.0, 8.0
_SIZE, _LINE = 7.0, 9.0
_TITLE, _TITLE_LINES = 14.0, 3
_GREY = 0.45
# The lines that surely fit on a page.
_FULL = 40
# The rows by which the widths of the columns are chosen.
_SAMPLE = 200
_NARROWEST = 34.0

_REGULAR, _BOLD = "Vera", "VeraBd"


def write(sheet: Sheet, stream: BinaryIO) -> None:
    _load_fonts()
    _Pages(sheet, stream).draw()


class _Pages:
    def __init__(self, sheet: Sheet, stream: BinaryIO) -> None:
        self._sheet = sheet
        self._title = _known(plain(sheet.title))
        self._canvas = Canvas(stream, pagesize=(_WIDTH, _HEIGHT), pageCompression=1, lang="en")
        self._canvas.setTitle(self._title)
        self._canvas.setCreator("Zegel")
        self._headings = [_known(column.heading) for column in sheet.columns]
        self._kinds: list[Kind] = [column.kind for column in sheet.columns]
        self._widths: list[float] = []
        self._y = 0.0

    def draw(self) -> None:
        rows = (tuple(_known(shown(cell)) for cell in row) for row in self._sheet.rows)
        sample = list(islice(rows, _SAMPLE))
        self._widths = self._fitted(sample)
        self._begin()
        for row in chain(sample, rows):
            self._row(row)
        self._notes()
        self._end()
        self._canvas.save()

    def _fitted(self, sample: list[tuple[str, ...]]) -> list[float]:
        """Widths that the cells ask for; where they exceed the page, the widest texts give way."""
        wanted = [
            max(
                _NARROWEST,
                *(_wide(line, _BOLD) for line in heading.split(" ")),
                *(_wide(row[number]) for row in sample),
            )
            if sample
            else max(_NARROWEST, _wide(heading, _BOLD))
            for number, heading in enumerate(self._headings)
        ]
        room = _WIDTH - 2 * _MARGIN - _GAP * (len(wanted) - 1)
        fixed = [w if kind != "text" else 0.0 for w, kind in zip(wanted, self._kinds, strict=True)]
        if sum(fixed) > room * 0.8:
            scale = min(1.0, room / sum(wanted))
            return [width * scale for width in wanted]
        texts = [w for w, kind in zip(wanted, self._kinds, strict=True) if kind == "text"]
        most = _most(texts, room - sum(fixed))
        return [f or min(w, most) for w, f in zip(wanted, fixed, strict=True)]

    def _begin(self) -> None:
        page, top = self._canvas, _HEIGHT - _MARGIN
        size = _TITLE if page.getPageNumber() == 1 else _SIZE
        page.setFont(_BOLD, size)
        for line in _lines(self._title, _WIDTH - 2 * _MARGIN, _BOLD, size)[:_TITLE_LINES]:
            page.drawString(_MARGIN, top - size, line)
            top -= size * 1.3
        self._y = top - _LINE
        self._row(tuple(self._headings), _BOLD)
        page.setLineWidth(0.5)
        page.line(_MARGIN, self._y + _LINE - 3, _WIDTH - _MARGIN, self._y + _LINE - 3)
        self._y -= 2

    def _end(self) -> None:
        page = self._canvas
        page.setFont(_REGULAR, _SIZE)
        page.setFillGray(_GREY)
        page.drawRightString(_WIDTH - _MARGIN, _MARGIN / 2, f"page {page.getPageNumber()}")
        page.setFillGray(0)
        page.showPage()

    def _row(self, row: tuple[str, ...], font: str = _REGULAR) -> None:
        cells = [_lines(cell, w, font) for cell, w in zip(row, self._widths, strict=True)]
        self._make_room(max(map(len, cells)))
        for lines in zip_longest(*cells, fillvalue=""):
            self._make_room(1)
            self._canvas.setFont(font, _SIZE)
            left = _MARGIN
            for words, width, kind in zip(lines, self._widths, self._kinds, strict=True):
                if kind == "number":
                    self._canvas.drawRightString(left + width, self._y, words)
                else:
                    self._canvas.drawString(left, self._y, words)
                left += width + _GAP
            self._y -= _LINE

    def _notes(self) -> None:
        self._y -= _LINE
        for note in self._sheet.notes:
            for line in _lines(_known(plain(note)), _WIDTH - 2 * _MARGIN):
                self._make_room(1)
                self._canvas.setFont(_REGULAR, _SIZE)
                self._canvas.drawString(_MARGIN, self._y, line)
                self._y -= _LINE

    def _make_room(self, lines: int) -> None:
        """Begins a page where some lines do not fit on this one, but on an empty one would."""
        if self._y - (min(lines, _FULL) - 1) * _LINE < _MARGIN:
            self._end()
            self._begin()


def _most(widths: Sequence[float], room: float) -> float:
    """The width at which texts must be broken so that all fit into a room."""
    for number, width in enumerate(sorted(widths)):
        if width * (len(widths) - number) > room:
            return room / (len(widths) - number)
        room -= width
    return max(widths, default=0.0)


def _lines(words: str, width: float, font: str = _REGULAR, size: float = _SIZE) -> list[str]:
    """Text in lines of a width: broken at spaces, and within words that are longer."""
    if _wide(words, font, size) <= width:
        return [words]
    return list(_broken(words, width, font, size)) or [""]


def _broken(words: str, width: float, font: str, size: float) -> Iterator[str]:
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if _wide(longer, font, size) <= width:
            line = longer
            continue
        if line:
            yield line
        while len(word) > 1 and _wide(word, font, size) > width:
            cut = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n == 1 or _wide(word[:n], font, size) <= width
            )
            yield word[:cut]
            word = word[cut:]
        line = word
    if line:
        yield line


def _wide(words: str, font: str = _REGULAR, size: float = _SIZE) -> float:
    return float(pdfmetrics.stringWidth(words, font, size))


def _known(words: str) -> str:
    """Text with the characters that the fonts have."""
    if words.isascii():
        return words
    glyphs = _load_fonts()
    return "".join(c if ord(c) in glyphs else f"\\u{ord(c):04x}" for c in words)


@cache
def _load_fonts() -> frozenset[int]:
    """The characters of the fonts that reportlab brings."""
    folder = Path(reportlab.__file__).parent / "fonts"
    glyphs = []
    for name in (_REGULAR, _BOLD):
        font = TTFont(name, folder / f"{name}.ttf")
        pdfmetrics.registerFont(font)
        glyphs.append(frozenset(font.face.charToGlyph))
    return glyphs[0] & glyphs[1]
