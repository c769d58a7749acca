"""Takes a voucher without a network, under rules by which it will be paid.

They are the four of `IOfflineDesk` ("What a till must see to"), and the merchant's own: a floor
limit for one payment, a total limit for the till, an age of the last sync. Each refusal is one
line: what, the offending value, and what to do.
"""

from fractions import Fraction

from zegel.crashing import crash_point
from zegel.errors import Declined
from zegel.report.text import amount as written
from zegel.till.books import Member, Program, Reading
from zegel.till.opening import Till
from zegel.till.requests import Request
from zegel.till.sales import Sale
from zegel.till.vouchers import Answer, check_signature

_CONNECT = "connect and sync"


def accept(till: Till, answer: Answer) -> Sale:
    """Takes the voucher that answers a request, and returns the sale for the receipt.

    When this returns, the voucher is on the disk. Raises `Declined` if it is not taken. The same
    answer may come again: it is the same sale.
    """
    if answer.serial not in till.sales.asked:
        raise Declined(f"serial {answer.serial} was never asked for here: ask again")
    request = till.sales.asked[answer.serial].request
    before = till.sales.taken.get(answer.serial)
    if before is not None:
        if before.member == answer.member:
            return before
        raise Declined(f"serial {answer.serial} was paid by {before.member}: ask again")

    now = till.now()
    program, member = till.books.program(request.token), _member(till, request, answer)
    check_ready(till, program, now)
    _check_reading(till, member.reading, now)
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


def check_ready(till: Till, program: Program, now: int) -> None:
    """Raises `Declined` if the till would take points of a program from nobody."""
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
        raise Declined(f"{answer.member} is frozen in {symbol}: ask its issuer")
    return member


def _check_reading(till: Till, reading: Reading, now: int) -> None:
    """Rule 1: it was read less than a window ago, and since the till last settled."""
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
    if till.sales.settled >= reading.records:
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
            f"window of {window} s: ask again"
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
    _check_covered("purse", purse, promised, request, program)
    if request.shared:
        _check_covered("limit", _part(program.limit, share), promised, request, program)


def _check_covered(
    what: str, covers: int, promised: int, request: Request, program: Program
) -> None:
    left = covers - promised
    if request.amount > left:
        of = {"purse": "of the purse", "limit": "of the merchant's limit for a member"}[what]
        remedy = {"purse": "ask for less, or have the member set more aside", "limit": "settle"}
        raise Declined(
            f"{written(request.amount, program.decimals)} {program.symbol} is more than the "
            f"{written(max(0, left), program.decimals)} that are left {of}: {remedy[what]}"
        )


def _part(amount: int, share: Fraction) -> int:
    return amount * share.numerator // share.denominator
