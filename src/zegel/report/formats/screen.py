"""A table for the terminal."""

import io
import shutil
from typing import BinaryIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from zegel.report.cells import plain
from zegel.report.sheet import Sheet, shown

_ENDLESS = 100_000
_AN_ADDRESS = 42


def write(sheet: Sheet, stream: BinaryIO) -> None:
    """As wide as the terminal, or wider where numbers and times would be broken."""
    out = io.StringIO()
    width = shutil.get_terminal_size((120, 40)).columns
    table = _table(sheet)
    # What it needs is asked where there is no end of room.
    console = Console(file=out, width=_ENDLESS, no_color=True)
    if console.measure(table).maximum > width:
        for column in table.columns:
            column.max_width = None if column.no_wrap else _AN_ADDRESS
    console.width = max(width, console.measure(table).maximum)
    _print(table, sheet, console)
    stream.write(out.getvalue().encode())


def show(sheet: Sheet, console: Console) -> None:
    """Prints a sheet on a console that is there."""
    _print(_table(sheet), sheet, console)


def _table(sheet: Sheet) -> Table:
    """Nothing in a sheet is taken for markup."""
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
            no_wrap=column.kind != "text",
        )
    for row in sheet.rows:
        table.add_row(*(Text(shown(cell)) for cell in row))
    return table


def _print(table: Table, sheet: Sheet, console: Console) -> None:
    console.print(table)
    for note in sheet.notes:
        console.print(Text(plain(note)))
