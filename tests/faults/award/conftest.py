"""A network whose shop awards files, and workers that can be killed.

One Anvil serves all tests: each has a program's points to itself, refs of its own and a journal of
its own, and looks at what was awarded meanwhile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from sqlalchemy import select
from support.killing import finish, start
from support.postgres import postgres, postgres_url  # noqa: F401 -- fixtures

from zegel.admin.network import plan_issuers, plan_program
from zegel.admin.programs import create_program
from zegel.admin.state import State, load
from zegel.award import awarding
from zegel.award.journal import open_journal
from zegel.award.office import Office
from zegel.award.schema import batches, outgoing
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import deploy_suite, open_suite

# Anvil's first two accounts.
KEYS = (
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
)
# 1 January 2026, so that no test depends on the day on which it runs.
START = 1_767_225_600


@dataclass(frozen=True)
class Town:
    """A network on one Anvil."""

    anvil: Anvil
    books: Path

    def office(self, journal: str, key: int = 0, **settings: Any) -> Office:
        """An office with connections of its own."""
        connection = Connection(self.anvil.url)
        suite = open_suite(connection, Book.open(connection, self.books))
        sender = KeySender(connection, Account.from_key(KEYS[key]))
        settings = {"depth": 0, "batch_rows": 3, **settings}
        return Office(suite, sender, "SHOP", open_journal(journal, connection), **settings)


# A node for each file: Anvil forgets blocks after very many changes of mind.
@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Anvil(timestamp=START) as anvil:
        folder = tmp_path_factory.mktemp("town")
        admin, other = anvil.connection.web3.eth.accounts[:2]
        sender = UnlockedSender(anvil.connection, admin)
        state = settings(folder / "network.toml", admin, other)
        book = Book.open(anvil.connection, folder)
        suite = deploy_suite(anvil.connection, sender, state.suite, book)
        plan_issuers(sender, lambda: suite.registry, state).apply()
        for program in state.programs.values():
            create_program(suite, sender, program.settings, book).apply()
            plan_program(suite, sender, program).apply()
        yield Town(anvil, folder)


def settings(path: Path, admin: str, other: str) -> State:
    path.write_text(f"""
[suite]
admin_delay = 3600

[issuers."{admin}"]
legal_name = "Corner Shop B.V."
lei = "9999ZEGELSHOP0000131"
domain = "shop.example"
terms = "terms of 2026"
valid_until = 2028-12-31T00:00:00Z

[programs.SHOP]
name = "Corner Shop"
decimals = 2
months_per_epoch = 3
lifetime = 4
admin_delay = 3600
roles = {{ guardian = ["{admin}"], corrector = ["{admin}"] }}
budgets = {{ "{admin}" = {{ limit = "10000000" }}, "{other}" = {{ limit = "10000000" }} }}
""")
    return load(path)


@dataclass(frozen=True)
class Job:
    """A file of awards, and what it should come to."""

    town: Town
    path: Path
    journal: str
    count: int
    before: int
    first_block: int

    def office(self, **settings: Any) -> Office:
        return self.town.office(self.journal, **settings)

    def work(self, crash_at: str | None = None, **settings: Any) -> int:
        """Runs the file in a process of its own: its exit code, or minus the signal's number."""
        return finish(self.start(crash_at, **settings))

    def start(
        self,
        crash_at: str | None = None,
        first: Callable[[], None] = lambda: None,
        **settings: Any,
    ) -> int:
        """Starts a worker, which does something first; returns the number of its process."""

        def act() -> None:
            first()
            awarding.run(self.office(**settings), self.path)

        return start(act, self.path.with_name("worker.log"), crash_at)

    def check(self) -> None:
        """Every award is on the chain once, and the journal knows where."""
        office = self.office()
        status = awarding.run(office, self.path)
        assert (status.rows, status.troubles) == ({"final": self.count}, ())
        assert supply(self.town) - self.before == 100 * self.count
        with office.journal.reading() as database:
            held = database.execute(select(batches)).mappings().all()
            sent = database.execute(select(outgoing)).mappings().all()
        told = office.contract.events.BatchAwarded().get_logs(from_block=self.first_block)
        places = {
            (
                "0x" + one["args"]["batchId"].hex(),
                one["transactionHash"].to_0x_hex(),
                one["blockNumber"],
                one["blockHash"].to_0x_hex(),
            )
            for one in told
        }
        assert len(told) == len(held)
        assert places == {
            (one["root"], one["transaction"], one["block"], one["block_hash"]) for one in held
        }
        assert {one["state"] for one in sent} <= {"final", "lost", "replaced"}
        done = [one["nonce"] for one in sent if one["state"] == "final"]
        assert len(done) == len(set(done))


@pytest.fixture
def job(town: Town, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Job]:
    """Makes a file of awards of one point each."""
    name = abs(hash(request.node.nodeid)) % 10**9

    def make(count: int = 12, journal: str | None = None) -> Job:
        path = tmp_path / "awards.csv"
        lines = [f"0x{n + 1:040x},1,{name}-{n},gift" for n in range(count)]
        path.write_text("\n".join(["member,amount,ref,reason", *lines]) + "\n")
        return Job(
            town,
            path,
            journal or f"sqlite:///{tmp_path / 'journal.db'}",
            count,
            supply(town),
            town.anvil.connection.web3.eth.block_number + 1,
        )

    return make


def supply(town: Town) -> int:
    connection = town.anvil.connection
    suite = open_suite(connection, Book.open(connection, town.books))
    return int(suite.token("SHOP").functions.totalSupply().call())
