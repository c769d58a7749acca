"""The sales of a till, as its queue tells them: asked for, taken, settled, paid back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from eth_typing import ChecksumAddress

from zegel.admin.offline import Voucher
from zegel.report import text
from zegel.till.queue import Record
from zegel.till.requests import Request
from zegel.till.vouchers import Answer, voucher_of

# What becomes of a voucher: taken and not settled; paid out of its purse; paid, but its purse was
# short; not settled, and never will be.
OPEN, PAID, OVERSPENT, REFUSED = "open", "paid", "overspent", "refused"


@dataclass(frozen=True)
class Place:
    """Whose till it is, and of which desk on which chain."""

    chain_id: int
    desk: ChecksumAddress
    merchant: ChecksumAddress
    till: ChecksumAddress


@dataclass(frozen=True)
class Sale:
    """A voucher that was taken. Amounts are in base units.

    `block` is the last one that the till knew when it asked for it. `receipt` is the hash of its
    record. Of `paid`, the issuer's guarantee gave `guaranteed`.
    """

    request: Request
    answer: Answer
    symbol: str
    decimals: int
    taken_at: int
    block: int
    receipt: str
    state: str = OPEN
    paid: int = 0
    guaranteed: int = 0
    reason: str = ""
    transaction: str = ""
    refunded: int = 0
    reference: str = ""

    @property
    def serial(self) -> int:
        return self.request.serial

    @property
    def token(self) -> ChecksumAddress:
        return self.request.token

    @property
    def member(self) -> ChecksumAddress:
        return self.answer.member

    @property
    def amount(self) -> int:
        return self.request.amount

    def points(self, units: int) -> str:
        """An amount of its program: 12.50 SHOP."""
        return text.points(units, self.decimals, self.symbol)

    @property
    def voucher(self) -> Voucher:
        return voucher_of(self.request, self.answer)

    @property
    def lost(self) -> int:
        """What was taken and will not be paid."""
        return 0 if self.state == OPEN else self.amount - self.paid


@dataclass(frozen=True)
class Refund:
    """Base units of a sale that are paid back, as its `part`-th refund. `transaction` is the
    transfer, once it is made."""

    serial: int
    part: int
    amount: int
    at: int
    transaction: str = ""


@dataclass(frozen=True)
class Asked:
    """A request that was shown. `reference` is the cash register's own number for the sale."""

    request: Request
    symbol: str
    decimals: int
    block: int
    at: int
    reference: str = ""
    is_cancelled: bool = False


@dataclass
class Sales:
    """All of them, by serial.

    `settled` is the number of the last record about settling, `settled_block` the last block in
    which something was, `last_at` the second of the last sale.
    """

    place: Place
    asked: dict[int, Asked] = field(default_factory=dict)
    taken: dict[int, Sale] = field(default_factory=dict)
    # (serial, part)
    refunds: dict[tuple[int, int], Refund] = field(default_factory=dict)
    settled: int = -1
    settled_block: int = 0
    last_at: int = 0
    _open: dict[int, Sale] = field(default_factory=dict)
    _by_reference: dict[str, int] = field(default_factory=dict)
    _promised: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    _unsettled: Counter[str] = field(default_factory=Counter)

    @property
    def next_serial(self) -> int:
        return len(self.asked)

    def referred(self, reference: str) -> Asked | None:
        """What was asked for last under a cash register's number, and not cancelled."""
        serial = self._by_reference.get(reference)
        asked = None if serial is None else self.asked[serial]
        return None if asked is None or asked.is_cancelled else asked

    def open(self) -> Iterator[Sale]:
        """What is not settled yet, the oldest first."""
        return iter(list(self._open.values()))

    def oldest(self) -> Sale | None:
        return next(iter(self._open.values()), None)

    def promised(self, token: str, member: str, shared: bool) -> int:
        """What a member has promised out of a purse that is not settled yet."""
        return self._promised[token, member, shared]

    def unsettled(self, token: str) -> int:
        """All points of a program that are not settled yet."""
        return self._unsettled[token]

    def members(self) -> set[tuple[ChecksumAddress, ChecksumAddress]]:
        """Who has paid here, with which points."""
        return {(sale.token, sale.member) for sale in list(self.taken.values())}

    def add(self, record: Record) -> None:
        """Takes in one more record of the queue."""
        given = record.values
        if record.kind == "asked":
            self._ask(record)
        elif record.kind == "cancelled":
            asked = self.asked[given["serial"]]
            self.asked[given["serial"]] = replace(asked, is_cancelled=True)
        elif record.kind == "taken":
            self._take(record)
        elif record.kind == "settling":
            self.settled = record.number
        elif record.kind in (PAID, OVERSPENT, REFUSED):
            self._settle(record)
        elif record.kind == "refunding":
            self._promise_back(record)
        elif record.kind == "refunded":
            key = given["serial"], given["part"]
            self.refunds[key] = replace(self.refunds[key], transaction=given["transaction"])

    def _ask(self, record: Record) -> None:
        self.last_at = max(self.last_at, record.at)
        given, place = record.values, self.place
        request = Request(
            place.chain_id,
            place.desk,
            given["token"],
            place.merchant,
            place.till,
            given["serial"],
            given["amount"],
            given["shared"],
            given["valid_before"],
        )
        self.asked[request.serial] = Asked(
            request,
            given["symbol"],
            given["decimals"],
            given["block"],
            record.at,
            given["reference"],
        )
        if given["reference"]:
            self._by_reference[given["reference"]] = request.serial

    def _take(self, record: Record) -> None:
        self.last_at = max(self.last_at, record.at)
        given = record.values
        asked = self.asked[given["serial"]]
        answer = Answer(given["serial"], given["member"], bytes.fromhex(given["signature"]))
        sale = Sale(
            asked.request,
            answer,
            asked.symbol,
            asked.decimals,
            record.at,
            asked.block,
            record.hash,
            reference=asked.reference,
        )
        self.taken[sale.serial] = self._open[sale.serial] = sale
        self._count(sale, sale.amount)

    def _settle(self, record: Record) -> None:
        given = record.values
        sale = self._open.pop(given["serial"])
        self._count(sale, -sale.amount)
        self.taken[sale.serial] = replace(
            sale,
            state=record.kind,
            paid=given.get("paid", 0),
            guaranteed=given.get("guaranteed", 0),
            reason=given.get("reason", ""),
            transaction=given.get("transaction", ""),
        )
        self.settled = record.number
        self.settled_block = max(self.settled_block, given.get("block", 0))

    def _promise_back(self, record: Record) -> None:
        given = record.values
        sale = self.taken[given["serial"]]
        refund = Refund(sale.serial, given["part"], given["amount"], record.at)
        self.refunds[refund.serial, refund.part] = refund
        self.taken[sale.serial] = replace(sale, refunded=sale.refunded + refund.amount)

    def _count(self, sale: Sale, amount: int) -> None:
        self._promised[sale.token, sale.member, sale.request.shared] += amount
        self._unsettled[sale.token] += amount
