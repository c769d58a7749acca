"""Measures the gas of every operation, compares it, and fails when it is over its budget."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from zegel_env import ROOT

from bench import artifacts, compiler, ours, report, rivals
from bench.chain import Chain
from bench.comparison import (
    RESULTS,
    Results,
    compare,
    read_budgets,
    renewed,
    write_budgets,
    write_json,
)
from zegel.errors import ZegelError

README = ROOT / "README.md"
# Where the output is no terminal, nothing is cut to fit one.
WIDTH = 150


def main() -> int:
    options = parse()
    try:
        return run(options)
    except ZegelError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--ours", action="store_true", help="leave the rivals out; write nothing")
    parser.add_argument(
        "--artifacts",
        type=Path,
        metavar="FILE",
        help="measure other builds of our contracts, and write nothing: "
        "a JSON object of `abi` and `bytecode` by name",
    )
    parser.add_argument("--floors", action="store_true", help="show what the floors consist of")
    parser.add_argument("--write-readme", action="store_true", help="put the table into the README")
    parser.add_argument(
        "--write-budgets",
        action="store_true",
        help="let the budgets that are no targets follow this run",
    )
    return parser.parse_args()


def run(options: argparse.Namespace) -> int:
    contracts = artifacts.read(options.artifacts) if options.artifacts else artifacts.packaged()
    ways = {} if options.ours else compiler.rivals()
    with Chain() as chain:
        figures, sizes = ours.measure(chain, contracts)
        theirs = rivals.measure(chain, ways)
    budgets = read_budgets()
    results = compare(figures, sizes, theirs, budgets)
    if options.write_budgets:
        budgets = renewed(budgets, results)
        write_budgets(budgets)
        results = compare(figures, sizes, theirs, budgets)

    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    if options.floors:
        report.show_floors(console, {key: sent.data for key, sent in figures.items()})
    report.show(console, results, before())
    if not options.ours and not options.artifacts:
        write(results, options.write_readme)
    return fail(results)


def before() -> dict[str, int]:
    """Our figures in the results that are there."""
    if not RESULTS.exists():
        return {}
    operations = json.loads(RESULTS.read_text())["gas"]
    return {key: each["ours"] for key, each in operations.items()}


def write(results: Results, into_readme: bool) -> None:
    write_json(results.as_json(), RESULTS)
    table = report.markdown(results)
    if into_readme:
        report.update_readme(README, table)
    elif not report.is_up_to_date(README, table):
        print("The README's table is out of date: `python -m bench --write-readme` renews it.")


def fail(results: Results) -> int:
    """The exit code, and on stderr what is over its budget."""
    excesses = list(results.excesses())
    for excess in excesses:
        print(f"bench: {excess}", file=sys.stderr)
    return 1 if excesses else 0


if __name__ == "__main__":
    sys.exit(main())
