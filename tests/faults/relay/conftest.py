"""Members who signed, a relay that takes what they signed, and workers that can be killed.

One Anvil serves all tests of a file: each has members of its own, and a queue of its own.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from faults.award.conftest import KEYS, Town, town
from sqlalchemy import select
from support.killing import finish, start
from support.messages import person, sign, transfer
from support.postgres import postgres, postgres_url

from zegel.chain.connection import Connection
from zegel.chain.messages import Message
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, open_suite
from zegel.relay.queue import open_queue
from zegel.relay.relay import Receipt, Relay
from zegel.relay.schema import messages, outgoing
from zegel.relay.working import Worker

__all__ = ["postgres", "postgres_url", "town"]

# The third of Anvil's accounts and the one after it send; the first two administer.
SENDERS = (
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
    "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
)
assert not set(SENDERS) & set(KEYS)

_SECONDS = 120


@dataclass(frozen=True)
class Traffic:
    """Members who each send one point to a till of their own, and what becomes of it."""

    town: Town
    url: str
    signed: tuple[tuple[Message, bytes], ...]
    log: Path
    node: list[str] = field(default_factory=list)

    def suite(self) -> Suite:
        """The network, reached by a connection of one's own."""
        connection = Connection(self.node[0] if self.node else self.town.anvil.url)
        return open_suite(connection, Book.open(connection, self.town.books))

    def relay(self, **settings: Any) -> Relay:
        suite = self.suite()
        return Relay(suite, open_queue(self.url, suite.connection), **settings)

    def worker(self, keys: tuple[int, ...] = (0,), **settings: Any) -> Worker:
        suite = self.suite()
        senders = [KeySender(suite.connection, Account.from_key(SENDERS[key])) for key in keys]
        settings = {"depth": 0, "window": 4, "lease": 1, "watches": 0, **settings}
        return Worker(suite, open_queue(self.url, suite.connection), senders, **settings)

    def accept(self, relay: Relay | None = None) -> list[Receipt]:
        """Hands all messages in, as wallets do that heard nothing."""
        relay = relay or self.relay()
        return [relay.accept(message, signature) for message, signature in self.signed]

    def accept_elsewhere(self, crash_at: str | None = None) -> int:
        """The same in a process of its own: its exit code, or minus the signal's number."""
        return finish(start(self.accept, self.log, crash_at))

    def work(self, crash_at: str | None = None, **settings: Any) -> int:
        """Works in a process of its own until nothing is left."""
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
            self._work_off(self.worker(**settings))

        return start(act, self.log, crash_at)

    def work_off(self, **settings: Any) -> None:
        """Works here until nothing is left."""
        self._work_off(self.worker(**settings))

    def states(self, relay: Relay | None = None) -> list[str]:
        """The state of every message, in the order in which they were signed."""
        relay = relay or self.relay()
        found = [relay.receipt(name_of(message)) for message, _ in self.signed]
        return [receipt.state if receipt else "unknown" for receipt in found]

    def check(self, **settings: Any) -> None:
        """Every point moved once, and the queue knows where."""
        self.work_off(**settings)
        assert self.states() == ["final"] * len(self.signed)
        token = self.suite().token("SHOP")
        for message, _ in self.signed:
            assert token.functions.balanceOf(message.values["to"]).call() == 1
        with self.relay().queue.reading() as database:
            held = database.execute(select(messages)).all()
            sent = database.execute(select(outgoing)).all()
        eth = token.w3.eth
        for one in held:
            told = eth.get_transaction_receipt(one.transaction)
            assert (told["blockNumber"], told["status"]) == (one.block, 1)
            assert one.charged == told["gasUsed"]
        assert {one.state for one in sent} <= {"final", "replaced"}
        done = [(one.sender, one.nonce) for one in sent if one.state == "final"]
        assert len(done) == len(set(done))
        jobs = [one.job for one in sent if one.state == "final" and one.job is not None]
        assert len(jobs) == len(set(jobs)) == len(self.signed)

    def _work_off(self, worker: Worker) -> None:
        relay, end = self.relay(), time.monotonic() + _SECONDS
        while worker.step() or not set(self.states(relay)) <= {"final", "failed", "unknown"}:
            assert time.monotonic() < end, f"{Counter(self.states())} after {_SECONDS} s"
        worker.leases.resign()


def name_of(message: Message) -> str:
    return "0x" + message.digest().hex()


@pytest.fixture
def traffic(town: Town, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Traffic]:
    """Makes members with a point each, who sign that they send it."""
    name = request.node.nodeid

    def make(count: int = 8, url: str | None = None, amount: int = 1) -> Traffic:
        connection = town.anvil.connection
        suite = open_suite(connection, Book.open(connection, town.books))
        people = [person(f"{name} {number}") for number in range(count)]
        give(suite, people, amount)
        signed = []
        for number, who in enumerate(people):
            till = person(f"{name} till {number}").address
            message = transfer(suite, who, till, 1)
            signed.append((message, sign(who, message)))
        log = tmp_path / "worker.log"
        return Traffic(town, url or f"sqlite:///{tmp_path / 'relay.db'}", tuple(signed), log)

    return make


def give(suite: Suite, people: list[LocalAccount], amount: int) -> None:
    """Awards points of SHOP to people."""
    sender = UnlockedSender(suite.connection, suite.connection.web3.eth.accounts[0])
    words = [int(who.address, 16) << 96 | amount for who in people]
    batch = os.urandom(32)
    sender.send(suite.token("SHOP").functions.awardBatch(batch, words))
