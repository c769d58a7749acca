"""Merchants with tills on the chain of these tests, and members that pay there."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress
from support.passkeys import Passkey

from zegel.admin import merchants, offline
from zegel.admin.inputs import word
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.sending import Sender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import NOBODY, Suite, open_suite
from zegel.till.accepting import accept
from zegel.till.asking import ask
from zegel.till.opening import Rules, Till, open_till
from zegel.till.requests import Request
from zegel.till.sales import Place, Sale
from zegel.till.vouchers import Answer, digest_of

# More than any test pays.
ENOUGH = 10**6


@dataclass(frozen=True)
class Shops:
    """A network on which shops take SHOP and AIR points."""

    anvil: Anvil
    suite: Suite
    book: Book
    actor: Callable[[str], UnlockedSender]
    folder: Path
    _registered: set[str] = field(default_factory=set)

    def token(self, symbol: str = "SHOP") -> ChecksumAddress:
        return self.suite.token(symbol).address

    @property
    def window(self) -> int:
        return int(self.suite.desk.functions.offlineWindow().call())

    def shop(self, merchant: str, till: str) -> "Shop":
        """A merchant's till, by the names of two actors."""
        owner, device = self.actor(merchant), self.actor(till)
        if merchant not in self._registered:
            operator = self.actor("operator")
            merchants.register(self.suite, operator, owner.address, "Shop").apply()
            self._registered.add(merchant)
        merchants.register_till(self.suite, owner, device.address).apply()
        return Shop(self, owner, device, self.folder / till)

    def guarantee(self, per_member: int, *shops: "Shop", limit: int) -> None:
        """Guarantees for ten shared purses, and gives merchants a limit each."""
        issuer = self.actor("issuer")
        offline.set_guarantee(self.suite, issuer, "SHOP", per_member, 10).apply()
        for shop in shops:
            offline.set_limit(self.suite, issuer, "SHOP", shop.merchant.address, limit).apply()

    def set_aside(
        self, who: Any, amount: int, merchant: str = NOBODY, symbol: str = "SHOP"
    ) -> None:
        """Awards points to a member, who sets them aside."""
        token = self.suite.token(symbol)
        awarder = self.actor("awarder" if symbol == "SHOP" else "issuer")
        awarder.send(token.functions.award(who.address, amount, word("a test")))
        self.sender(who).send(self.suite.desk.functions.hold(token.address, merchant, amount))

    def sender(self, who: Any) -> Sender:
        """Who sends for a member: with a passkey it would be a relayer."""
        if not isinstance(who, Passkey):
            return who
        self.anvil.rpc("anvil_impersonateAccount", who.address)
        self.anvil.set_balance(who.address, 10**18)
        return UnlockedSender(self.suite.connection, who.address)

    def balance(self, who: Any, symbol: str = "SHOP") -> int:
        return int(self.suite.token(symbol).functions.balanceOf(who.address).call())

    def again(self) -> "Shops":
        """The same over a connection of its own, for another process."""
        connection = Connection(self.anvil.url)
        suite = open_suite(connection, self.book)
        return Shops(self.anvil, suite, self.book, self.actor, self.folder)


@dataclass(frozen=True)
class Shop:
    """One till of a merchant."""

    shops: Shops
    merchant: UnlockedSender
    device: UnlockedSender
    folder: Path

    @property
    def place(self) -> Place:
        suite = self.shops.suite
        return Place(
            suite.connection.chain_id,
            suite.desk.address,
            self.merchant.address,
            self.device.address,
        )

    @contextmanager
    def open(self, **rules: Any) -> Iterator[Till]:
        """The till, whose clock is the chain's."""
        limits = {self.shops.token(symbol): ENOUGH for symbol in ("SHOP", "AIR")}
        chosen = Rules(**{"floor_limits": limits, "total_limits": limits, **rules})
        clock = self.shops.suite.connection.timestamp
        with open_till(self.folder, self.place, chosen, clock) as till:
            yield till


def killed_at(point: str, work: Callable[[], Any]) -> bool:
    """Does some work in a process that is killed at a point; whether it was."""
    worker = os.fork()
    if not worker:
        try:
            os.environ["ZEGEL_CRASH_AT"] = point
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(worker, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def answered(who: Any, request: Request) -> Answer:
    """What a member's phone answers, be it one with a key or with a passkey."""
    if isinstance(who, Passkey):
        signature = who.sign(digest_of(request, who.address))
    else:
        signature = who.sign(request.message(who.address))
    return Answer(request.serial, who.address, signature)


def pay(till: Till, who: Any, amount: int, token: ChecksumAddress, *, shared: bool = False) -> Sale:
    return accept(till, answered(who, ask(till, token, amount, shared=shared)))
