"""Tells webhooks what happens: into the outbox with each block, and out of it until it is taken.

The outbox moves on with the block that it has read, in one transaction, so that nothing is left
out; a movement has one delivery, whoever writes it and however often. What is not taken is tried
again, later and later; after the last time the webhook is disabled, and its owner makes a new one.
Several processes may deliver: each takes what is due by putting it off first. Webhooks do not wait
for each other.
"""

import hmac
import logging
import random
import threading
import time
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from zegel.api.addressing import SECONDS_IN_ALL, NotDelivered, post
from zegel.api.history import Found, entries
from zegel.api.service import Service
from zegel.api.snapshot import Head, has_block, read_head
from zegel.api.store import deliveries, place, webhooks
from zegel.api.values import checksummed
from zegel.crashing import crash_point
from zegel.errors import ConfigError, ZegelError
from zegel.index import schema
from zegel.web.problems import Problem

log = logging.getLogger("zegel.api")

# When it is tried again, in seconds: for three days in all.
PAUSES = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)

PREFIX = "whsec_"

_PAUSE = 0.5
_BLOCKS_AT_ONCE = 500
_WEBHOOKS_AT_ONCE = 16
_OF_EACH = 5
# Longer than the attempts for one webhook take.
_LEASE = _OF_EACH * SECONDS_IN_ALL + 20
# Deeper than public chains go back, but for faults of a kind that stops everyone.
_REORG = 64


def signed(secret: str, name: str, moment: int, body: bytes) -> str:
    """The signature of a delivery, as Standard Webhooks has it."""
    key = b64decode(secret.removeprefix(PREFIX))
    content = b"%s.%d.%s" % (name.encode(), moment, body)
    return "v1," + b64encode(hmac.new(key, content, sha256).digest()).decode()


@dataclass
class Deliverer:
    """Fills the outbox and empties it, in a thread of its own."""

    service: Service
    now: Callable[[], int] = lambda: int(time.time())
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_PAUSE):
            try:
                while self.collect() or self.deliver():
                    if self._stopped.is_set():
                        return
            except (ZegelError, Problem) as error:
                log.warning("webhooks wait", extra={"told": {"trouble": str(error)}})
            except Exception:
                log.exception("webhooks failed")

    def collect(self) -> bool:
        """Puts into the outbox what blocks brought; whether there are more of them."""
        with self.service.index.reading() as database:
            head = read_head(database)
            with self.service.store.database.writing() as store:
                behind = self._behind(store, database, head)
                if behind >= head.number:
                    return False
                last = min(head.number, behind + _BLOCKS_AT_ONCE)
                hooks = store.execute(select(webhooks).where(webhooks.c.disabled.is_(None))).all()
                if hooks:
                    self._write(store, database, hooks, behind, last)
                blocks = schema.blocks.c
                name = database.scalar(select(blocks.hash).where(blocks.number == last))
                store.execute(update(place).values(block=last, hash=name))
                crash_point("webhooks.collected")
        return last < head.number

    def deliver(self) -> bool:
        """Tries what is due; whether anything was."""
        by_webhook: dict[str, list[Any]] = defaultdict(list)
        for one in self._take():
            by_webhook[one.webhook].append(one)
        with ThreadPoolExecutor(_WEBHOOKS_AT_ONCE, "webhooks") as pool:
            for done in [pool.submit(self._deliver, some) for some in by_webhook.values()]:
                done.result()
        return bool(by_webhook)

    def _take(self) -> Sequence[Any]:
        """What is due, some for each webhook, put off for as long as the attempts may take."""
        now = self.now()
        is_due = deliveries.c.due <= now
        place_of = func.row_number().over(
            partition_by=deliveries.c.webhook, order_by=deliveries.c.due
        )
        ranked = (
            select(deliveries.c.id, place_of.label("place"))
            .join(webhooks, webhooks.c.id == deliveries.c.webhook)
            .where(is_due, webhooks.c.disabled.is_(None))
            .subquery()
        )
        chosen = (
            select(ranked.c.id)
            .where(ranked.c.place <= _OF_EACH)
            .order_by(ranked.c.place)
            .limit(_WEBHOOKS_AT_ONCE * _OF_EACH)
        )
        with self.service.store.database.writing() as store:
            taken = store.execute(
                select(deliveries, webhooks.c.url, webhooks.c.secret)
                .join(webhooks, webhooks.c.id == deliveries.c.webhook)
                .where(deliveries.c.id.in_(chosen), is_due)
                .order_by(deliveries.c.due)
                .with_for_update(of=deliveries, skip_locked=True)
            ).all()
            names = [one.id for one in taken]
            store.execute(
                update(deliveries).where(deliveries.c.id.in_(names)).values(due=now + _LEASE)
            )
        return taken

    def _deliver(self, due: Sequence[Any]) -> None:
        """Tries what is due for one webhook, until it does not take something: the rest is put off
        already."""
        for one in due:
            if self._stopped.is_set() or not self._is_taken(one):
                return

    def _is_taken(self, one: Any) -> bool:
        name, body = one.id.partition(".")[2], one.body.encode()
        moment = self.now()
        headers = {
            "content-type": "application/json",
            "user-agent": "Zegel",
            "webhook-id": name,
            "webhook-timestamp": str(moment),
            "webhook-signature": signed(one.secret, name, moment, body),
        }
        trouble = None
        try:
            post(one.url, body, headers, private=self.service.settings.private_webhooks)
            crash_point("webhooks.delivered")
        except (NotDelivered, ConfigError) as error:
            trouble = str(error)
        with self.service.store.database.writing() as store:
            if trouble is None:
                store.execute(delete(deliveries).where(deliveries.c.id == one.id))
            else:
                self._put_off(store, one, trouble)
        return trouble is None

    def _put_off(self, store: Connection, one: Any, trouble: str) -> None:
        if one.attempts >= len(PAUSES):
            disabled = update(webhooks).where(webhooks.c.id == one.webhook)
            store.execute(disabled.values(disabled=self.now()))
            return
        pause = int(PAUSES[one.attempts] * random.uniform(1, 1.2))
        store.execute(
            update(deliveries)
            .where(deliveries.c.id == one.id)
            .values(attempts=one.attempts + 1, due=self.now() + pause, trouble=trouble[:500])
        )

    def _behind(self, store: Connection, database: Connection, head: Head) -> int:
        """The last block that was read. What comes first is told from now on; where the chain gave
        blocks up, what took their place is told too."""
        row = store.execute(select(place)).one_or_none()
        if row is None:
            store.execute(insert(place).values(block=head.number, hash=head.hash))
            return head.number
        known = Head(row.block, row.hash, 0)
        if has_block(database, known):
            return int(row.block)
        return min(int(row.block), head.number) - _REORG

    def _write(
        self, store: Connection, database: Connection, hooks: Any, behind: int, last: int
    ) -> None:
        m = schema.movements.c
        wanted = [
            m.token == hook.token if hook.token else m.member == hook.member for hook in hooks
        ]
        found = entries(database, (m.block > behind) & (m.block <= last) & or_(*wanted))
        now = self.now()
        for entry in reversed(list(found)):
            for hook in hooks:
                if _concerns(hook, entry):
                    self._add(store, hook, entry, now)

    def _add(self, store: Connection, hook: Any, entry: Found, now: int) -> None:
        """One delivery for an entry, also if it was written before."""
        # Where the chain gave a block up, another transaction may stand in its place.
        transaction = (entry.body.transaction or "")[2:18]
        name = f"{hook.id}.{entry.member[2:]}.{entry.body.id}.{transaction}"
        if store.scalar(select(deliveries.c.id).where(deliveries.c.id == name)) is not None:
            return
        body = payload(entry)
        store.execute(
            insert(deliveries).values(id=name, webhook=hook.id, body=body, attempts=0, due=now)
        )


def payload(entry: Found) -> str:
    """What a webhook is told: the type, the time, and the entry as the history has it."""
    told: Mapping[str, Any] = entry.body.model_dump(by_alias=True)
    return orjson.dumps(
        {
            "type": "movement." + entry.body.kind.replace(" ", "_"),
            "timestamp": entry.body.time,
            "data": {"member": checksummed(entry.member), **told},
        }
    ).decode()


def _concerns(hook: Any, entry: Found) -> bool:
    about = entry.key[4] == hook.token if hook.token else entry.member == hook.member
    kinds = hook.kinds.split(",") if hook.kinds else ()
    return about and (not kinds or entry.body.kind in kinds)
