"""Sales and the till's standing, as its service answers them."""

from eth_typing import ChecksumAddress

from zegel.report import text
from zegel.till.bodies import (
    PayoutBody,
    ProgramBody,
    RefundBody,
    SaleBody,
    SettlementBody,
    State,
    StatusBody,
)
from zegel.till.books import Payout
from zegel.till.counter import Counter
from zegel.till.opening import Till
from zegel.till.sales import Asked, Refund, Sale
from zegel.till.settling import Outcome
from zegel.till.status import Standing, status


def sale_body(till: Till, serial: int) -> SaleBody:
    """The sale with a serial, which was asked for."""
    with till.lock:
        asked, sale = till.sales.asked[serial], till.sales.taken.get(serial)
        body = _asked(till, asked)
        return body if sale is None else _taken(till, body, sale)


def _asked(till: Till, asked: Asked) -> SaleBody:
    request = asked.request
    until = request.valid_before - (till.known.window if till.known else 0)
    state: State = "cancelled" if asked.is_cancelled else "asked"
    if state == "asked" and till.clock() > until:
        state = "ended"
    return SaleBody(
        serial=request.serial,
        state=state,
        token=request.token,
        program=asked.symbol,
        decimals=asked.decimals,
        amount=str(request.amount),
        shown=text.points(request.amount, asked.decimals, asked.symbol),
        purse="shared" if request.shared else "merchant",
        reference=asked.reference,
        asked=asked.at,
        answer_until=until,
        request=request.text() if state == "asked" else None,
    )


def _taken(till: Till, asked: SaleBody, sale: Sale) -> SaleBody:
    known = asked.model_dump(exclude={"state", "request", "refunds"})
    refunds = [one for one in till.sales.refunds.values() if one.serial == sale.serial]
    return SaleBody.model_validate(
        {
            **known,
            "state": sale.state,
            "request": None,
            "member": sale.member,
            "taken": sale.taken_at,
            "receipt": sale.receipt,
            "paid": str(sale.paid),
            "guaranteed": str(sale.guaranteed),
            "lost": str(sale.lost),
            "reason": sale.reason or None,
            "transaction": sale.transaction or None,
            "refunded": str(sale.refunded),
            "refunds": list(map(_refund, refunds)),
        }
    )


def _refund(refund: Refund) -> RefundBody:
    return RefundBody(
        part=refund.part,
        amount=str(refund.amount),
        at=refund.at,
        transaction=refund.transaction or None,
    )


def status_body(counter: Counter) -> StatusBody:
    found = status(counter.till)
    return StatusBody(
        merchant=found.merchant,
        name=counter.till.known.name if counter.till.known else "",
        till=found.till,
        now=counter.till.clock(),
        programs=[_program(one) for one in found.programs],
        synced=found.synced_at or None,
        block=found.block or None,
        takes_until=found.ends_at or None,
        records=found.records,
        hash=found.hash,
        open=found.open,
        oldest=found.oldest_at or None,
        settle_before=found.settle_before or None,
        online=not counter.trouble,
        reached=counter.reached_at or None,
        trouble=counter.trouble or None,
        not_settled=counter.not_settled or None,
    )


def settlement_body(till: Till, outcome: Outcome) -> SettlementBody:
    return SettlementBody(
        done=[sale_body(till, sale.serial) for sale in outcome.done],
        open=len(outcome.open),
        troubles=list(outcome.troubles),
    )


def token_of(till: Till, named: str) -> ChecksumAddress | None:
    """The program that a symbol or an address names, if the till knows it."""
    for token, program in till.books.programs.items():
        if named == program.symbol or named.lower() == token.lower():
            return token
    return None


def _program(standing: Standing) -> ProgramBody:
    program = standing.program
    return ProgramBody(
        token=program.token,
        program=program.symbol,
        decimals=program.decimals,
        floor_limit=str(standing.floor_limit),
        total_limit=str(standing.total_limit),
        unsettled=str(standing.unsettled),
        left=str(standing.left),
        ready=not standing.refusal,
        refusal=standing.refusal or None,
        payout=_payout(program.payout),
    )


def _payout(payout: Payout | None) -> PayoutBody | None:
    if payout is None:
        return None
    return PayoutBody(
        program=payout.symbol,
        decimals=payout.decimals,
        amount=str(payout.amount),
        out=str(payout.out),
        notice=payout.notice,
    )
