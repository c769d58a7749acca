"""Writes a sheet in any format, to a file or a stream.

render(statement(database, member, period).sheet(), "pdf", Path("statement.pdf"))
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from zegel.errors import ConfigError, FileError
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
        _to_file(sheet, writer, target)
    elif isinstance(target, io.TextIOBase):
        if form in ("xlsx", "pdf"):
            raise ConfigError(f"{form} is no text: name a file")
        whole = io.BytesIO()
        writer(sheet, whole)
        target.write(whole.getvalue().decode())
    else:
        writer(sheet, cast(BinaryIO, target))


def _to_file(sheet: Sheet, writer: Writer, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as stream:
            writer(sheet, stream)
        unfinished.replace(path)
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror}): name another") from None
    finally:
        unfinished.unlink(missing_ok=True)
