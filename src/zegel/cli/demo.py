"""The demo: eighteen months of a real record shop."""

from pathlib import Path
from typing import Annotated

import typer

# What the tables need, where no terminal sets the width.
_WIDTH_OF_A_FILE = 120


def demo(
    months: Annotated[
        int | None, typer.Option(min=1, help="How many months to live through; all if left out.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="The purchases, in CDNOW's form; its own if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Chooses what members do.")] = 1997,
    out: Annotated[Path, typer.Option(help="The folder for the reports and the books.")] = Path(
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
