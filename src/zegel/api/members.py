"""All points of a member at one glance: what can be spent, what is set aside, what expires when."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
from fastapi import APIRouter
from sqlalchemy import bindparam, select
from starlette.responses import Response

from zegel.api.service import Here
from zegel.api.snapshot import Snapshot
from zegel.api.values import Address, Body, Member, Seconds, Units, checksummed, expiry
from zegel.chain.events import ZERO
from zegel.index import schema
from zegel.index.schema import FREE
from zegel.ledger.epochs import Epochs
from zegel.report.figures import Program

router = APIRouter(prefix="/v1", tags=["members"])


class Held(Body):
    """Points set aside for one merchant; for any, where none is named."""

    merchant: Address | None
    amount: Units


class Generation(Body):
    """Points that expire at one second; null for those that never do."""

    amount: Units
    expires: Seconds | None


class Holding(Body):
    """What a member has of one program.

    `balance` has what is set aside with it; `spendable` is what the member can send now: none of a
    frozen member's. `value` is what the issuer's bid makes of the balance, in base units of money.
    """

    token: Address
    balance: Units
    spendable: Units
    held: list[Held]
    frozen: bool
    generations: list[Generation]
    value: Units


class Portfolio(Body):
    """A member's points of all programs after a block."""

    member: Address
    block: int
    time: Seconds
    programs: list[Holding]


@router.get("/members/{address}", response_model=Portfolio)
def member(here: Here, address: Member) -> Response:
    """The points of a member; programs of which there are none are left out."""
    with here.index.reading() as database:
        snapshot = here.snapshots.within(database)
        rows = database.execute(_BALANCES, {"whose": address.lower()}).all()
    by_token: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_token[row[0]].append(row)
    holdings = (
        _holding(snapshot, program, address.lower(), by_token[program.token])
        for program in snapshot.network.programs.values()
        if program.token in by_token
    )
    told = {
        "member": checksummed(address),
        "block": snapshot.head.number,
        "time": snapshot.head.timestamp,
        "programs": [one for one in holdings if one is not None],
    }
    # As `Portfolio` has it, without its checks: wallets ask for this more than for all else.
    return Response(orjson.dumps(told), media_type="application/json")


# Put together once: that takes as long as asking.
_BALANCES = select(
    schema.balances.c.token,
    schema.balances.c.purse,
    schema.balances.c.generation,
    schema.balances.c.amount,
).where(schema.balances.c.member == bindparam("whose"), schema.balances.c.amount > 0)


def _holding(
    snapshot: Snapshot, program: Program, member: str, rows: Sequence[Any]
) -> dict[str, Any] | None:
    """What is alive of a program's points; None if nothing is."""
    purses: dict[str, int] = defaultdict(int)
    lots: dict[int, int] = defaultdict(int)
    for _, purse, generation, amount in rows:
        expires = _expires(program.epochs, generation)
        if expires > snapshot.head.timestamp:
            purses[purse] += amount
            lots[expires] += amount
    balance, free = sum(lots.values()), purses.pop(FREE, 0)
    if not balance:
        return None
    is_frozen = (program.token, member) in snapshot.frozen
    return {
        "token": checksummed(program.token),
        "balance": str(balance),
        "spendable": "0" if is_frozen else str(free),
        "held": [
            {"merchant": merchant_of(purse), "amount": str(n)}
            for purse, n in sorted(purses.items())
        ],
        "frozen": is_frozen,
        "generations": [
            {"amount": str(n), "expires": expiry(expires)} for expires, n in sorted(lots.items())
        ],
        "value": str(snapshot.bid(program, balance)),
    }


@lru_cache(maxsize=4_096)
def _expires(epochs: Epochs, generation: int) -> int:
    """Calendars are slow, and say the same to everyone."""
    return epochs.expiry(generation)


def merchant_of(purse: str) -> str | None:
    """The merchant that may take from a purse; None if any may."""
    owner = purse.partition("@")[0]
    return None if owner == ZERO else checksummed(owner)
