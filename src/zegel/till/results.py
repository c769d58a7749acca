"""What the chain says of a till's serials: which voucher was settled under each, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zegel.chain.decoders import topic_of
from zegel.chain.events import Event, Overspent, VoucherSettled
from zegel.chain.logs import decode
from zegel.chain.raw import ask
from zegel.deploy.suite import Suite
from zegel.till.sales import Place, Sale


@dataclass(frozen=True)
class Result:
    """What was settled under a serial: the voucher, who paid for it, and where."""

    member: str
    amount: int
    guaranteed: int
    unpaid: int
    transaction: str
    block: int


def results(
    suite: Suite, place: Place, sales: Sequence[Sale], since: int | None, last: int
) -> dict[int, Result]:
    """What settlements said of these serials, since the first was asked for.

    `since` is the block in which they were probably settled.
    """
    if not sales:
        return {}
    first = min(sale.block for sale in sales)
    found = _told(suite, place, first if since is None else since, last)
    if since is not None and not all(sale.serial in found for sale in sales):
        found = _told(suite, place, first, last)
    return found


def _told(suite: Suite, place: Place, first: int, last: int) -> dict[int, Result]:
    question = {
        "address": suite.desk.address,
        "topics": [
            [topic_of(event.__name__) for event in (VoucherSettled, Overspent)],
            None,
            None,
            "0x" + "00" * 12 + place.merchant[2:].lower(),
        ],
        "fromBlock": hex(first),
        "toBlock": hex(last),
    }
    logs = ask(suite.connection, "eth_getLogs", question)
    return dict(_settled(decode(suite.connection, logs), place.till.lower()))


def _settled(events: Iterator[Event], till: str) -> Iterator[tuple[int, Result]]:
    """The results of a till's serials. What a purse was short of stands behind its voucher."""
    before: VoucherSettled | None = None
    for event in events:
        if isinstance(event, VoucherSettled):
            before = event
            if event.till == till:
                yield event.serial, _result(event, 0, 0)
        elif isinstance(event, Overspent) and before is not None and before.till == till:
            yield before.serial, _result(before, event.guaranteed, event.unpaid)


def _result(event: VoucherSettled, guaranteed: int, unpaid: int) -> Result:
    return Result(event.member, event.amount, guaranteed, unpaid, event.transaction, event.block)
