"""A file of a hundred thousand awards, from the first byte to the last block.

`python -m bench.awarding` awards it on an Anvil of its own, says how long each step takes, on the
clock and of this process's own processor time, and fails when the whole takes too long.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_account import Account
from rich.console import Console
from rich.table import Table

from bench.people import account
from zegel.admin import limits
from zegel.admin.credentials import Identity, accredit
from zegel.admin.programs import ProgramSettings, create_program
from zegel.award import awarding
from zegel.award.batches import cut
from zegel.award.entering import enter
from zegel.award.files import read_file
from zegel.award.journal import open_journal
from zegel.award.merkle import MerkleTree, leaf
from zegel.award.office import Office
from zegel.chain.anvil import Anvil
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import SuiteSettings, deploy_suite

AWARDS = 100_000
SECONDS = 60.0
# Anvil's first account.
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"


class Steps:
    """How long each step took."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, float, float]] = []

    @contextmanager
    def step(self, name: str, count: int) -> Iterator[None]:
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self.rows.append(
            (name, count, time.perf_counter() - clock, time.process_time() - processor)
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.awarding", description=__doc__)
    parser.add_argument("--awards", type=int, default=AWARDS, help="how many")
    parser.add_argument("--journal", default="", help="a database's URL in place of SQLite")
    options = parser.parse_args()
    steps = Steps()
    with Anvil() as anvil, tempfile.TemporaryDirectory() as folder:
        whole = measure(steps, anvil, Path(folder), options.awards, options.journal)
    show(steps)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"signed, sent and confirmed in {whole:.1f} s; at most {peak:,} MiB")
    if whole > SECONDS * options.awards / AWARDS:
        print(f"bench: {whole:.1f} s are over the {SECONDS:.0f} s for {AWARDS:,}", file=sys.stderr)
        return 1
    return 0


def measure(steps: Steps, anvil: Anvil, folder: Path, count: int, journal: str) -> float:
    """Does all steps; returns the seconds from the first signature to the last block."""
    office = office_on(anvil, folder, journal or f"sqlite:///{folder / 'journal.db'}")
    path = folder / "awards.csv"
    path.write_text(
        "member,amount,ref,reason\n"
        + "".join(f"{account(f'member {n}')},{n % 50 + 1}.25,r-{n},gift\n" for n in range(count))
    )
    with steps.step("read and check the file", count):
        awards = [row.award for row in read_file(path, office.decimals).rows]
    with steps.step("plan it", count):
        awarding.plan(office, path)
    with steps.step("cut it into batches with their trees", count):
        assert all(batch.id for batch in cut(awards))
    with steps.step("one tree over all", count):
        assert MerkleTree(map(leaf, awards)).root
    with steps.step("read and enter it into the journal", count):
        enter(office, path)
    begin = time.perf_counter()
    with steps.step("sign, send and confirm", count):
        status = awarding.run(office)
    whole = time.perf_counter() - begin
    total = sum(award.amount for award in awards)
    assert status.points == office.contract.functions.totalSupply().call() == total
    with steps.step("run it once more", count):
        awarding.run(office, path)
    return whole


def office_on(anvil: Anvil, folder: Path, journal: str) -> Office:
    """A program on a new chain, whose admin awards."""
    connection = anvil.connection
    sender = UnlockedSender(connection, connection.web3.eth.accounts[0])
    book = Book.open(connection, folder)
    suite = deploy_suite(connection, sender, SuiteSettings(), book)
    identity = Identity("Bench B.V.", "9999ZEGELSHOP0000131", "bench.example", b"x" * 32)
    accredit(sender, lambda: suite.registry, sender.address, identity).apply()
    create_program(suite, sender, ProgramSettings("Bench", "BENCH", decimals=2), book).apply()
    limits.set_budget(suite, sender, "BENCH", sender.address, 10**15, 24 * 3600).apply()
    own = KeySender(connection, Account.from_key(KEY))
    return Office(suite, own, "BENCH", open_journal(journal, connection))


def show(steps: Steps) -> None:
    table = Table(title="A file of awards", title_justify="left")
    table.add_column("step")
    for heading in ("seconds", "of our processor", "awards/s"):
        table.add_column(heading, justify="right")
    for name, count, clock, processor in steps.rows:
        table.add_row(name, f"{clock:.2f}", f"{processor:.2f}", f"{count / clock:,.0f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    sys.exit(main())
