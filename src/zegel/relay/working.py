"""Sends what was accepted, and sees to it that it stays in the chain.

A worker has one key or several, each with its own row of nonces. Any number of workers use one
queue, and each account sends for one of them. Messages of one signer go through one account while
any is on its way, and so in order. What a worker leaves behind that was killed, the others send:
signed bytes need no key.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from eth_utils.address import to_checksum_address
from sqlalchemy import Connection as Database
from sqlalchemy import RowMapping, bindparam, exists, select, update

from zegel.chain.node import Node
from zegel.crashing import crash_point
from zegel.deploy.suite import Suite
from zegel.errors import ChainError, DatabaseFailed, RelayRefused
from zegel.outbox.box import Absent, Moment, Order, Outbox, Patience, Signer
from zegel.outbox.broadcasting import broadcast, mend, nudge
from zegel.outbox.confirming import confirm, watch
from zegel.outbox.journal import Journal
from zegel.outbox.signing import keep, next_nonce, signed
from zegel.relay import queue, states
from zegel.relay.leases import LEASE, Leases
from zegel.relay.limits import Limits
from zegel.relay.outcomes import Outcomes, fail
from zegel.relay.rehearsing import Rehearsal
from zegel.relay.schema import messages, outgoing

# Written down in one change of the database, which others wait for meanwhile.
_TOGETHER = 32

# A message that has waited for so many seconds is played again before it is paid for.
_STALE = 30

# In seconds. What is accepted in the shortest is signed together, and sent in one request: blocks
# take longer, and each message alone would cost twice the work.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 0.25


@dataclass
class Worker:
    """A process that sends.

    `window` is how many transactions of an account may be on their way. Blocks that have `depth`
    others on top of them are final; without a depth the node says which are. Every `watches`
    seconds the chain is asked what it has given up.
    """

    suite: Suite
    queue: Journal
    senders: Sequence[Signer]
    limits: Limits = field(default_factory=Limits)
    depth: int | None = None
    window: int = 64
    patience: Patience = field(default_factory=Patience)
    lease: int = LEASE
    watches: float = 1.0
    now: Callable[[], int] = lambda: int(time.time())
    _troubles: dict[str, str] = field(default_factory=dict)
    _watched: float = 0.0

    def __post_init__(self) -> None:
        self.leases = Leases(self.queue, self.lease, self.now)
        node = Node(self.suite.connection.url)
        self._rehearsal = Rehearsal(node, self.limits.message)
        self._outcomes = Outcomes(self.suite)
        self._boxes = [self._box(sender, node) for sender in self.senders]

    def run(self, stop: Callable[[], bool], tell: Callable[[str], None] = lambda _: None) -> None:
        """Works until it is told to stop. What goes wrong is told once, and tried again."""
        pause = _SHORTEST_PAUSE
        try:
            while not stop():
                moved = self.step(tell)
                pause = _SHORTEST_PAUSE if moved else min(2 * pause, _LONGEST_PAUSE)
                time.sleep(pause)
        finally:
            # Without a database there is nothing to give back.
            with suppress(DatabaseFailed):
                self.leases.resign()

    def step(self, tell: Callable[[str], None] = lambda _: None) -> int:
        """Does what is to be done now. Returns how much of it there was."""
        watches = time.monotonic() - self._watched >= self.watches
        moved = 0
        for box in self._boxes:
            if self.leases.hold(box.account):
                moved += self._tended(box, watches, tell)
        if watches:
            moved += self._adopt(tell)
            self._watched = time.monotonic()
        return moved

    def _box(self, sender: Signer, node: Node) -> Outbox:
        return Outbox(
            self.queue,
            outgoing,
            node,
            sender,
            self._outcomes,
            "relay",
            self.depth,
            self.limits.price,
            self.patience,
            self.now,
        )

    def _tended(self, box: Outbox, watches: bool, tell: Callable[[str], None]) -> int:
        """Tends one account; what keeps it from sending keeps no other one."""
        moved, trouble = 0, None
        for act in (self._sign, _broadcast, confirm):
            try:
                moved += act(box)
            except ChainError as error:
                trouble = str(error)
        try:
            if watches:
                watch(box)
                if not moved and box.count_open():
                    nudge(box)
                mend(box)
        except ChainError as error:
            trouble = str(error)
        self._note(box.account, trouble, tell)
        return moved

    def _note(self, account: str, trouble: str | None, tell: Callable[[str], None]) -> None:
        """Writes down what keeps an account from sending, when that changes."""
        if trouble == self._troubles.get(account):
            return
        self.leases.note(account, trouble)
        tell(trouble or f"[ok] {account} sends again")
        if trouble:
            self._troubles[account] = trouble
        else:
            del self._troubles[account]

    def _sign(self, box: Outbox) -> int:
        """Signs the next messages, as far as there is room for them."""
        room = min(self.window - box.count_open(), _TOGETHER)
        with self.queue.reading() as database:
            waiting = room > 0 and _claimable(database, box.account, room)
        if not waiting:
            return 0
        moment = box.moment()
        price = self.limits.price
        if price is not None and moment.base_fee > price:
            raise ChainError(
                f"the chain asks {moment.base_fee} wei per unit of gas, and this relay pays "
                f"{price} at most: wait, or let it pay more"
            )
        wanted = self._without_hopeless(box, waiting, moment)
        return self._write(box, wanted, moment) if wanted else 0

    def _without_hopeless(
        self, box: Outbox, waiting: Sequence[RowMapping], moment: Moment
    ) -> list[RowMapping]:
        """Gives up what has ended, or would be refused by now; returns the others."""
        left = []
        for message in waiting:
            trouble = None
            ends = message["valid_before"]
            if ends is not None and ends <= moment.time:
                trouble = f"it ended at {ends}, before it could be sent"
            elif self.now() - message["accepted"] >= _STALE:
                trouble = self._refusal(box, message, moment)
            if trouble:
                with self.queue.writing() as database:
                    fail(database, message["number"], trouble)
            else:
                left.append(message)
        return left

    def _refusal(self, box: Outbox, message: RowMapping, moment: Moment) -> str | None:
        with self.queue.reading() as database:
            before = queue.earlier(database, message["signer"], message["number"])
        target = message["target"]
        contract = self._outcomes.contract(target)
        try:
            self._rehearsal.gas(
                box.account, contract, target, message["data"], before, moment.time + 1
            )
        except RelayRefused as refused:
            return refused.detail
        return None

    def _write(self, box: Outbox, wanted: Sequence[RowMapping], moment: Moment) -> int:
        """Signs, while nobody waits for it, and writes down what nobody else has taken since."""
        with self.queue.reading() as database:
            first = next_nonce(box, database, moment)
        orders = [Order(one["number"], one["target"], one["data"], one["gas"]) for one in wanted]
        box.check_money(orders, moment)
        rows = signed(box, orders, first, moment)
        numbers = [order.job for order in orders]
        with self.queue.writing() as database:
            found = _claimable(database, box.account, len(wanted))
            same = [one["number"] for one in found] == numbers
            if not same or next_nonce(box, database, moment) != first:
                # Another worker was faster: the next round sees what is left.
                return 0
            database.execute(
                update(messages).where(messages.c.number.in_(numbers)).values(sender=box.account)
            )
            keep(box, database, rows)
            crash_point("relay.signing")
        crash_point("relay.signed")
        return len(wanted)

    def _adopt(self, tell: Callable[[str], None]) -> int:
        """Sends and confirms what was signed by workers that are no more."""
        moved = 0
        own = {box.account for box in self._boxes}
        for account in self.leases.orphans():
            if account in own:
                continue
            absent = Absent(self.suite.connection, to_checksum_address(account))
            box = self._box(absent, self._rehearsal.node)
            if not box.count_open():
                # What stands in blocks already may still be given up.
                with suppress(ChainError):
                    watch(box)
                continue
            try:
                moved += _broadcast(box) + confirm(box)
                watch(box)
            except ChainError as error:
                tell(f"{account}, whose worker is gone: {error}")
        return moved


def _broadcast(box: Outbox) -> int:
    broadcast(box)
    return 0


def _claimable(database: Database, account: str, room: int) -> list[RowMapping]:
    """The next messages that an account may send."""
    asked = {"account": account, "room": room}
    return list(database.execute(_CLAIMABLE, asked).mappings())


# Put together once: that takes as long as asking.
_other = messages.alias("other")
_CLAIMABLE = (
    select(messages)
    .where(
        messages.c.state == states.ACCEPTED,
        messages.c.sender.is_(None),
        ~exists(
            select(_other.c.number).where(
                _other.c.signer == messages.c.signer,
                _other.c.state.in_(states.OPEN),
                _other.c.sender.is_not(None),
                _other.c.sender != bindparam("account"),
            )
        ),
    )
    .order_by(messages.c.number)
    .limit(bindparam("room"))
)
