"""How commands answer: a table for people, JSON for programs, on stdout; all else on stderr."""

import sys

from zegel.report.render import render
from zegel.report.sheet import Sheet


def show(sheet: Sheet, as_json: bool) -> None:
    render(sheet, "json" if as_json else "table", sys.stdout)


def tell(line: str) -> None:
    """What people read while it goes on."""
    print(line, file=sys.stderr)
