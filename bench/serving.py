"""How fast the API answers: portfolios of fifty programs, with a hundred thousand members indexed.

    .venv/bin/python -m bench.serving

The index is filled with rows as the follower would write them; the answers come from a server in a
process of its own over HTTP on this machine, asked by some callers at a time. Anvil has the suite
and no programs: portfolios come from the index alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import requests
from rich.console import Console
from rich.table import Table as Shown
from sqlalchemy import insert, text

from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import SuiteSettings, deploy_suite
from zegel.index import schema
from zegel.index.database import Database
from zegel.index.network import about

MEMBERS = 100_000
PROGRAMS = 50
# How many members have all programs; the others have three.
RICH = 2_000

START = 1_767_225_600
TARGET_MS = 50.0


def main() -> int:
    options = parse()
    with tempfile.TemporaryDirectory() as name, Anvil(START, base_fee=0) as anvil:
        folder = Path(name)
        connection = anvil.connection
        sender = UnlockedSender(connection, connection.web3.eth.accounts[0])
        suite = deploy_suite(
            connection, sender, SuiteSettings(), Book.open(connection, folder / "deployments")
        )
        database = Database(str(folder / "index.db"))
        database.prepare(about(suite))
        fill(database)
        port = 20_000 + connection.web3.eth.block_number % 1_000 + options.port
        with served(anvil, folder, port) as url:
            times = measured(url, options.calls, options.callers)
    return told(times, options.callers)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--callers", type=int, default=os.cpu_count() or 1, help="at a time")
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args()


def fill(database: Database) -> None:
    """Programs, prices, and the balances of all members."""
    with database.writing() as connection:
        block = {"number": 1, "hash": f"0x{1:064x}", "parent": f"0x{0:064x}", "timestamp": START}
        connection.execute(insert(schema.blocks).values(**block))
        connection.execute(insert(schema.programs), list(programs()))
        connection.execute(insert(schema.prices), list(prices()))
        connection.execute(insert(schema.balances), list(balances()))
        for index in schema.INDEXES:
            connection.execute(text(index))


def programs() -> Iterator[dict[str, object]]:
    for number in range(PROGRAMS):
        yield {
            "block": 1,
            "log": number,
            "token": token(number),
            "issuer": member(number),
            "exchange": member(1),
            "desk": member(2),
            "symbol": f"P{number:02}",
            "name": f"Program {number}",
            "decimals": 2,
            "months_per_epoch": 3,
            "lifetime": 4,
            "created": START - 300 * 86_400,
        }


def prices() -> Iterator[dict[str, object]]:
    for number in range(PROGRAMS):
        yield {
            "block": 1,
            "log": PROGRAMS + number,
            "program": token(number),
            "partner": None,
            "version": 1,
            "bid": 8 * 10**9,
            "ask": 10**10,
            "closed": 0,
            "since": START - 1,
            "until": None,
        }


def balances() -> Iterator[dict[str, object]]:
    chance = Random(1)
    for number in range(MEMBERS):
        held = range(PROGRAMS) if number < RICH else chance.sample(range(PROGRAMS), 3)
        for program in held:
            for generation in (2, 3):
                yield {
                    "token": token(program),
                    "member": member(number),
                    "purse": "",
                    "generation": generation,
                    "amount": chance.randrange(1, 100_000),
                }


class served:  # noqa: N801 -- read as a word: with served(…)
    """The API in a process of its own."""

    def __init__(self, anvil: Anvil, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        program = "from zegel.cli import main; main()"
        options = ["--rpc", anvil.url, "--deployments", str(folder / "deployments")]
        command = [sys.executable, "-c", program, *options, "--index", str(folder / "index.db")]
        self._command = [*command, "serve", "--port", str(port), "--no-limits"]
        self._log = folder / "api.log"

    def __enter__(self) -> str:
        self._process = subprocess.Popen(self._command, stderr=self._log.open("w"))
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                requests.get(f"{self.url}/health", timeout=1)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return self.url
        raise SystemExit(f"the API did not start: {self._log.read_text()}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def measured(url: str, calls: int, callers: int) -> list[float]:
    """The seconds of each call, the first ones left out."""

    def some(seed: int) -> list[float]:
        chance, times = Random(seed), []
        with requests.Session() as session:
            for number in range(calls // callers + 20):
                address = f"{url}/v1/members/{member(chance.randrange(RICH))}"
                begun = time.perf_counter()
                answer = session.get(address, timeout=10)
                seconds = time.perf_counter() - begun
                if number >= 20:
                    times.append(seconds)
                assert len(answer.json()["programs"]) == PROGRAMS, answer.text
        return times

    with ThreadPoolExecutor(callers) as pool:
        return sorted(one for times in pool.map(some, range(callers)) for one in times)


def told(times: list[float], callers: int) -> int:
    def at(share: float) -> float:
        return 1_000 * times[min(len(times) - 1, int(share * len(times)))]

    table = Shown(title=f"Portfolios of {PROGRAMS} programs, {MEMBERS:,} members indexed")
    for column in ("callers", "calls", "median", "p99", "slowest"):
        table.add_column(column, justify="right")
    figures = (f"{at(share):.1f} ms" for share in (0.5, 0.99, 1))
    table.add_row(str(callers), f"{len(times):,}", *figures)
    Console().print(table)
    if at(0.99) > TARGET_MS:
        print(f"p99 is {at(0.99):.1f} ms, over {TARGET_MS:.0f} ms", file=sys.stderr)
        return 1
    return 0


def token(number: int) -> str:
    return f"0x{0x7000 + number:040x}"


def member(number: int) -> str:
    return f"0x{0x1_0000_0000 + number:040x}"


if __name__ == "__main__":
    sys.exit(main())
