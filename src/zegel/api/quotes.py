"""What a conversion would give this second, or why it would be refused, as the exchange says."""

from typing import Annotated

from fastapi import APIRouter, Query

from zegel.api.service import Here, Service
from zegel.api.snapshot import Snapshot
from zegel.api.values import Address, Amount, Body, Seconds, Units
from zegel.api.views import View
from zegel.deploy.suite import NOBODY
from zegel.ledger.prices import PAR
from zegel.wallet.quotes import REASON_NAMES, REASONS
from zegel.web.problems import Problem, documented

router = APIRouter(prefix="/v1", tags=["quotes"])

_MILLION = 10**6


class QuoteBody(Body):
    """`amount` of `from` for `out` of `to`; nothing, and the reason, where it is refused.

    `value` is the money that moves between the two issuers, `fee` the network's part of it.
    `versions` are those of the prices of both sides, which a conversion names again.
    """

    amount: Units
    out: Units
    value: Units
    fee: Units
    reason: str | None
    detail: str | None
    versions: list[int]
    block: int
    time: Seconds


@router.get("/quotes", responses=documented(404))
def quote(
    here: Here,
    source: Annotated[Address, Query(alias="from", description="What is given up.")],
    target: Annotated[Address, Query(alias="to", description="What is received.")],
    amount: Annotated[
        Amount, Query(description="What is given up, in base units; received, with exactOut.")
    ],
    exact_out: Annotated[bool, Query(alias="exactOut")] = False,
    member: Annotated[Address, Query(description="Whose limits and balance count.")] = NOBODY,
    recipient: Annotated[Address, Query()] = NOBODY,
) -> QuoteBody:
    """A quote, with the reason of a refusal and what to do about it."""
    snapshot = here.snapshots.current()
    sides = _Side(snapshot, source), _Side(snapshot, target)
    exchange = here.suite.exchange
    view = "quoteExactOut" if exact_out else "quote"
    asked = [
        View(exchange, view, (source, target, amount, member, recipient)),
        View(exchange, "programOf", (source,)),
        View(exchange, "programOf", (target,)),
        View(exchange, "fee"),
    ]
    quoted, giving, getting, fee = here.nodes.ask_any(asked)
    if giving is None or getting is None or fee is None:
        here.nodes.ask(asked[1:])
    # What cannot even be reckoned with is too large.
    found, refusal = quoted or (0, REASON_NAMES.index("AmountTooLarge"))
    given, out = (found, amount) if exact_out else (amount, found)
    if refusal:
        given, out = (0, amount) if exact_out else (amount, 0)
    value = 0 if refusal else _value(here, sides[0], given, giving[0])
    return QuoteBody(
        amount=str(given),
        out=str(out),
        value=str(value),
        fee=str(-(-value * fee // _MILLION)),
        reason=REASON_NAMES[refusal] if refusal else None,
        detail=_words(refusal, *sides) if refusal else None,
        versions=[giving[3], getting[3]],
        block=snapshot.head.number,
        time=snapshot.head.timestamp,
    )


class _Side:
    """One side of a conversion: points of a program, or money."""

    def __init__(self, snapshot: Snapshot, token: str) -> None:
        network = snapshot.network
        self.is_money = token.lower() == network.money.token
        if not self.is_money and token.lower() not in network.programs:
            raise Problem(
                404,
                "program-unknown",
                f"{token} is neither a program nor the money: see /v1/programs",
            )
        self.symbol = network.symbol(token.lower())
        self.decimals = network.decimals(token.lower())


def _value(here: Service, source: _Side, amount: int, bid: int) -> int:
    """The money that an amount is worth: `floor(amount x bid)`, as the exchange reckons."""
    if source.is_money:
        return amount
    unit = 10**here.suite.money_decimals
    return int(amount * bid * unit // (PAR * 10**source.decimals))


def _words(refusal: int, source: _Side, target: _Side) -> str:
    return REASONS[refusal].format(source=source.symbol, target=target.symbol)
