"""What a till shows and hands in: the receipt of a sale, the report at the end of the day, the
losses."""

from collections.abc import Callable, Iterable

from eth_typing import ChecksumAddress

from zegel.report.sheet import Amount, Column, Moment, Row, Sheet
from zegel.till.opening import Till
from zegel.till.sales import OPEN, OVERSPENT, PAID, REFUSED, Sale

_STATES = {
    OPEN: "taken offline, not settled yet",
    PAID: "paid",
    OVERSPENT: "paid in part out of the issuer's guarantee, or not in full",
    REFUSED: "not paid",
}


def state_of(sale: Sale) -> str:
    """What has become of a sale, for people."""
    return _STATES[sale.state]


def receipt(sale: Sale) -> Sheet:
    """The receipt of one sale."""
    request, decimals = sale.request, sale.decimals
    rows: list[Row] = [
        ("points", Amount(sale.amount, decimals)),
        ("program", sale.symbol),
        ("time", Moment(sale.taken_at)),
        ("member", sale.member),
        ("merchant", request.merchant),
        ("till", request.till),
        ("serial", sale.serial),
        ("purse", "shared" if request.shared else "of this merchant"),
        ("state", state_of(sale)),
    ]
    if sale.reference:
        rows.insert(0, ("sale", sale.reference))
    if sale.refunded:
        rows.append(("paid back", Amount(sale.refunded, decimals)))
    rows.append(("receipt", sale.receipt))
    return Sheet(
        f"Receipt {sale.serial}",
        (Column("what"), Column("value")),
        tuple(rows),
        ("The receipt's number is the hash of its record in the till's queue.",),
    )


def day(till: Till, since: int, until: int) -> Sheet:
    """What a till took from one second up to, and without, another one, program by program."""
    sales = _between(till, since, until)
    programs = {sale.token: (sale.symbol, sale.decimals) for sale in sales}

    def row(token: ChecksumAddress) -> Row:
        symbol, decimals = programs[token]
        own = [sale for sale in sales if sale.token == token]

        def total(of: Callable[[Sale], int]) -> Amount:
            return Amount(sum(map(of, own)), decimals)

        return (
            symbol,
            len(own),
            total(lambda sale: sale.amount),
            total(lambda sale: sale.paid),
            total(lambda sale: sale.guaranteed),
            total(lambda sale: sale.amount if sale.state == OPEN else 0),
            total(lambda sale: sale.lost),
            total(lambda sale: sale.refunded),
        )

    return Sheet(
        f"Sales of till {till.place.till}",
        (
            Column("program"),
            Column("sales", "number"),
            Column("points", "number"),
            Column("settled", "number"),
            Column("of it guaranteed", "number"),
            Column("open", "number"),
            Column("lost", "number"),
            Column("paid back", "number"),
        ),
        tuple(row(token) for token in sorted(programs, key=lambda token: programs[token])),
        (
            "Points are what was taken: settled, open and lost together.",
            f"The queue had {len(till.queue.records)} records, the last with the hash "
            f"{till.queue.records[-1].hash}.",
        ),
    )


def losses(till: Till, since: int, until: int) -> Sheet:
    """What a till took and was not paid for, sale by sale, and what guarantees had to give."""
    return Sheet(
        f"Losses of till {till.place.till}",
        (
            Column("serial", "number"),
            Column("time", "time"),
            Column("program"),
            Column("member"),
            Column("taken", "number"),
            Column("paid", "number"),
            Column("of it guaranteed", "number"),
            Column("lost", "number"),
            Column("why"),
            Column("transaction"),
        ),
        tuple(map(_loss, _short(_between(till, since, until)))),
        ("Sales whose purse was short are listed, also if the issuer's guarantee paid for them.",),
    )


def _between(till: Till, since: int, until: int) -> list[Sale]:
    return [sale for sale in till.sales.taken.values() if since <= sale.taken_at < until]


def _short(sales: Iterable[Sale]) -> Iterable[Sale]:
    return (sale for sale in sales if sale.state in (OVERSPENT, REFUSED))


def _loss(sale: Sale) -> Row:
    return (
        sale.serial,
        Moment(sale.taken_at),
        sale.symbol,
        sale.member,
        Amount(sale.amount, sale.decimals),
        Amount(sale.paid, sale.decimals),
        Amount(sale.guaranteed, sale.decimals),
        Amount(sale.lost, sale.decimals),
        sale.reason or "the purse was short; the member is frozen",
        sale.transaction or None,
    )
