"""Settles what a till has taken, and writes behind it what became of it.

The desk settles each serial once, so that everything may be sent again at any time: what a kill
leaves undone, the next run finds on the chain or sends. A result is written down when the block
that it stands in is deep enough to stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction
from web3.exceptions import ContractLogicError
from web3.logs import DISCARD
from web3.types import TxReceipt

from zegel.admin.offline import Voucher, settling, unsettled
from zegel.chain import sending
from zegel.chain.decoders import topic_of
from zegel.chain.events import Event, Overspent, VoucherSettled
from zegel.chain.logs import decode
from zegel.chain.raw import ask
from zegel.chain.refusals import refusal
from zegel.chain.sending import Sender
from zegel.crashing import crash_point
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import Refused
from zegel.till.opening import Till
from zegel.till.sales import OPEN, OVERSPENT, PAID, REFUSED, Sale

# In one transaction.
_TOGETHER = 100

# What a payout may give less than it would have a block before, in millionths.
_SLIPPAGE = 10_000
_MILLION = 10**6

# `IOfflineDesk.Refusal`: the one that no later block mends.
_UNSIGNED = 3


@dataclass(frozen=True)
class Outcome:
    """What a run did: sales with a result, by state; those still open; what went wrong."""

    done: tuple[Sale, ...]
    open: tuple[Sale, ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What the chain says of a serial: the voucher that was settled, and how."""

    member: str
    amount: int
    guaranteed: int
    unpaid: int
    transaction: str
    block: int


def settle(till: Till, suite: Suite, sender: Sender, depth: int = 0) -> Outcome:
    """Settles everything that is open, in the name of the till or of its merchant.

    Afterwards the till must sync before it takes anything more.
    """
    work = _Work(till, suite, sender, depth)
    # What was sent before may stand in the next block.
    sending.settle(suite.connection, sender.address)
    before = {sale.serial for sale in till.sales.open()}
    work.write_results(list(till.sales.open()))
    troubles = []
    for token in {sale.token: None for sale in till.sales.open()}:
        for batch in work.batches(token):
            try:
                work.settle(token, batch)
            except Refused as refused:
                serials = ", ".join(str(sale.serial) for sale in batch)
                troubles.append(f"serials {serials} are not settled: {refused}")
    done = (till.sales.taken[serial] for serial in sorted(before))
    return Outcome(
        tuple(sale for sale in done if sale.state != OPEN),
        tuple(till.sales.open()),
        tuple(troubles),
    )


@dataclass(frozen=True)
class _Work:
    till: Till
    suite: Suite
    sender: Sender
    depth: int

    def batches(self, token: ChecksumAddress) -> Iterator[list[Sale]]:
        """The open sales of a program that the chain has not settled."""
        sales = [sale for sale in self.till.sales.open() if sale.token == token]
        left = {voucher.serial for voucher in self._left(sales)}
        sales = [sale for sale in sales if sale.serial in left]
        for start in range(0, len(sales), _TOGETHER):
            yield sales[start : start + _TOGETHER]

    def settle(self, token: ChecksumAddress, batch: Sequence[Sale]) -> None:
        """Settles one batch, with the merchant's payout where the exchange takes it."""
        call, to = self._call(token, [sale.voucher for sale in batch])
        self.till.record(
            "settling", self.till.clock(), token=token, serials=[s.serial for s in batch], to=to
        )
        crash_point("till.settling")
        receipt = self.sender.send(call, on_sent=lambda _: crash_point("till.sent"))
        crash_point("till.mined")
        unsigned = set(self._unsigned(receipt))
        for serial in unsigned:
            reason = "the desk does not take the signature"
            self._write(REFUSED, serial, reason=reason, **_place(receipt))
        rest = [sale for sale in batch if sale.serial not in unsigned]
        self.write_results(rest, receipt["blockNumber"])
        crash_point("till.settled")

    def write_results(self, sales: Sequence[Sale], since: int | None = None) -> None:
        """Writes down what the chain has made of open sales, as far as that will stay.

        `since` is the block in which they were probably settled.
        """
        if not sales:
            return
        latest = self.suite.connection.web3.eth.block_number
        block = max(0, latest - self.depth)
        second = self.suite.connection.web3.eth.get_block(block)["timestamp"]
        left = {voucher.serial for voucher in self._left(sales, block)}
        settled = [sale for sale in sales if sale.serial not in left]
        results = self._results(settled, since, block)
        for sale in sales:
            if sale.serial not in left:
                self._write_settled(sale, results.get(sale.serial), block)
            elif second >= sale.request.valid_before:
                reason = f"it ended at {sale.request.valid_before}, before it was settled"
                self._write(REFUSED, sale.serial, reason=reason, block=block)

    def _write_settled(self, sale: Sale, found: Result | None, block: int) -> None:
        if found is None:
            reason = "its serial was settled before it was asked for: revoke the till's key"
            self._write(REFUSED, sale.serial, reason=reason, block=block)
        elif (found.member, found.amount) != (sale.member.lower(), sale.amount):
            reason = (
                f"its serial was settled with a voucher of {found.member} over {found.amount}: "
                "revoke the till's key"
            )
            self._write(REFUSED, sale.serial, reason=reason, block=found.block)
        else:
            short = bool(found.guaranteed or found.unpaid)
            self._write(
                OVERSPENT if short else PAID,
                sale.serial,
                paid=sale.amount - found.unpaid,
                guaranteed=found.guaranteed,
                transaction=found.transaction,
                block=found.block,
            )

    def _write(self, state: str, serial: int, **values: str | int) -> None:
        self.till.record(state, self.till.clock(), serial=serial, **values)
        crash_point("till.writing")

    def _left(self, sales: Sequence[Sale], block: int | None = None) -> list[Voucher]:
        vouchers = [sale.voucher for sale in sales]
        return unsettled(self.suite, self.till.place.merchant, vouchers, block)

    def _call(
        self, token: ChecksumAddress, vouchers: Sequence[Voucher]
    ) -> tuple[ContractFunction, ChecksumAddress]:
        """The settlement, and what it converts the proceeds into."""
        merchant, operator = self.till.place.merchant, self.sender.address
        to = self.suite.desk.functions.payoutOf(merchant).call()
        if to not in (NOBODY, token):
            try:
                _, out = self._rehearsed(
                    settling(self.suite, (token, merchant, to, 0), vouchers, operator)
                )
            except Refused:
                # Being paid at all comes first: vouchers end, and points can be converted later.
                pass
            else:
                least = out - out * _SLIPPAGE // _MILLION
                settlement = token, merchant, to, least
                return settling(self.suite, settlement, vouchers, operator), to
        kept = settling(self.suite, (token, merchant, NOBODY, 0), vouchers, operator)
        self._rehearsed(kept)
        return kept, NOBODY

    def _rehearsed(self, call: ContractFunction) -> tuple[int, int]:
        """What a settlement would pay and give; raises `Refused` if it would be refused."""
        try:
            paid, out = call.call({"from": self.sender.address})
        except ContractLogicError as error:
            raise refusal(error, "OfflineDesk") from None
        return paid, out

    def _unsigned(self, receipt: TxReceipt) -> Iterator[int]:
        """The serials of a settlement whose signatures the desk does not take."""
        told = self.suite.desk.events.VoucherRefused().process_receipt(receipt, errors=DISCARD)
        for event in told:
            if event["args"]["refusal"] == _UNSIGNED:
                yield event["args"]["serial"]

    def _results(self, sales: Sequence[Sale], since: int | None, last: int) -> dict[int, Result]:
        """What settlements said of these serials, since the first was asked for."""
        if not sales:
            return {}
        first = min(sale.block for sale in sales)
        found = self._told(first if since is None else since, last)
        if since is not None and not all(sale.serial in found for sale in sales):
            found = self._told(first, last)
        return found

    def _told(self, first: int, last: int) -> dict[int, Result]:
        question = {
            "address": self.suite.desk.address,
            "topics": [
                [topic_of(event.__name__) for event in (VoucherSettled, Overspent)],
                None,
                None,
                "0x" + "00" * 12 + self.till.place.merchant[2:].lower(),
            ],
            "fromBlock": hex(first),
            "toBlock": hex(last),
        }
        logs = ask(self.suite.connection, "eth_getLogs", question)
        return dict(_settled(decode(self.suite.connection, logs), self.till.place.till.lower()))


def _settled(events: Iterator[Event], till: str) -> Iterator[tuple[int, Result]]:
    """The results of a till's serials. What a purse was short of stands behind its voucher."""
    before: VoucherSettled | None = None
    for event in events:
        if isinstance(event, VoucherSettled):
            before = event
            if event.till == till:
                yield event.serial, _result(event, 0, 0)
        elif isinstance(event, Overspent) and before is not None and before.till == till:
            yield before.serial, _result(before, event.guaranteed, event.unpaid)


def _result(event: VoucherSettled, guaranteed: int, unpaid: int) -> Result:
    return Result(event.member, event.amount, guaranteed, unpaid, event.transaction, event.block)


def _place(receipt: TxReceipt) -> dict[str, str | int]:
    return {
        "transaction": receipt["transactionHash"].to_0x_hex(),
        "block": receipt["blockNumber"],
    }
