"""What happened to a member's points, newest first, page by page.

An entry is what one event did to the member in one program. Points are gone at the second at which
they expire, whether anyone has announced it or not: such entries follow from the calendar, and have
no transaction.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from sqlalchemy import Connection, and_, func, not_, or_, select

from zegel.api.members import merchant_of
from zegel.api.service import Here
from zegel.api.snapshot import Snapshot
from zegel.api.values import Address, Body, Hash, Member, Seconds, Units, checksummed
from zegel.award.rows import unpacked_text
from zegel.index import schema
from zegel.index.schema import FREE
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1", tags=["members"])

# Where an entry stands: time, block, log, kind, token. Later is more.
Key = tuple[int, int, int, str, str]

_MOST_EVENTS = 200
# Beyond SQLite's and PostgreSQL's whole numbers nothing can stand.
_MOST = 2**63 - 1


class Conversion(Body):
    """What the other side of a conversion was: `amount` points of `token` for `value` of money."""

    token: Address
    amount: Units
    value: Units
    fee: Units
    versions: list[int]


class EntryBody(Body):
    """One movement of a member's points.

    `kind` is awarded, guaranteed, refunded, claimed, received, sent, recovered, redeemed,
    converted in, converted out, corrected, held, released, paid or expired. `amount` is what the
    member has more by it, and less if it is below zero; points that are only set aside change
    nothing, and are told by `aside`. `other` is the member, the merchant or the program on the
    other side. `reference` is the awarder's or the shop's own number, as text where it is one.
    """

    id: str
    kind: str
    token: Address
    amount: Units
    aside: Units | None = None
    other: Address | None = None
    reference: str | None = None
    conversion: Conversion | None = None
    transaction: Hash | None
    block: int | None
    time: Seconds


class HistoryBody(Body):
    """Entries, newest first; `next` is `before` of the page behind them."""

    entries: list[EntryBody]
    next: str | None


@dataclass(frozen=True)
class Found:
    """An entry with its place, and whose it is: in lower case."""

    key: Key
    member: str
    body: EntryBody


@router.get("/members/{address}/history", responses=documented(400))
def history(
    here: Here,
    address: Member,
    before: Annotated[str | None, Query(max_length=400, description="`next` of a page.")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_EVENTS)] = 50,
) -> HistoryBody:
    """What happened to a member's points, newest first."""
    bound = _key(before) if before else None
    with here.index.reading() as database:
        snapshot = here.snapshots.within(database)
        found = _page(database, snapshot, address.lower(), bound, limit)
    page, rest = found[:limit], found[limit:]
    return HistoryBody(
        entries=[one.body for one in page], next=cursor(page[-1].key) if rest else None
    )


def _page(
    database: Connection, snapshot: Snapshot, member: str, bound: Key | None, limit: int
) -> list[Found]:
    """At least one entry more than the page has, if there are as many."""
    moved = list(_moved(database, member, bound, limit))
    lost = _lost(database, snapshot, member)
    found = sorted((*moved, *lost), key=lambda one: one.key, reverse=True)
    if len(moved) > limit:
        # Behind the last of these there may be more that were not read.
        found = [one for one in found if one.key >= moved[limit].key]
    return [one for one in found if bound is None or one.key < bound]


def _moved(database: Connection, member: str, bound: Key | None, limit: int) -> Iterator[Found]:
    m = schema.movements.c
    places = (
        select(m.block, m.log)
        .where(m.member == member, _counts())
        .distinct()
        .order_by(m.block.desc(), m.log.desc())
        .limit(limit + 2)
    )
    if bound is not None:
        time, block, log, *_ = bound
        # An expiry stands in no block: what is older than its second comes behind it.
        behind = (
            m.timestamp <= time
            if block < 0
            else or_(m.block < block, and_(m.block == block, m.log <= log))
        )
        places = places.where(behind)
    wanted = places.subquery()
    yield from entries(database, m.member == member, wanted, bound)


def entries(
    database: Connection, of_whom: Any, places: Any = None, bound: Key | None = None
) -> Iterator[Found]:
    """The entries of some members: at some places, or wherever they are; newest first."""
    m, e, c = schema.movements, schema.events, schema.conversions
    rows = (
        select(m, e.c.transaction, c.c.source, c.c.target, c.c.amount.label("given"), c.c.out)
        .add_columns(c.c.value, c.c.fee, c.c.source_version, c.c.target_version)
        .join(e, and_(e.c.block == m.c.block, e.c.log == m.c.log))
        .outerjoin(c, and_(c.c.block == m.c.block, c.c.transaction == e.c.transaction))
        .where(of_whom, _counts())
        .order_by(m.c.block.desc(), m.c.log.desc(), m.c.kind.desc(), m.c.token.desc(), m.c.member)
    )
    if places is not None:
        at = and_(places.c.block == m.c.block, places.c.log == m.c.log)
        rows = rows.join(places, at)
    for key, some in groupby(database.execute(rows), _place):
        if bound is None or key[0] < bound:
            yield Found(*key, _entry(key[0], list(some)))


def _counts() -> Any:
    """Whether a movement is told: the calendar tells expiries, and what a member takes back from a
    purse is told where it leaves the purse."""
    m = schema.movements.c
    is_return = and_(m.kind == "released", m.purse == FREE, m.other == m.member)
    return and_(m.kind != "expired", not_(is_return))


def _place(row: Any) -> tuple[Key, str]:
    return (row.timestamp, row.block, row.log, row.kind, row.token), row.member


def _entry(key: Key, rows: Sequence[Any]) -> EntryBody:
    first, seen = rows[0], set()
    amount = aside = 0
    for row in rows:
        # A transaction may hold several conversions; each lot counts once.
        if row.lot not in seen:
            seen.add(row.lot)
            amount += row.amount
            aside += row.amount if row.purse != FREE else 0
    if first.kind == "released" and first.other == first.member:
        amount = 0
    return EntryBody(
        id=cursor(key),
        kind=first.kind,
        token=checksummed(first.token),
        amount=str(amount),
        aside=str(aside) if aside else None,
        other=_other(rows),
        reference=shown_reference(first.ref),
        conversion=_conversion(rows) if first.kind.startswith("converted") else None,
        transaction=first.transaction,
        block=first.block,
        time=first.timestamp,
    )


def _other(rows: Sequence[Any]) -> str | None:
    purse = next((row.purse for row in rows if row.purse != FREE), None)
    if purse is not None:
        return merchant_of(purse)
    other = rows[0].other
    return checksummed(other) if other else None


def _conversion(rows: Iterable[Any]) -> Conversion | None:
    for row in rows:
        is_out = row.kind == "converted out"
        side, other = (row.source, row.target) if is_out else (row.target, row.source)
        if side == row.token and other == row.other:
            return Conversion(
                token=checksummed(other),
                amount=str(row.out if is_out else row.given),
                value=str(row.value),
                fee=str(row.fee),
                versions=[row.source_version, row.target_version],
            )
    return None


def _lost(database: Connection, snapshot: Snapshot, member: str) -> Iterator[Found]:
    """What expired by now: what was left of each generation at its end."""
    m = schema.movements.c
    rows = database.execute(
        select(m.token, m.generation, func.sum(m.amount))
        .where(m.member == member, m.kind != "expired")
        .group_by(m.token, m.generation)
    )
    sums: dict[tuple[str, int], int] = {(token, g): int(total) for token, g, total in rows}
    for (token, generation), amount in sums.items():
        expires = snapshot.network.programs[token].epochs.expiry(generation)
        if amount and expires <= snapshot.head.timestamp:
            key = (expires, -1, generation, "expired", token)
            yield Found(key, member, _expired(key, amount))


def _expired(key: Key, amount: int) -> EntryBody:
    return EntryBody(
        id=cursor(key),
        kind="expired",
        token=checksummed(key[4]),
        amount=str(-amount),
        transaction=None,
        block=None,
        time=key[0],
    )


def shown_reference(ref: str | None) -> str | None:
    """A reference as text, where it is text; None if there is none."""
    if not ref or not int(ref, 16):
        return None
    return unpacked_text(bytes.fromhex(ref[2:]))


def cursor(key: Key) -> str:
    """A place as text that stands in addresses."""
    return urlsafe_b64encode(orjson.dumps(key)).rstrip(b"=").decode()


def _key(text: str) -> Key:
    try:
        told = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        time, block, log, kind, token = told
        numbers = time, block, log
        is_key = all(type(n) is int and -1 <= n <= _MOST for n in numbers)
        if not is_key or not isinstance(kind, str) or not isinstance(token, str):
            raise ValueError
    except (Error, ValueError, TypeError):
        raise Problem(
            400, "cursor-unknown", f"before: {text[:40]!r} is no `next` of a page: leave it out"
        ) from None
    return time, block, log, kind, token
