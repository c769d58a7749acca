"""For merchants: their tills, the vouchers settled in their name, and what they brought."""

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Select, and_, select

from zegel.api.service import Here
from zegel.api.session import SignedIn
from zegel.api.values import Address, Body, Seconds, Units, checksummed
from zegel.index import schema
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1/merchant", tags=["merchants"])

_MOST = 500
_DAY = 86_400


class TillBody(Body):
    """A till, since when, and whether it was revoked."""

    till: Address
    registered: Seconds
    revoked: bool


class MerchantBody(Body):
    """A merchant, with its tills."""

    merchant: Address
    name: str
    tills: list[TillBody]


class VoucherBody(Body):
    """A voucher that was settled: out of the purse, out of the guarantee, and what was not paid."""

    token: Address
    member: Address
    till: Address
    serial: Units
    amount: Units
    guaranteed: Units
    unpaid: Units
    transaction: str
    block: int
    time: Seconds


class SettledBody(Body):
    """What was settled on a day (UTC) in points of one program."""

    day: Seconds
    token: Address
    vouchers: int
    amount: Units
    guaranteed: Units
    unpaid: Units


@router.get("", responses=documented(401, 403))
def merchant(here: Here, account: SignedIn) -> MerchantBody:
    """Who the merchant is, and its tills."""
    events, blocks = schema.events.c, schema.blocks.c
    name = here.suite.registry.functions.merchantName(account).call()
    if not name:
        raise Problem(403, "no-merchant", f"{account} is no merchant: sign in as one that is")
    tills: dict[str, tuple[int, bool]] = {}
    with here.index.reading() as database:
        rows = database.execute(
            select(events.name, events.arguments, blocks.timestamp)
            .join(schema.blocks, blocks.number == events.block)
            .where(
                events.kind == "IssuerRegistry",
                events.name.in_(("TillRegistered", "TillRevoked")),
            )
            .order_by(events.block, events.log)
        )
        for event, told, timestamp in rows:
            if told["merchant"].lower() == account.lower():
                since = tills.get(told["till"], (timestamp, False))[0]
                tills[told["till"]] = since, event == "TillRevoked"
    return MerchantBody(
        merchant=account,
        name=name,
        tills=[
            TillBody(till=checksummed(till), registered=since, revoked=revoked)
            for till, (since, revoked) in tills.items()
        ],
    )


@router.get("/vouchers", responses=documented(401))
def vouchers(
    here: Here, account: SignedIn, limit: Annotated[int, Query(ge=1, le=_MOST)] = 100
) -> list[VoucherBody]:
    """The vouchers that were settled in the account's name, newest first."""
    v = schema.vouchers.c
    with here.index.reading() as database:
        rows = database.execute(
            _settled(account).order_by(v.block.desc(), v.log.desc()).limit(limit)
        ).all()
    return [
        VoucherBody(
            token=checksummed(row.token),
            member=checksummed(row.member),
            till=checksummed(row.till),
            serial=str(row.serial),
            amount=str(row.amount),
            guaranteed=str(row.guaranteed),
            unpaid=str(row.unpaid),
            transaction=row.transaction,
            block=row.block,
            time=row.timestamp,
        )
        for row in rows
    ]


@router.get("/settlements", responses=documented(401))
def settlements(
    here: Here, account: SignedIn, days: Annotated[int, Query(ge=1, le=366)] = 31
) -> list[SettledBody]:
    """What was settled day by day, newest first."""
    with here.index.reading() as database:
        now = here.snapshots.within(database).head.timestamp
        since = (now // _DAY - days + 1) * _DAY
        rows = database.execute(_settled(account).where(schema.blocks.c.timestamp >= since)).all()
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        found = sums[row.timestamp // _DAY * _DAY, row.token]
        for place, value in enumerate((1, row.amount, row.guaranteed, row.unpaid)):
            found[place] += value
    return [
        SettledBody(
            day=day,
            token=checksummed(token),
            vouchers=count,
            amount=str(amount),
            guaranteed=str(guaranteed),
            unpaid=str(unpaid),
        )
        for (day, token), (count, amount, guaranteed, unpaid) in sorted(sums.items(), reverse=True)
    ]


def _settled(merchant: str) -> Select[Any]:
    v, e, b = schema.vouchers, schema.events, schema.blocks
    return (
        select(v, e.c.transaction, b.c.timestamp)
        .join(e, and_(e.c.block == v.c.block, e.c.log == v.c.log))
        .join(b, b.c.number == v.c.block)
        .where(v.c.merchant == merchant.lower())
    )
