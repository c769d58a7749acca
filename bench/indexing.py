"""Indexing 200,000 awards: how many events a second, and how much memory, beside others.

`python -m bench.indexing` makes the chain, reads it into SQLite and PostgreSQL, and has web3.py and
Ponder read the same. Everyone's rows and balances are compared with what was awarded.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bench import indexing_rivals
from bench.indexing_rivals import Measured, Points, apart
from bench.reporting import postgres
from zegel.chain.anvil import Anvil
from zegel.demo.world import SHOP, World, build
from zegel.errors import ZegelError
from zegel.index import schema
from zegel.index.database import Database
from zegel.index.following import catch_up
from zegel.index.network import About, about

_START = 1_767_225_600
_BATCH = 500
_GAS = 16_000_000
_MEMBERS = 20_000

# Of events a second, and of Ponder's.
_TARGET = 25_000
_TIMES_PONDER = 6


@dataclass(frozen=True)
class Awarded:
    """A chain full of awards, and what was awarded to whom."""

    about: About
    points: Points
    balances: dict[str, int]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.indexing", description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--ours", action="store_true", help="leave the rivals out")
    options = parser.parse_args()
    try:
        return run(options.events, options.ours)
    except ZegelError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1


def run(events: int, only_ours: bool) -> int:
    console = Console(width=None if sys.stdout.isatty() else 120)
    results: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, _chain(Path(folder), events) as awarded:
        url = awarded.points.url
        results.append(apart(_ours, url, awarded.about, str(Path(folder) / "index.db"), "SQLite"))
        with postgres(Path(folder) / "ours") as server:
            results.append(apart(_ours, url, awarded.about, server, "PostgreSQL"))
        if not only_ours:
            results.append(apart(indexing_rivals.web3, awarded.points))
            with postgres(Path(folder) / "ponder") as server:
                results += indexing_rivals.ponder(awarded.points, server, console.print)
        _compare(results, awarded)
    _show(console, results)
    return _judge(console, results)


def _ours(url: str, network: About, database_url: str, kind: str) -> Measured:
    database = Database(database_url)
    start = time.perf_counter()
    catch_up(url, network, database)
    seconds = time.perf_counter() - start
    moved = schema.movements.c
    with database.reading() as connection:
        count, total = connection.execute(
            select(func.count(), func.sum(moved.amount)).where(moved.kind == "awarded")
        ).one()
        balances = {row.member: row.amount for row in connection.execute(select(schema.balances))}
        events = connection.execute(select(func.count()).select_from(schema.events)).scalar_one()
    return Measured(f"Zegel, {kind}", events, seconds, count, int(total), balances)


@contextmanager
def _chain(folder: Path, events: int) -> Iterator[Awarded]:
    """A node with as many awards, 500 in a block."""
    options = ("--gas-limit", "60000000", "--gas-price", "0")
    with Anvil(timestamp=_START, base_fee=0, options=options) as anvil:
        world = build(anvil, folder, lambda _: None)
        balances = _award(anvil, world, events)
        network = about(world.suite)
        token = world.issuers[SHOP].address
        points = Points(anvil.url, token, network.first_block, events, sum(balances.values()))
        yield Awarded(network, points, dict(balances))


def _award(anvil: Anvil, world: World, events: int) -> Counter[str]:
    shop = world.issuers[SHOP]
    balances: Counter[str] = Counter()
    for batch in range(events // _BATCH):
        words = []
        for row in range(_BATCH):
            number = batch * _BATCH + row
            member, amount = 0xA11CE << 100 | number * 7919 % _MEMBERS, 1 + number % 900
            balances[f"0x{member:040x}"] += amount
            words.append(member << 96 | amount)
        data = shop.token.encode_abi("awardBatch", [(batch + 1).to_bytes(32, "big"), words])
        frame = {"from": shop.issuer.address, "to": shop.token.address, "data": data}
        anvil.rpc("eth_sendTransactionSync", {**frame, "gas": hex(_GAS), "gasPrice": "0x0"})
    return balances


def _compare(results: list[Measured], awarded: Awarded) -> None:
    """Everyone must have found every award."""
    for result in results:
        expected = (result.sample or awarded.points.events, awarded.balances)
        found = (result.count, result.balances or awarded.balances)
        if found != expected or (not result.sample and result.total != awarded.points.total):
            raise ZegelError(f"{result.name} found {result.count} awards of {result.total} points")


def _show(console: Console, results: list[Measured]) -> None:
    table = Table(title=f"{results[0].events:,} events, read and compared")
    for heading in ("", "events", "seconds", "events/s", "peak memory, MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for result in results:
        table.add_row(
            result.name,
            f"{result.events:,}",
            f"{result.seconds:.1f}",
            f"{result.rate:,.0f}",
            f"{result.memory / 2**20:,.0f}",
        )
    console.print(table)


def _judge(console: Console, results: list[Measured]) -> int:
    ours, others = results[:2], results[2:]
    bad = [f"{r.name} reads fewer than {_TARGET:,} events/s" for r in ours if r.rate < _TARGET]
    for rival in others:
        if rival.name.startswith("Ponder") and ours[1].rate < _TIMES_PONDER * rival.rate:
            bad.append(f"{ours[1].name} is less than {_TIMES_PONDER} times as fast as Ponder")
    for line in bad:
        console.print(f"too slow: {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
