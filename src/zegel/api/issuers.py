"""For issuers: their programs, what they owe, how that came about, who their partners are.

Whoever has a role in a program, or a budget to award its points, may see its figures.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection, or_, select

from zegel.api.powers import check_power, powers
from zegel.api.programs import ProgramBody, program_bodies
from zegel.api.service import Here, Service
from zegel.api.session import SignedIn
from zegel.api.values import Address, Amount, Body, Seconds, Token, Units, checksummed, expiry
from zegel.index import schema
from zegel.ledger.prices import PAR, Prices
from zegel.report.figures import Flow, Movements, Program
from zegel.report.history import history
from zegel.report.liability import liability
from zegel.report.periods import Period, beginning, period
from zegel.report.settlement import flows, settlement
from zegel.web.problems import documented

router = APIRouter(prefix="/v1/issuer", tags=["issuers"])

# The last second that a calendar has.
_END = 253_402_300_799
_MONTH = 30 * 86_400
_MOST_POSTINGS = 1_000

Since = Annotated[int | None, Query(alias="from", ge=0, le=_END, description="The first second.")]
Until = Annotated[int | None, Query(ge=0, le=_END, description="The second behind the last.")]


class Budget(Body):
    """What an account may award in a period of so many seconds; base units."""

    limit: Units
    used: Units
    period: Seconds


class OwnProgram(Body):
    """A program, and what the account may do in it."""

    program: ProgramBody
    roles: list[str]
    budget: Budget | None


class Figures(Body):
    """What raised and lowered points, in base units."""

    awarded: Units
    refunded: Units
    guaranteed: Units
    converted_in: Units
    redeemed: Units
    converted_out: Units
    corrected: Units
    expired: Units


class LiabilityLine(Body):
    """The points that expire at one second."""

    expires: Seconds | None
    opening: Units
    moved: Figures
    closing: Units


class LiabilityBody(Body):
    """The roll-forward of a program's points; `supply` is what the token's total supply was then.

    `atBid` and `atAsk` are the closing points in money, by the prices at the end.
    """

    token: Address
    since: Seconds
    until: Seconds
    block: int
    lines: list[LiabilityLine]
    opening: Units
    moved: Figures
    closing: Units
    supply: Units
    bid: Units
    ask: Units
    at_bid: Units
    at_ask: Units


class Outstanding(Body):
    """Points by the second at which they expire."""

    expires: Seconds | None
    amount: Units


class MonthBody(Body):
    """One month; `outstanding` is what there was at its end."""

    start: Seconds
    end: Seconds
    opening: Units
    moved: Figures
    closing: Units
    outstanding: list[Outstanding]


class FlowBody(Body):
    """All conversions from one program to another, or from or to money."""

    source: Address
    target: Address
    count: int
    amount: Units
    out: Units
    value: Units
    fee: Units


class PartnerBody(Body):
    """What conversions with one partner moved. `net` is money earned less money paid."""

    partner: Address
    symbol: str
    out_count: int
    out_points: Units
    paid: Units
    in_count: int
    in_points: Units
    earned: Units
    fee: Units
    net: Units


class PostingBody(Body):
    """One movement of the account in the exchange."""

    time: Seconds
    kind: str
    amount: Units
    balance: Units
    other: str | None
    transaction: str | None


class SettlementBody(Body):
    """A partner statement: nothing is owed at its end. The newest postings, oldest first."""

    token: Address
    since: Seconds
    until: Seconds
    partners: list[PartnerBody]
    opening: Units
    closing: Units
    postings: list[PostingBody]


class Effect(Body):
    """Traffic of the last month under some prices."""

    bid: Units
    ask: Units
    paid: Units
    issued: Units


class Preview(Body):
    """What other prices would have done to the last month's conversions, had they been the same.

    `paid` is the money that left the account, `issued` the points that came into being. Terms for
    single partners stay out of it.
    """

    since: Seconds
    until: Seconds
    conversions_out: int
    conversions_in: int
    points_out: Units
    earned: Units
    now: Effect
    then: Effect


@router.get("/programs", responses=documented(401))
def own_programs(here: Here, account: SignedIn) -> list[OwnProgram]:
    """The programs in which the account has a role or a budget."""
    snapshot = here.snapshots.current()
    known = snapshot.network.programs
    found = {token: held for token, held in powers(here, account, list(known)).items() if held.any}
    bodies = program_bodies(here, snapshot, [known[token] for token in found])
    return [
        OwnProgram(
            program=body,
            roles=list(held.roles),
            budget=Budget(limit=str(held.limit), used=str(held.used), period=held.period)
            if held.limit
            else None,
        )
        for body, held in zip(bodies, found.values(), strict=True)
    ]


@router.get("/programs/{token}/liability", responses=documented(400, 401, 403, 404))
def owed(
    here: Here, account: SignedIn, token: Token, since: Since = None, until: Until = None
) -> LiabilityBody:
    """What members have, by expiry, and how that came about."""
    program = _own(here, account, token)
    with here.index.reading() as database:
        span = _period(database, since, until)
        found = liability(database, program.token, span)
    at_bid, at_ask = (_money(here, found.total.closing, p, program) for p in found.prices)
    return LiabilityBody(
        token=checksummed(program.token),
        since=span.since,
        until=span.until,
        block=span.last.number,
        lines=[
            LiabilityLine(
                expires=expiry(line.expires),
                opening=str(line.opening),
                moved=_figures(line.movements),
                closing=str(line.closing),
            )
            for line in found.lines
        ],
        opening=str(found.total.opening),
        moved=_figures(found.total.movements),
        closing=str(found.total.closing),
        supply=str(found.supply),
        bid=str(found.prices.bid),
        ask=str(found.prices.ask),
        at_bid=str(at_bid),
        at_ask=str(at_ask),
    )


@router.get("/programs/{token}/generations", responses=documented(400, 401, 403, 404))
def generations(
    here: Here, account: SignedIn, token: Token, since: Since = None, until: Until = None
) -> list[MonthBody]:
    """Month by month: what came, what went, and what was there, by expiry."""
    program = _own(here, account, token)
    with here.index.reading() as database:
        months = history(database, program.token, _period(database, since, until)).months
    return [
        MonthBody(
            start=month.start,
            end=month.end,
            opening=str(month.opening),
            moved=_figures(month.movements),
            closing=str(month.closing),
            outstanding=_by_expiry(month.outstanding),
        )
        for month in months
    ]


@router.get("/programs/{token}/flows", responses=documented(400, 401, 403, 404))
def conversions(
    here: Here, account: SignedIn, token: Token, since: Since = None, until: Until = None
) -> list[FlowBody]:
    """Conversions with each partner, in each direction."""
    program = _own(here, account, token)
    with here.index.reading() as database:
        found = flows(database, _period(database, since, until), program.token)
    return [
        FlowBody(
            source=checksummed(source),
            target=checksummed(target),
            count=flow.count,
            amount=str(flow.amount),
            out=str(flow.out),
            value=str(flow.value),
            fee=str(flow.fee),
        )
        for (source, target), flow in found.sides.items()
    ]


@router.get("/programs/{token}/partners", responses=documented(400, 401, 403, 404))
def partners(
    here: Here, account: SignedIn, token: Token, since: Since = None, until: Until = None
) -> SettlementBody:
    """The settlement with each partner, and the account in the exchange."""
    program = _own(here, account, token)
    with here.index.reading() as database:
        span = _period(database, since, until)
        found = settlement(database, program.token, span)
    others = sorted({other for pair in found.flows.sides for other in pair} - {program.token})
    closing = found.postings[-1].balance if found.postings else found.opening
    return SettlementBody(
        token=checksummed(program.token),
        since=span.since,
        until=span.until,
        partners=[
            _partner(
                other,
                found.flows.network.symbol(other),
                found.flows.sides.get((program.token, other), Flow()),
                found.flows.sides.get((other, program.token), Flow()),
                found.flows.net(program.token, other),
            )
            for other in others
        ],
        opening=str(found.opening),
        closing=str(closing),
        postings=[
            PostingBody(
                time=one.timestamp,
                kind=one.kind,
                amount=str(one.amount),
                balance=str(one.balance),
                other=one.other or None,
                transaction=one.transaction or None,
            )
            for one in found.postings[-_MOST_POSTINGS:]
        ],
    )


@router.get("/programs/{token}/preview", responses=documented(401, 403, 404))
def preview(
    here: Here,
    account: SignedIn,
    token: Token,
    bid: Annotated[Amount, Query(description="Trillionths of money a point.")],
    ask: Annotated[Amount, Query(description="Trillionths of money a point.")],
) -> Preview:
    """What other prices would have done to the conversions of the last thirty days."""
    program = _own(here, account, token)
    c = schema.conversions.c
    with here.index.reading() as database:
        snapshot = here.snapshots.within(database)
        until = snapshot.head.timestamp + 1
        rows = database.execute(
            select(c.source, c.amount, c.value, c.fee).where(
                or_(c.source == program.token, c.target == program.token),
                c.timestamp >= until - _MONTH,
            )
        ).all()
    now = snapshot.prices.get(program.token, Prices(0, 0))
    given = [row.amount for row in rows if row.source == program.token]
    bought = [row.value - row.fee for row in rows if row.source != program.token]
    return Preview(
        since=until - _MONTH,
        until=until,
        conversions_out=len(given),
        conversions_in=len(bought),
        points_out=str(sum(given)),
        earned=str(sum(bought)),
        now=_effect(here, program, now, given, bought),
        then=_effect(here, program, Prices(bid, ask), given, bought),
    )


def _effect(
    here: Service, program: Program, prices: Prices, given: Iterable[int], bought: Iterable[int]
) -> Effect:
    """Each conversion rounded by itself, as the exchange does."""
    unit = 10**here.suite.money_decimals
    point = 10**program.decimals
    issued = sum(n * PAR * point // (prices.ask * unit) for n in bought) if prices.ask else 0
    return Effect(
        bid=str(prices.bid),
        ask=str(prices.ask),
        paid=str(sum(n * prices.bid * unit // (PAR * point) for n in given)),
        issued=str(issued),
    )


def _own(here: Service, account: str, token: str) -> Program:
    """The program of a token, if the account has a role in it."""
    program = here.snapshots.current().program(token)
    check_power(here, account, program.token)
    return program


def _period(database: Connection, since: int | None, until: int | None) -> Period:
    first = beginning(database) if since is None else since
    return period(database, first, _END if until is None else until)


def _money(here: Service, points: int, price: int, program: Program) -> int:
    unit = 10**here.suite.money_decimals
    return int(points * price * unit // (PAR * 10**program.decimals))


def _figures(moved: Movements) -> Figures:
    return Figures(**{name: str(value) for name, value in vars(moved).items()})


def _by_expiry(outstanding: Mapping[int, int]) -> list[Outstanding]:
    return [
        Outstanding(expires=expiry(expires), amount=str(amount))
        for expires, amount in outstanding.items()
    ]


def _partner(partner: str, symbol: str, out: Flow, into: Flow, net: int) -> PartnerBody:
    return PartnerBody(
        partner=checksummed(partner),
        symbol=symbol,
        out_count=out.count,
        out_points=str(out.amount),
        paid=str(out.value),
        in_count=into.count,
        in_points=str(into.out),
        earned=str(into.value - into.fee),
        fee=str(into.fee),
        net=str(net),
    )
