"""Accepts signed messages: checks them, plays them, charges them, and puts them into the queue.

It needs no key, and whatever it takes was signed by somebody: all that it can do wrong is to do
nothing, or to pay too much gas, and that is bounded. Cheap checks come first. What was accepted
stands in the database before anybody hears of it; workers (`zegel.relay.working`) send it.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from zegel.chain import passkeys
from zegel.chain.messages import Message
from zegel.chain.node import Node, Question
from zegel.chain.raw import view_request
from zegel.chain.signatures import KEY_LENGTH, signer_of
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import RelayRefused
from zegel.outbox.journal import Journal
from zegel.relay import limits, queue, returning, states
from zegel.relay.calls import Call, call_of
from zegel.relay.clock import ChainClock
from zegel.relay.entering import Entrance, Entry
from zegel.relay.fields import checked, message_from, signature_from
from zegel.relay.limits import Limits
from zegel.relay.network import Network
from zegel.relay.reasons import ENDED, INVALID_SIGNATURE
from zegel.relay.rehearsing import Rehearsal
from zegel.relay.returning import Purse
from zegel.relay.schema import messages, senders

__all__ = ["Receipt", "Relay", "message_from"]

# What is on its way of a signer, in its order.
Earlier = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Receipt:
    """What became of a message: `id` is its hash (EIP-712), `state` one of `zegel.relay.states`.

    `transaction` carries it, or carried it into `block`; `reason` is why it failed. The first
    receipt of all `is_new`.
    """

    id: str
    state: str
    transaction: str | None
    block: int | None
    reason: str | None
    is_new: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Change:
    """A message whose state changed, at a moment in milliseconds, and whose it is."""

    moment: int
    signer: str
    receipt: Receipt


@dataclass
class Relay:
    """Takes messages for the programs of one suite. Any number of threads may use it."""

    suite: Suite
    queue: Journal
    limits: Limits = field(default_factory=Limits)
    now: Callable[[], int] = lambda: int(time.time())
    _local: threading.local = field(default_factory=threading.local, repr=False)

    def __post_init__(self) -> None:
        self._entrance = Entrance(self.queue, self.limits)
        self._payer: str | None = None
        self._network = Network(self.suite)
        self._clock = ChainClock(self.suite.connection)

    def accept(
        self, message: Message, signature: bytes, beside: Mapping[str, Any] | None = None
    ) -> Receipt:
        """Puts a message into the queue; the same message again gives the same answer.

        `beside` is what its call needs beside it: `row` and `proof` of a ClaimTo, `operator` and
        `signatures` of a Settlement, `verifier` of an IssuerCredential. Raises `RelayRefused`.
        """
        message, signature = checked(message), signature_from(signature)
        call = call_of(self._network, message, signature, beside or {})
        limits.check_size(call.data)
        digest = message.digest()
        name = "0x" + digest.hex()
        moment = self.now()
        known, before = self._standing(name, call, moment)
        if known is not None:
            return known
        self._check_time(call)
        self._check_signer(call, digest, signature)
        return self._entered(name, message.type, call, moment, before)

    def give_back(self, purse: Purse) -> Receipt:
        """Puts the return of a purse into the queue whose wait is over. Raises `RelayRefused`."""
        call = returning.call_of(self.suite, purse)
        moment = self.now()
        for name in returning.names_of(self.suite, purse):
            known, before = self._standing(name, call, moment)
            found = known or self._entered(name, returning.KIND, call, moment, before)
            if found.state != states.FAILED:
                break
        return found

    def _standing(self, name: str, call: Call, moment: int) -> tuple[Receipt | None, Earlier]:
        """What became of a call that is known, or else what is on its way before it; raises
        `RelayRefused` if a limit is used up."""
        signer = call.signer.lower()
        with self.queue.reading() as database:
            found = queue.find(database, name)
            if found is not None:
                return _receipt(found), []
            limits.check(database, self.limits, signer, call.program.lower(), moment)
            before = queue.earlier(database, signer)
            limits.check_room(self.limits, queue.waiting(database), len(before))
            return None, before

    def _entered(self, name: str, kind: str, call: Call, moment: int, before: Earlier) -> Receipt:
        """The receipt of a call that was played, and stands in the queue."""
        gas = self._rehearsal.gas(
            self._sender(),
            call.contract,
            call.target,
            call.data,
            before,
            self._clock.moment(),
            self._holding(call),
        )
        if self._entrance.enter(Entry(name, kind, call, gas, moment)):
            return Receipt(name, states.ACCEPTED, None, None, None, is_new=True)
        # Somebody else was faster.
        known = self.receipt(name)
        assert known is not None
        return known

    def receipt(self, name: str) -> Receipt | None:
        """What became of a message, by its hash; None if it was never accepted."""
        with self.queue.reading() as database:
            found = queue.find(database, name.lower())
        return None if found is None else _receipt(found)

    def changes(self, since: int, most: int = 500) -> list[Change]:
        """What changed at a moment (in milliseconds) or later, in order.

        Several processes write: whoever follows asks from a second before the last answer, and
        leaves out what it knows.
        """
        question = (
            queue.with_transactions()
            .where(messages.c.changed >= since)
            .order_by(messages.c.changed, messages.c.number)
            .limit(most)
        )
        with self.queue.reading() as database:
            return [
                Change(one["changed"], one["signer"], _receipt(one))
                for one in database.execute(question).mappings()
            ]

    @property
    def _rehearsal(self) -> Rehearsal:
        """One for each thread, with a connection of its own."""
        found: Rehearsal | None = getattr(self._local, "rehearsal", None)
        if found is None:
            node = Node(self.suite.connection.url)
            found = self._local.rehearsal = Rehearsal(node, self.limits.message)
        return found

    def _check_time(self, call: Call) -> None:
        moment = self._clock.moment()
        if call.valid_before is not None and call.valid_before <= moment:
            raise RelayRefused(
                ENDED, f"it ended at {call.valid_before}, and it is {moment} now: sign another one"
            )

    def _check_signer(self, call: Call, digest: bytes, signature: bytes) -> None:
        """Refuses a signature of no key and no passkey, unless the signer is a contract, which may
        take anything."""
        if len(signature) == KEY_LENGTH:
            signer = signer_of(digest, signature)
            good = signer == call.signer
            wrong = f"is {signer}'s" if signer else "is malformed, or has its s in the upper half"
        else:
            good = passkeys.is_valid(call.signer, digest, signature)
            wrong = f"has {len(signature)} bytes, and is no passkey's for this message"
        if good or self._rehearsal.node.ask("eth_getCode", call.signer, "latest") != "0x":
            return
        raise RelayRefused(
            INVALID_SIGNATURE,
            f"the signature {wrong}: let {call.signer} sign the message",
            field="signature",
        )

    def _holding(self, call: Call) -> Question | None:
        """The question for the points of a signer who must have some."""
        if not call.needs_points:
            return None
        token = self.suite.connection.contract("PointToken", call.program)
        return view_request(token, "balanceOf", call.signer, at="latest")

    def _sender(self) -> str:
        """Who would send it; nobody before the first worker has begun."""
        if self._payer is None:
            with self.queue.reading() as database:
                self._payer = database.scalar(select(senders.c.address).limit(1))
        return self._payer or NOBODY


def _receipt(row: Any) -> Receipt:
    return Receipt(row["id"], row["state"], row["carrier"], row["block"], row["trouble"])
