"""Asks for a payment: takes a serial and makes the request that the till shows; or gives it up.

The serial is the till's own number. Its record is on the disk before the request is shown, so that
none is ever used twice, whenever the till is killed.
"""

from eth_utils.address import to_checksum_address

from zegel.crashing import crash_point
from zegel.errors import Declined
from zegel.till.accepting import check_ready
from zegel.till.books import Program
from zegel.till.opening import Till
from zegel.till.requests import Request
from zegel.till.wordings import NOT_ASKED, OTHER_SALE, PAID_ALREADY

# How long a member has to answer. A voucher must live for an offline window from when it is taken.
ANSWER_SECONDS = 15 * 60


def ask(till: Till, token: str, amount: int, *, shared: bool, reference: str = "") -> Request:
    """A new request, in base units. Raises `Declined` for what the till would not take.

    `reference` is the cash register's own number for the sale: the same one again is the same
    request, until it is cancelled.
    """
    with till.lock:
        program = till.books.program(to_checksum_address(token))
        before = till.sales.referred(reference)
        if before is not None:
            return _same(before.request, reference, (program.token, amount, shared))
        now = till.now()
        check_ready(till, program, now)
        till.rules.check_amount(program, amount)
        return _asked(till, program, amount, shared, now, reference)


def cancel(till: Till, serial: int) -> None:
    """Gives a request up that nobody has answered; again, and nothing happens."""
    with till.lock:
        if serial not in till.sales.asked:
            raise Declined(f"serial {serial} was never asked for here: check it", NOT_ASKED)
        if serial in till.sales.taken:
            raise Declined(f"serial {serial} was paid: pay it back instead", PAID_ALREADY)
        if not till.sales.asked[serial].is_cancelled:
            till.record("cancelled", till.clock(), serial=serial)


def _asked(
    till: Till, program: Program, amount: int, shared: bool, now: int, reference: str
) -> Request:
    place = till.place
    request = Request(
        place.chain_id,
        place.desk,
        program.token,
        place.merchant,
        place.till,
        till.sales.next_serial,
        amount,
        shared,
        now + till.books.window + ANSWER_SECONDS,
    )
    till.record(
        "asked",
        now,
        token=program.token,
        symbol=program.symbol,
        decimals=program.decimals,
        serial=request.serial,
        amount=amount,
        shared=shared,
        valid_before=request.valid_before,
        block=program.reading.block,
        reference=reference,
    )
    crash_point("till.asked")
    return request


def _same(before: Request, reference: str, terms: tuple[str, int, bool]) -> Request:
    if (before.token, before.amount, before.shared) != terms:
        raise Declined(
            f"sale {reference!r} was asked for with other terms, as serial {before.serial}: "
            "cancel that one, or use another number",
            OTHER_SALE,
        )
    return before
