"""Writes a sheet in any format, to a file or a stream.

render(statement(database, member, period).sheet(), "pdf", Path("statement.pdf"))
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from zegel.errors import ConfigError, FileError
from zegel.files import replacing
from zegel.report.formats import delimited, paper, screen, spreadsheet, structured, web
from zegel.report.sheet import Sheet

Writer = Callable[[Sheet, BinaryIO], None]

FORMATS: dict[str, Writer] = {
    "table": screen.write,
    "csv": delimited.write,
    "xlsx": spreadsheet.write,
    "json": structured.write,
    "pdf": paper.write,
    "html": web.write,
}


def render(sheet: Sheet, form: str, target: Path | BinaryIO | TextIO) -> None:
    """Writes a sheet as one of `FORMATS`; a file appears whole or not at all."""
    writer = FORMATS.get(form)
    if writer is None:
        raise ConfigError(f"no format {form!r}: choose one of {', '.join(FORMATS)}")
    if isinstance(target, Path):
        with replacing(target) as stream:
            writer(sheet, stream)
    elif isinstance(target, io.TextIOBase):
        if form in ("xlsx", "pdf"):
            raise ConfigError(f"{form} is no text: name a file")
        whole = io.BytesIO()
        writer(sheet, whole)
        target.write(whole.getvalue().decode())
    else:
        writer(sheet, cast(BinaryIO, target))


def form_of(path: Path) -> str:
    """The format that a file's ending names."""
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMATS or form == "table":
        known = ", ".join(f".{each}" for each in FORMATS if each != "table")
        raise FileError(path, f"its ending names no format: end it with one of {known}")
    return form
