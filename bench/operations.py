"""The operations that are measured, and what none of them can do without."""

from dataclasses import dataclass

from bench.schedule import (
    COLD_ACCOUNT,
    ECRECOVER,
    P256VERIFY,
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
PASSKEY = Term("signature", P256VERIFY)

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

REDEMPTION = (BALANCE, SUPPLY, TRANSFER, Term("Redeemed", log(topics=3, words=2)))

USED = Term("AuthorizationUsed", log(topics=3, words=0))
# Without a nonce: it can stand in the sender's word.
SPONSORED = (USED, Term("balances", SLOT_CHANGED, 2), TRANSFER)

# What a settlement pays once: the desk, the merchant and the till.
SETTLEMENT = (
    Term("token contract", COLD_ACCOUNT),
    Term("balances", SLOT_CHANGED, 2),
    TRANSFER,
    Term("serials", SLOT_CHANGED),
    Term("SettlementMade", log(topics=4, words=3)),
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
        parts: How many awards or vouchers are in it; figures are for one of them.
    """

    key: str
    title: str
    terms: tuple[Term, ...]
    parts: int = 1

    def floor(self, data: bytes) -> int | None:
        """The least gas it can cost, for each part."""
        if not self.terms:
            return None
        return self.each(total((*transaction(data), *self.terms)))

    def each(self, gas: int) -> int:
        """One part's share of a transaction's gas, rounded up."""
        return -(-gas // self.parts)


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


def vouchers(purse: str, title: str, *once: Term) -> Operation:
    """A settlement of a hundred vouchers, each of another member."""
    number = 100
    each = (SIGNATURE, Term("purse", SLOT_CHANGED), Term("VoucherSettled", log(topics=4, words=4)))
    terms = (*SETTLEMENT, *once, *(Term(term.name, term.gas, number) for term in each))
    return Operation(f"voucher/100/{purse}", title, terms, number)


TOKEN = Term("token contract", COLD_ACCOUNT)

CLAIM = (
    TOKEN,
    Term("drop", SLOT_CHANGED),
    Term("balance of the drops", SLOT_CHANGED),
    TRANSFER,
    Term("Claimed", log(topics=4, words=3)),
)
USED_WORD = Term("word of claims", SLOT_CHANGED)

REWARD = (
    TOKEN,
    Term("charter", SLOT_READ),
    Term("rule", SLOT_READ),
    Term("evidence", SLOT_CREATED),
    *AWARD,
    Term("Rewarded", log(topics=4, words=3)),
)

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
    Operation(
        "drop/open",
        "opening of a drop, of any size",
        (
            TOKEN,
            *AWARD,
            BALANCE,
            Term("role", SLOT_READ),
            Term("drop", SLOT_CREATED),
            Term("DropOpened", log(topics=4, words=3)),
        ),
    ),
    Operation("claim/holder", "claim of 1,024, holder", (*CLAIM, USED_WORD, BALANCE)),
    Operation("claim/new", "claim of 1,024, new holder", (*CLAIM, USED_WORD, NEW_BALANCE)),
    Operation(
        "claim/first",
        "claim of 1,024, new holder, first of 256",
        (*CLAIM, Term("word of claims", SLOT_CREATED), NEW_BALANCE),
    ),
    Operation(
        "reward/later", "reward under a charter", (*REWARD, Term("uses", SLOT_CHANGED), BALANCE)
    ),
    Operation(
        "reward/first",
        "reward under a charter, the member's first",
        (*REWARD, Term("uses", SLOT_CREATED), BALANCE),
    ),
    Operation("redeem", "redemption", REDEMPTION),
    Operation("convert/holder", "conversion, already a holder", (*CONVERSION, BALANCE)),
    Operation("convert/new", "conversion, new holder", (*CONVERSION, NEW_BALANCE)),
    Operation("convert/carry", "conversion that keeps the points' expiry", (*CONVERSION, BALANCE)),
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
        (SIGNATURE, *SPONSORED, Term("nonce word", SLOT_CHANGED)),
    ),
    Operation(
        "sponsored/first",
        "sponsored transfer, first nonce of a word",
        (SIGNATURE, *SPONSORED, Term("nonce word", SLOT_CREATED)),
    ),
    Operation("sponsored/order", "sponsored transfer, nonce in order", (SIGNATURE, *SPONSORED)),
    Operation(
        "sponsored/passkey",
        "transfer signed by a passkey, nonce in order",
        (PASSKEY, *SPONSORED),
    ),
    Operation("sponsored/redeem", "sponsored redemption", (SIGNATURE, USED, *REDEMPTION)),
    Operation("sponsored/convert", "sponsored conversion", (SIGNATURE, USED, *CONVERSION, BALANCE)),
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
        "purse/hold",
        "points set aside in a purse",
        (
            Term("token contract", COLD_ACCOUNT),
            Term("balances", SLOT_CHANGED, 2),
            Term("purse", SLOT_CHANGED),
            TRANSFER,
            Term("Held", log(topics=4, words=1)),
        ),
    ),
    Operation(
        "purse/release",
        "purse asked back",
        (Term("purse", SLOT_CHANGED), Term("ReleaseRequested", log(topics=4, words=1))),
    ),
    vouchers("bound", "voucher in a batch of 100, the merchant's purses"),
    vouchers("shared", "voucher in a batch of 100, shared purses"),
    vouchers(
        "money",
        "voucher in a batch of 100, into money",
        Term("exchange", COLD_ACCOUNT),
        *MONEY,
        SUPPLY,
        Term("Converted", log(topics=4, words=7)),
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
