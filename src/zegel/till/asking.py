"""Asks for a payment: takes a serial and makes the request that the till shows.

The serial is the till's own number. Its record is on the disk before the request is shown, so that
none is ever used twice, whenever the till is killed.
"""

from eth_utils.address import to_checksum_address

from zegel.crashing import crash_point
from zegel.till.accepting import check_ready
from zegel.till.opening import Till
from zegel.till.requests import Request

# How long a member has to answer. A voucher must live for an offline window from when it is taken.
ANSWER_SECONDS = 15 * 60


def ask(till: Till, token: str, amount: int, *, shared: bool) -> Request:
    """A new request, in base units. Raises `Declined` for what the till would not take."""
    program = till.books.program(to_checksum_address(token))
    now = till.now()
    check_ready(till, program, now)
    till.rules.check_amount(program, amount)
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
    )
    crash_point("till.asked")
    return request
