"""The demo from end to end: a chain of its own, the months, the report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zegel.chain.anvil import Anvil
from zegel.demo import run
from zegel.demo.books import write_books
from zegel.demo.purchases import Purchase, find_file, read_purchases
from zegel.demo.world import SHOP, build
from zegel.errors import FileError
from zegel.report.compile import Report, compile_report
from zegel.report.data import as_data
from zegel.report.page import as_page
from zegel.report.tables import show
from zegel.report.text import amount

TITLE = "Points of a record shop and its partners"


@dataclass(frozen=True)
class Settings:
    """What the demo is run with; without a file, the one that comes with Zegel.

    `months` leaves out what comes after the first months.
    """

    out: Path
    file: Path | None = None
    months: int | None = None
    seed: int = 1997


def run_demo(settings: Settings, console: Console) -> Report:
    """Runs the demo, shows the report and writes it to a folder."""
    path = settings.file or find_file()
    purchases = run.first_months(read_purchases(path), settings.months)
    _check_folder(settings.out)
    report, transactions, books = _lived_through(purchases, settings, console)

    notes = (*_notes(path, purchases), f"Members and issuers sent {transactions:,} transactions.")
    show(report, console)
    written = (*_write(report, notes, settings.out), *books)
    console.print()
    for note in notes:
        console.print(note, highlight=False)
    for file in written:
        console.print(f"written: {file}", highlight=False, soft_wrap=True)
    return report


def _lived_through(
    purchases: Sequence[Purchase], settings: Settings, console: Console
) -> tuple[Report, int, list[Path]]:
    """The report, the number of transactions, and the files that were made from the index."""
    awards = sum(bool(purchase.cents) for purchase in purchases)
    bar = Progress(
        TextColumn("{task.description:<46}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("awards"),
        TimeElapsedColumn(),
        console=console,
    )
    start = run.start_of(purchases)
    with (
        bar,
        Anvil(start, base_fee=0, options=run.ANVIL_OPTIONS) as anvil,
        TemporaryDirectory() as folder,
    ):
        task = bar.add_task("Deploying the suite", total=awards)

        def built(step: str) -> None:
            bar.update(task, description=step[:46])

        def lived(progress: run.Progress) -> None:
            month = f"{progress.month:%B %Y}, {progress.transactions:,} transactions"
            bar.update(task, description=month, completed=progress.awards)

        world = build(anvil, Path(folder), built)
        life = run.live(anvil, world, purchases, settings.seed, lived)
        bar.update(task, description="Reconciling")
        report = compile_report(
            world.suite,
            life.block,
            life.evidence,
            life.batches,
            settings.seed,
        )
        bar.update(task, description="Writing the books")
        books, found = write_books(world.suite, report, SHOP, settings.out)
        report = replace(report, checks=(*report.checks, *found))
        bar.update(task, description="Reconciled")
    return report, life.transactions, books


def _notes(path: Path, purchases: Sequence[Purchase]) -> tuple[str, ...]:
    empty = sum(not purchase.cents for purchase in purchases)
    customers = len({purchase.customer for purchase in purchases})
    dollars = amount(sum(purchase.cents for purchase in purchases), 2)
    distinct = len({(p.customer, p.day, p.discs, p.cents) for p in purchases})
    return (
        f"{path.name}: {len(purchases):,} purchases of {customers:,} customers for {dollars} "
        "dollars; a point for each dollar.",
        f"{empty:,} purchases of 0 dollars earned nothing; {len(purchases) - distinct:,} equal "
        "another one, and are real.",
    )


def _check_folder(out: Path) -> None:
    """Refuses a folder that cannot be written before the work begins."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").touch()
    except OSError as error:
        raise FileError(out, f"cannot be written ({error.strerror}): name another --out") from None


def _write(report: Report, notes: Sequence[str], out: Path) -> tuple[Path, Path]:
    data, page = out / "report.json", out / "report.html"
    data.write_bytes(
        orjson.dumps(as_data(report, TITLE, notes), option=orjson.OPT_INDENT_2) + b"\n"
    )
    page.write_text(as_page(report, TITLE, notes))
    return data, page
