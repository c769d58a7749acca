"""Programs with who is behind them: verified issuers, prices, pictures; and a token list."""

import time
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from zegel.admin.suspensions import SUSPENDED
from zegel.api.service import Here, Service
from zegel.api.snapshot import Snapshot
from zegel.api.standing import Moment, Standing
from zegel.api.values import Address, Body, Seconds, Token, Units, checksummed, expiry
from zegel.report.figures import Program
from zegel.web.problems import documented

router = APIRouter(prefix="/v1", tags=["programs"])


class Scheduled(Body):
    """Prices that come into force by themselves."""

    bid: Units
    ask: Units
    since: Seconds


class ProgramBody(Body):
    """A program.

    Prices are trillionths of money a point, money and points are in base units. `verified` says
    that a verifier vouches for the issuer now; only then are legal name, LEI, domain and terms
    told. `image` is a data: URI whose type was checked, or an https address. Points live for
    `lifetime` epochs of `monthsPerEpoch` months; with 0 months for ever.
    """

    token: Address
    symbol: str
    name: str
    decimals: int
    issuer: Address
    legal_name: str | None
    lei: str | None
    domain: str | None
    terms_hash: str | None
    verified: bool
    valid_until: Seconds | None
    suspended: bool
    paused: bool
    exchange_on: bool
    transferable: bool
    top_up: bool
    cash_out: bool
    carries_expiry: bool
    bid: Units
    ask: Units
    scheduled: Scheduled | None
    account: Units
    version: int
    supply: Units
    months_per_epoch: int
    lifetime: int
    created: Seconds
    next_expiry: Seconds | None
    image: str | None
    description: str | None
    link: str | None


@router.get("/programs")
def programs(here: Here) -> list[ProgramBody]:
    """All programs, by symbol."""
    snapshot = here.snapshots.current()
    return program_bodies(here, snapshot, list(snapshot.network.programs.values()))


@router.get("/programs/{token}", responses=documented(404))
def program(here: Here, token: Token) -> ProgramBody:
    """One program, by the address of its token."""
    snapshot = here.snapshots.current()
    (found,) = program_bodies(here, snapshot, [snapshot.program(token)])
    return found


def program_bodies(
    here: Service, snapshot: Snapshot, wanted: Sequence[Program]
) -> list[ProgramBody]:
    return [
        _body(
            found,
            snapshot,
            here.programs.standing(snapshot, found.token),
            here.programs.moment(snapshot, found.token),
        )
        for found in wanted
    ]


def _body(found: Program, snapshot: Snapshot, standing: Standing, now: Moment) -> ProgramBody:
    is_verified = standing.accredited
    bid, ask, since = now.next_prices
    epochs = found.epochs
    current = epochs.at(snapshot.head.timestamp)
    return ProgramBody(
        token=checksummed(found.token),
        symbol=found.symbol,
        name=found.name,
        decimals=found.decimals,
        issuer=checksummed(snapshot.network.issuers[found.token]),
        legal_name=standing.legal_name if is_verified else None,
        lei=standing.lei if is_verified else None,
        domain=standing.domain if is_verified else None,
        terms_hash="0x" + standing.terms.hex() if is_verified and any(standing.terms) else None,
        verified=is_verified,
        valid_until=standing.valid_until if is_verified else None,
        suspended=bool(now.flags & SUSPENDED),
        paused=now.paused,
        exchange_on=now.exchange_on,
        transferable=standing.transferable,
        top_up=standing.top_up,
        cash_out=standing.cash_out,
        carries_expiry=standing.carries_expiry,
        bid=str(now.bid),
        ask=str(now.ask),
        scheduled=Scheduled(bid=str(bid), ask=str(ask), since=since) if since else None,
        account=str(now.account),
        version=now.version,
        supply=str(now.supply),
        months_per_epoch=epochs.months,
        lifetime=epochs.lifetime,
        created=epochs.created,
        next_expiry=expiry(epochs.expiry(max(1, current - epochs.lifetime + 1))),
        image=standing.about.image,
        description=standing.about.description,
        link=standing.about.link,
    )


@router.get("/tokenlist.json")
def token_list(here: Here) -> dict[str, Any]:
    """Verified programs, as wallets read lists of tokens."""
    snapshot = here.snapshots.current()
    verified = [one for one in programs(here) if one.verified and not one.suspended]
    moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(snapshot.head.timestamp))
    return {
        "name": "Zegel programs",
        "timestamp": moment,
        "version": {"major": 1, "minor": len(verified), "patch": 0},
        "keywords": ["loyalty", "points"],
        "tokens": [_listed(one, here.connection.chain_id) for one in verified],
    }


def _listed(one: ProgramBody, chain_id: int) -> dict[str, Any]:
    """Names and symbols are bounded by the schema; pictures must be addresses, data: among them."""
    found: dict[str, Any] = {
        "chainId": chain_id,
        "address": one.token,
        "name": one.name[:60] or one.symbol,
        "symbol": one.symbol[:20],
        "decimals": one.decimals,
    }
    return found | ({"logoURI": one.image} if one.image else {})
