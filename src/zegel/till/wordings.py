"""What a till tells a member whose payment it does not take, by the name of the reason.

Staff read the whole line of the refusal. A member learns what to do, and nothing of the till's
limits, clocks or keys.
"""

NOT_READY = "till-not-ready"
UNKNOWN_PROGRAM = "unknown-program"
NO_AMOUNT = "no-amount"
TOO_MUCH = "too-much"
TILL_FULL = "till-full"
OTHER_SALE = "other-sale"
NOT_ASKED = "not-asked"
PAID_ALREADY = "paid-already"
CANCELLED = "cancelled"
TOO_LATE = "too-late"
UNKNOWN_MEMBER = "unknown-member"
FROZEN = "member-frozen"
PURSE_SHORT = "purse-short"
LIMIT_REACHED = "limit-reached"
NOT_SIGNED = "not-signed"
NOT_REFUNDED = "not-refunded"

FOR_MEMBERS = {
    NOT_READY: "This till cannot take points just now. Please pay another way.",
    UNKNOWN_PROGRAM: "This till does not take these points. Please pay with others.",
    NO_AMOUNT: "There is nothing to pay.",
    TOO_MUCH: "This till takes fewer points at a time. Please pay a part, or another way.",
    TILL_FULL: "This till cannot take points just now. Please pay another way.",
    OTHER_SALE: "There is another sale by this number. Please ask for a new code.",
    NOT_ASKED: "This till did not ask for this payment. Please scan its code again.",
    PAID_ALREADY: "This was paid already. Please ask for a new code.",
    CANCELLED: "This payment was cancelled. Please ask for a new code.",
    TOO_LATE: "The code has become too old. Please ask for a new one.",
    UNKNOWN_MEMBER: "This till does not know your purse yet. Please pay another way today.",
    FROZEN: "Your points are frozen. Please ask whoever issues them.",
    PURSE_SHORT: "You have not set enough points aside. Please set more aside, or pay less.",
    LIMIT_REACHED: "This till takes no more of your points just now. Please pay less.",
    NOT_SIGNED: "Your signature does not fit. Please scan the code and sign again.",
    NOT_REFUNDED: "This cannot be paid back. Please ask the shop.",
}


def for_member(name: str) -> str:
    """What to tell the member."""
    return FOR_MEMBERS.get(name, FOR_MEMBERS[NOT_READY])
