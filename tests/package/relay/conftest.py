"""A relay before the network of these tests, and members with points."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from support.messages import person
from support.postgres import postgres, postgres_url  # noqa: F401 -- fixtures

from zegel.admin.limits import set_budget
from zegel.chain.anvil import Anvil
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.suite import Suite
from zegel.outbox.journal import Journal
from zegel.relay.queue import open_queue
from zegel.relay.relay import Receipt, Relay
from zegel.relay.working import Worker


@pytest.fixture(params=["sqlite", "postgres"])
def queue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty queue's address, once of each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'relay.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def queue(tmp_path: Path, suite: Suite) -> Journal:
    return open_queue(f"sqlite:///{tmp_path / 'relay.db'}", suite.connection)


@pytest.fixture
def relay(suite: Suite, queue: Journal) -> Relay:
    return Relay(suite, queue)


@pytest.fixture
def payer(anvil: Anvil, suite: Suite) -> KeySender:
    """An account with gas money, and nothing else to do with this network."""
    account = person("payer")
    anvil.set_balance(account.address, 10**20)
    return KeySender(suite.connection, account)


@pytest.fixture
def worker(suite: Suite, queue: Journal, payer: KeySender) -> Worker:
    """Blocks are final at once here."""
    return Worker(suite, queue, [payer], depth=0, watches=0)


@pytest.fixture
def until(relay: Relay, worker: Worker) -> Callable[..., Receipt]:
    """Works until a message is in a state: final, unless another one is named."""

    def until(receipt: Receipt, state: str = "final", by: Worker = worker) -> Receipt:
        for _ in range(100):
            by.step()
            found = relay.receipt(receipt.id)
            assert found is not None
            if found.state == state:
                return found
        raise AssertionError(f"{found}, never {state}")

    return until


@pytest.fixture
def shopper() -> LocalAccount:
    return person("shopper")


@pytest.fixture
def give(suite: Suite, issuer: UnlockedSender, awarder: UnlockedSender) -> Callable[..., Any]:
    """Awards points of SHOP."""
    set_budget(suite, issuer, "SHOP", awarder.address, 10**9, 24 * 3600).apply()
    award = suite.token("SHOP").functions.award

    def give(who: LocalAccount, amount: int) -> None:
        awarder.send(award(who.address, amount, b"gift".ljust(32, b"\0")))

    return give
