"""The operations that are measured, and what none of them can do without."""

from dataclasses import dataclass

from bench.schedule import (
    COLD_ACCOUNT,
    ECRECOVER,
    SLOT_CHANGED,
    SLOT_CREATED,
    SLOT_READ,
    Term,
    log,
    total,
    transaction,
)

TRANSFER = Term("Transfer", log(topics=3, words=1))
APPROVAL = Term("Approval", log(topics=3, words=1))
SIGNATURE = Term("signature", ECRECOVER)

BALANCE = Term("balance", SLOT_CHANGED)
NEW_BALANCE = Term("new balance", SLOT_CREATED)
SUPPLY = Term("supply", SLOT_CHANGED)
BUDGET = Term("budget", SLOT_CHANGED)

AWARD = (BUDGET, SUPPLY, TRANSFER, Term("Awarded", log(topics=4, words=1)))

CONVERSION = (
    Term("token contracts", COLD_ACCOUNT, 2),
    Term("issuers' accounts", SLOT_CHANGED, 2),
    Term("supplies", SLOT_CHANGED, 2),
    BALANCE,
    Term("Transfer", TRANSFER.gas, 2),
    Term("Converted", log(topics=4, words=7)),
)

SPONSORED = (
    SIGNATURE,
    Term("balances", SLOT_CHANGED, 2),
    TRANSFER,
    Term("AuthorizationUsed", log(topics=3, words=0)),
)

MONEY = (
    Term("money contract", COLD_ACCOUNT),
    Term("issuer's account", SLOT_CHANGED),
    Term("balances of money", SLOT_CHANGED, 2),
    TRANSFER,
)


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    Args:
        key: Its name in bench/gas.json and bench/budgets.json.
        title: Its name for people.
        terms: What it cannot do without, besides the transaction and its calldata; empty if that
            says nothing.
        awards: How many awards it makes; figures are for one of them.
    """

    key: str
    title: str
    terms: tuple[Term, ...]
    awards: int = 1

    def floor(self, data: bytes) -> int | None:
        """The least gas it can cost, for each award."""
        if not self.terms:
            return None
        return self.each(total((*transaction(data), *self.terms)))

    def each(self, gas: int) -> int:
        """The part of one award in a transaction's gas, rounded up."""
        return -(-gas // self.awards)


def batch(size: int, occasion: str, title: str, *each: Term) -> Operation:
    """A batch of awards: what it pays once, and what it pays for each award."""
    terms = (
        Term("mark of the batch", SLOT_CREATED),
        BUDGET,
        SUPPLY,
        Term("BatchAwarded", log(topics=3, words=2)),
        *(Term(term.name, term.gas, size) for term in each),
    )
    return Operation(f"batch/{size}/{occasion}", title, terms, size)


EXPIRY = (TRANSFER, Term("Expired", log(topics=2, words=1)))

OPERATIONS = (
    Operation("transfer/holder", "transfer to a holder", (BALANCE, BALANCE, TRANSFER)),
    Operation("transfer/new", "transfer to a new holder", (BALANCE, NEW_BALANCE, TRANSFER)),
    Operation("award/holder", "single award to a holder", (*AWARD, BALANCE)),
    Operation("award/new", "single award to a new holder", (*AWARD, NEW_BALANCE)),
    batch(500, "holder", "award in a batch of 500, holders", BALANCE, TRANSFER),
    batch(500, "new", "award in a batch of 500, new holders", NEW_BALANCE, TRANSFER),
    batch(100, "holder", "award in a batch of 100, holders", BALANCE, TRANSFER),
    batch(100, "new", "award in a batch of 100, new holders", NEW_BALANCE, TRANSFER),
    batch(10, "holder", "award in a batch of 10, holders", BALANCE, TRANSFER),
    batch(10, "new", "award in a batch of 10, new holders", NEW_BALANCE, TRANSFER),
    batch(500, "aged", "award in a batch of 500, an epoch later", BALANCE, TRANSFER),
    batch(
        500, "expired", "award in a batch of 500, old points expired", BALANCE, TRANSFER, *EXPIRY
    ),
    Operation("redeem", "redemption", (BALANCE, SUPPLY, TRANSFER, Term("Redeemed", log(3, 2)))),
    Operation("convert/holder", "conversion, already a holder", (*CONVERSION, BALANCE)),
    Operation("convert/new", "conversion, new holder", (*CONVERSION, NEW_BALANCE)),
    Operation(
        "convert/fee",
        "conversion with a network fee",
        (*CONVERSION, BALANCE, Term("fees", SLOT_CHANGED)),
    ),
    Operation(
        "convert/limits",
        "conversion under daily limits",
        (
            *CONVERSION,
            BALANCE,
            Term("limits", SLOT_READ, 2),
            Term("uses of the day", SLOT_CHANGED, 2),
        ),
    ),
    Operation(
        "sponsored/later",
        "sponsored transfer, nonce word used",
        (*SPONSORED, Term("nonce word", SLOT_CHANGED)),
    ),
    Operation(
        "sponsored/first",
        "sponsored transfer, first nonce of a word",
        (*SPONSORED, Term("nonce word", SLOT_CREATED)),
    ),
    Operation(
        "permit/later",
        "permit, again",
        (SIGNATURE, Term("nonce", SLOT_CHANGED), Term("allowance", SLOT_CHANGED), APPROVAL),
    ),
    Operation(
        "permit/first",
        "permit, the first",
        (SIGNATURE, Term("nonce", SLOT_CHANGED), Term("allowance", SLOT_CREATED), APPROVAL),
    ),
    Operation(
        "account/fund",
        "fund an issuer's account",
        (*MONEY, Term("allowance", SLOT_READ), Term("Funded", log(3, 1))),
    ),
    Operation(
        "account/withdraw",
        "withdraw from an issuer's account",
        (
            *MONEY,
            Term("token contract", COLD_ACCOUNT),
            Term("role", SLOT_READ),
            Term("Withdrawn", log(4, 1)),
        ),
    ),
    Operation("program/create", "creation of a program", ()),
)
