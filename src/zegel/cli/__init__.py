"""The `zegel` command: parses, calls the library, prints.

Modules of the library are imported by the command that needs them, so that `zegel --help` is there
at once.
"""

import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from zegel.errors import ZegelError

# What the tables need, where no terminal sets the width.
_WIDTH_OF_A_FILE = 120

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Loyalty points on Ethereum.",
)


def main() -> None:
    """Runs the command line: 0 if all is well, 1 if not, 2 if it was not understood."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except ZegelError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _stop(*_: object) -> NoReturn:
    """Ends as Ctrl-C does, so that what was started is stopped."""
    raise KeyboardInterrupt


def _show_version(wanted: bool) -> None:
    if wanted:
        from zegel import __version__

        print(f"zegel {__version__}")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Loyalty points on Ethereum."""


@app.command(epilog="Example: zegel demo --months 6 --out reports/half-year")
def demo(
    months: Annotated[
        int | None, typer.Option(min=1, help="How many months to live through; all if left out.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="The purchases, in CDNOW's form; its own if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Chooses what members do.")] = 1997,
    out: Annotated[Path, typer.Option(help="The folder for report.json and report.html.")] = Path(
        "reports/demo"
    ),
) -> None:
    """Live through eighteen months of a real record shop on a chain of its own.

    Every purchase is awarded, members redeem, send and convert their points, and at the end every
    figure is checked against the file and the chain.
    """
    from rich.console import Console

    from zegel.demo.session import Settings, run_demo

    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_FILE
    report = run_demo(Settings(out, file, months, seed), console)
    if not report.ok:
        raise typer.Exit(1)
