"""Shows results: to people on a terminal, and in the README."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.comparison import Results, Row, size_budget
from bench.operations import OPERATIONS
from bench.rivals import CITED, RIVALS
from bench.schedule import CODE_LIMIT, transaction
from zegel.errors import ConfigError

BEGIN = "<!-- gas:begin -->"
END = "<!-- gas:end -->"

# In a cell without a figure.
NOTHING = "-"


def show(console: Console, results: Results, before: dict[str, int]) -> None:
    """Prints all figures.

    Args:
        before: Our figures in bench/gas.json, by operation, to show what has changed since.
    """
    table = Table(title="Gas", title_justify="left")
    table.add_column("operation")
    for heading in ("ours", "change"):
        table.add_column(heading, justify="right")
    table.add_column("best rival")
    for heading in ("gas", "ratio", "floor", "budget"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for row in results.rows:
        verdict = "[green]ok" if row.is_within else "[red]over"
        table.add_row(row.title, number(row.ours), change(row, before), *compared(row), verdict)
    console.print(table)
    show_sizes(console, results)


def show_sizes(console: Console, results: Results) -> None:
    table = Table(title=f"Bytes of code, of {CODE_LIMIT:,}", title_justify="left")
    table.add_column("contract")
    for heading in ("ours", "budget"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for name, size in results.sizes.items():
        verdict = "[green]ok" if size <= size_budget(name) else "[red]over"
        table.add_row(name, number(size), number(size_budget(name)), verdict)
    console.print(table)


def show_floors(console: Console, calldata: dict[str, bytes]) -> None:
    """Prints the terms of every floor."""
    for operation in OPERATIONS:
        if not operation.terms:
            continue
        table = Table(title=operation.title, title_justify="left")
        table.add_column("needs")
        for heading in ("times", "gas each", "gas"):
            table.add_column(heading, justify="right")
        for term in (*transaction(calldata[operation.key]), *operation.terms):
            table.add_row(term.name, number(term.times), number(term.gas), number(term.total))
        console.print(table)


def markdown(results: Results) -> str:
    """The table of the README."""
    return "\n".join((*gas_lines(results), "", *note_lines(results), "", *size_lines(results)))


def gas_lines(results: Results) -> Iterator[str]:
    yield "| operation | gas | best rival | its gas | ratio | floor | budget |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: |"
    for row in results.rows:
        cells = (row.title, number(row.ours), *compared(row))
        yield f"| {' | '.join(cells)} |"


def note_lines(results: Results) -> Iterator[str]:
    """What must be known of the rivals in the table, and figures that are not of this run."""
    best = {row.best_rival[0] for row in results.rows if row.best_rival}
    for rival in RIVALS:
        if rival.name in best:
            yield f"- *{rival.name}*: {rival.lacks}"
    titles = {operation.key: operation.title for operation in OPERATIONS}
    for cited in CITED:
        yield (
            f"- Measured apart, for no package registry has it: *{cited.name}*, "
            f"{number(cited.gas)} for a {titles[cited.operation]} ({cited.source})."
        )


def size_lines(results: Results) -> Iterator[str]:
    sizes = ", ".join(f"{name} {number(size)}" for name, size in results.sizes.items())
    yield f"Bytes of code, of at most {number(CODE_LIMIT)}: {sizes}."


def update_readme(path: Path, table: str) -> None:
    path.write_text(with_table(path.read_text(), table))


def is_up_to_date(path: Path, table: str) -> bool:
    return f"{BEGIN}\n{table}\n{END}" in path.read_text()


def with_table(text: str, table: str) -> str:
    """A text with the table between its two markers."""
    begin, end = text.find(BEGIN), text.find(END)
    if not 0 <= begin < end:
        raise ConfigError(f"the README has no place for the table: put {BEGIN} and {END} there")
    return f"{text[:begin]}{BEGIN}\n{table}\n{text[end:]}"


def compared(row: Row) -> tuple[str, str, str, str, str]:
    """The cells that all tables have after our own figure."""
    name, gas = row.best_rival or (NOTHING, None)
    ratio = f"{row.ratio:.2f}" if row.ratio else NOTHING
    budget = row.budget.gas if row.budget else None
    return name, number(gas), ratio, number(row.floor), number(budget)


def change(row: Row, before: dict[str, int]) -> str:
    difference = row.ours - before.get(row.key, row.ours)
    return f"{difference:+,}" if difference else ""


def number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"
