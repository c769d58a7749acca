"""Takes a voucher without a network, under rules by which it will be paid.

They are the four of `IOfflineDesk` ("What a till must see to"), and the merchant's own: a floor
limit for one payment, a total limit for the till, an age of the last sync. Each refusal is one
line: what, the offending value, and what to do.
"""

from fractions import Fraction

from zegel.crashing import crash_point
from zegel.errors import Declined
from zegel.till.books import Member, Program, Reading
from zegel.till.opening import Till
from zegel.till.requests import Request
from zegel.till.sales import Sale
from zegel.till.vouchers import Answer, check_signature
from zegel.till.wordings import (
    CANCELLED,
    FROZEN,
    LIMIT_REACHED,
    NOT_ASKED,
    PAID_ALREADY,
    PURSE_SHORT,
    TOO_LATE,
)

_CONNECT = "connect and sync"

# What is left of, and what to do.
_WORDS = {
    PURSE_SHORT: ("of the purse", "ask for less, or have the member set more aside"),
    LIMIT_REACHED: ("of the merchant's limit for a member", "settle"),
}


def accept(till: Till, answer: Answer) -> Sale:
    """Takes the voucher that answers a request, and returns the sale for the receipt.

    When this returns, the voucher is on the disk. Raises `Declined` if it is not taken. The same
    answer may come again: it is the same sale.
    """
    with till.lock:
        return till.sales.taken.get(_known(till, answer)) or _taken(till, answer)


def _taken(till: Till, answer: Answer) -> Sale:
    request = till.sales.asked[answer.serial].request
    now = till.now()
    program, member = till.books.program(request.token), _member(till, request, answer)
    check_ready(till, program, now)
    _check_reading(till, member.reading, now)
    for reading in (program.reading, member.reading):
        _check_synced(till, reading, now)
    _check_end(request, now, till.books.window)
    till.rules.check_amount(program, request.amount)
    till.rules.check_total(program, till.sales.unsettled(program.token) + request.amount)
    _check_purse(till, request, answer, program, member)
    check_signature(request, answer)

    crash_point("till.taking")
    till.record(
        "taken",
        now,
        serial=answer.serial,
        token=request.token,
        member=answer.member,
        merchant=request.merchant,
        till=request.till,
        amount=request.amount,
        shared=request.shared,
        valid_before=request.valid_before,
        signature=answer.signature.hex(),
    )
    crash_point("till.taken")
    return till.sales.taken[answer.serial]


def _known(till: Till, answer: Answer) -> int:
    """The serial of an answer to a request of this till that this member may answer."""
    serial = answer.serial
    if serial not in till.sales.asked:
        raise Declined(f"serial {serial} was never asked for here: ask again", NOT_ASKED)
    before = till.sales.taken.get(serial)
    if before is not None and before.member != answer.member:
        raise Declined(f"serial {serial} was paid by {before.member}: ask again", PAID_ALREADY)
    if till.sales.asked[serial].is_cancelled:
        raise Declined(f"serial {serial} was cancelled: ask again", CANCELLED)
    return serial


def check_ready(till: Till, program: Program, now: int) -> None:
    """Raises `Declined` if the till would ask nobody for points of a program."""
    books = till.books
    if books.merchant != till.place.merchant:
        raise Declined(
            f"the registry has {till.place.till} as a till of {books.merchant}, not of "
            f"{till.place.merchant}: have the merchant register it"
        )
    if program.merchant_is_frozen:
        raise Declined(f"the merchant is frozen in {program.symbol}: ask its issuer")
    _check_reading(till, program.reading, now)
    _check_settled_in_time(till, now)


def _member(till: Till, request: Request, answer: Answer) -> Member:
    member = till.books.member(request.token, answer.member)
    if member.is_frozen:
        symbol = till.books.program(request.token).symbol
        raise Declined(f"{answer.member} is frozen in {symbol}: ask its issuer", FROZEN)
    return member


def _check_reading(till: Till, reading: Reading, now: int) -> None:
    """Rule 1: it was read less than a window ago."""
    window, most = till.books.window, till.rules.max_age
    age = now - reading.second
    if age < 0:
        raise Declined(
            f"the till's clock is at {now}, {-age} s before the last sync: set the clock"
        )
    if age >= window:
        raise Declined(f"the last sync is {age} s old, the window is {window} s: {_CONNECT}")
    if most is not None and age > most:
        raise Declined(f"the last sync is {age} s old, this till allows {most} s: {_CONNECT}")


def _check_synced(till: Till, reading: Reading, now: int) -> None:
    """The rest of rule 1: it was read since the till last settled. Until then it may only ask."""
    if till.sales.settled >= reading.records:
        age = now - reading.second
        raise Declined(f"the till has settled since its sync {age} s ago: {_CONNECT}")


def _check_settled_in_time(till: Till, now: int) -> None:
    """The other half of rule 1: it settles less than a window after it took a voucher."""
    oldest = till.sales.oldest()
    if oldest is not None and now >= oldest.taken_at + till.books.window:
        raise Declined(
            f"serial {oldest.serial} was taken {now - oldest.taken_at} s ago and is not settled: "
            "settle it first"
        )


def _check_end(request: Request, now: int, window: int) -> None:
    """Rule 3: there is time enough to settle it."""
    if request.valid_before < now + window:
        raise Declined(
            f"serial {request.serial} ends in {request.valid_before - now} s, before the offline "
            f"window of {window} s: ask again",
            TOO_LATE,
        )


def _check_purse(
    till: Till, request: Request, answer: Answer, program: Program, member: Member
) -> None:
    """Rule 2, that the purse covers it; and rule 4, that the merchant's limit does."""
    token, share = program.token, till.rules.share
    promised = till.sales.promised(token, answer.member, request.shared)
    spendable = member.spendable(request.shared)
    # Other merchants' tills count on the same shared purse: that is what the limits are for.
    purse = spendable if request.shared else _part(spendable, share)
    _check_covered(PURSE_SHORT, purse, promised, request, program)
    if request.shared:
        limit = _part(program.limit, share)
        _check_covered(LIMIT_REACHED, limit, promised, request, program)


def _check_covered(
    name: str, covers: int, promised: int, request: Request, program: Program
) -> None:
    left = covers - promised
    if request.amount > left:
        of, remedy = _WORDS[name]
        raise Declined(
            f"{program.points(request.amount)} is more than the {program.points(max(0, left))} "
            f"that are left {of}: {remedy}",
            name,
        )


def _part(amount: int, share: Fraction) -> int:
    return amount * share.numerator // share.denominator
