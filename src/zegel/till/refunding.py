"""Pays back: a merchant sends points to a member by an ordinary transfer, and the queue says for
which sale, so that no sale is refunded by more than was paid for it."""

from zegel.crashing import crash_point
from zegel.errors import Declined
from zegel.report.text import amount as written
from zegel.till.opening import Till
from zegel.till.sales import OPEN, Sale


def refund(till: Till, serial: int, amount: int, transaction: str = "") -> Sale:
    """Writes down that base units of a sale are paid back, before or with the transfer."""
    sale = till.sales.taken.get(serial)
    if sale is None:
        raise Declined(f"serial {serial} was not paid here: look at the receipt")
    if sale.state == OPEN:
        raise Declined(f"serial {serial} is not settled yet: settle it, then pay it back")
    left = sale.paid - sale.refunded
    if not 0 < amount <= left:
        raise Declined(
            f"{written(amount, sale.decimals)} {sale.symbol} cannot be paid back for serial "
            f"{serial}: {written(left, sale.decimals)} of it are left, pay back no more"
        )
    till.record("refunded", till.clock(), serial=serial, amount=amount, transaction=transaction)
    crash_point("till.refunded")
    return till.sales.taken[serial]
