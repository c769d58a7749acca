"""A table for the terminal."""

import io
import shutil
from typing import BinaryIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from zegel.report.cells import plain
from zegel.report.sheet import Sheet, shown


def write(sheet: Sheet, stream: BinaryIO) -> None:
    """As wide as the terminal."""
    out = io.StringIO()
    width = shutil.get_terminal_size((120, 40)).columns
    show(sheet, Console(file=out, width=width, no_color=True))
    stream.write(out.getvalue().encode())


def show(sheet: Sheet, console: Console) -> None:
    """Prints a sheet. Nothing in it is taken for markup."""
    table = Table(
        title=Text(plain(sheet.title)),
        title_justify="left",
        title_style="bold",
        header_style="bold",
    )
    for column in sheet.columns:
        table.add_column(
            Text(column.heading),
            justify="right" if column.kind == "number" else "left",
            overflow="fold",
        )
    for row in sheet.rows:
        table.add_row(*(Text(shown(cell)) for cell in row))
    console.print(table)
    for note in sheet.notes:
        console.print(Text(plain(note)))
