"""Settles what a till has taken, and writes behind it what became of it.

The desk settles each serial once, so that everything may be sent again at any time: what a kill
leaves undone, the next run finds on the chain or sends. A result is written down when the block
that it stands in is deep enough to stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction
from web3.exceptions import ContractLogicError, Web3RPCError
from web3.logs import DISCARD
from web3.types import TxReceipt

from zegel.admin.offline import Voucher, settling, unsettled
from zegel.chain.refusals import refusal
from zegel.chain.sending import MAX_GAS
from zegel.crashing import crash_point
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import Refused
from zegel.till.carrying import Carrier, Settlement, TooLargeError
from zegel.till.opening import Till
from zegel.till.results import Result, results
from zegel.till.sales import OPEN, OVERSPENT, PAID, REFUSED, Sale

# In one transaction: so many vouchers, and so many bytes of them. Nodes take 128 kB.
_TOGETHER = 200
_MOST_BYTES = 100_000
# A voucher's own, beside its signature.
_BYTES_EACH = 320

# Beyond that, what is estimated may not be enough.
_MOST_GAS = MAX_GAS * 9 // 10

# What a payout may give less than it would have a block before, in millionths.
_SLIPPAGE = 10_000
_MILLION = 10**6

# `IOfflineDesk.Refusal`: the one that no later block mends.
_UNSIGNED = 3

# Refused to the merchant or to the till, whatever the vouchers are.
_ABOUT_ALL = ("NotTill", "ProgramUnknown", "OtherTill", "MemberFrozen")


@dataclass(frozen=True)
class Outcome:
    """What a run did: sales with a result, by state; those still open; what went wrong."""

    done: tuple[Sale, ...]
    open: tuple[Sale, ...]
    troubles: tuple[str, ...]


def settle(till: Till, suite: Suite, carrier: Carrier, depth: int = 0) -> Outcome:
    """Settles everything that is open, in the name of the till or of its merchant.

    Afterwards the till must sync before it takes anything more.
    """
    work = _Work(till, suite, carrier, depth)
    # What was sent before may stand in the next block.
    carrier.wait()
    before = {sale.serial for sale in till.sales.open()}
    work.write_results(list(till.sales.open()))
    troubles: list[str] = []
    for token in {sale.token: None for sale in till.sales.open()}:
        for batch in work.batches(token):
            troubles += work.troubles(token, batch)
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
    carrier: Carrier
    depth: int

    def batches(self, token: ChecksumAddress) -> Iterator[list[Sale]]:
        """The open sales of a program that the chain has not settled."""
        sales = [sale for sale in self.till.sales.open() if sale.token == token]
        left = {voucher.serial for voucher in self._left(sales)}
        yield from _cut([sale for sale in sales if sale.serial in left])

    def troubles(self, token: ChecksumAddress, batch: Sequence[Sale]) -> Iterator[str]:
        """Settles a batch, in halves where it does not go as a whole; says what does not go."""
        try:
            self._settle(token, batch)
        except (Refused, TooLargeError) as error:
            is_about_all = isinstance(error, Refused) and error.error in _ABOUT_ALL
            if len(batch) == 1 or is_about_all:
                serials = ", ".join(str(sale.serial) for sale in batch)
                yield f"serials {serials} are not settled: {error}"
                return
            middle = len(batch) // 2
            yield from self.troubles(token, batch[:middle])
            yield from self.troubles(token, batch[middle:])

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
        found = results(self.suite, self.till.place, settled, since, block)
        for sale in sales:
            if sale.serial not in left:
                self._write_settled(sale, found.get(sale.serial), block)
            elif second >= sale.request.valid_before:
                reason = f"it ended at {sale.request.valid_before}, before it was settled"
                self._write(REFUSED, sale.serial, reason=reason, block=block)

    def _settle(self, token: ChecksumAddress, batch: Sequence[Sale]) -> None:
        """Settles one batch, with the merchant's payout where the exchange takes it."""
        vouchers = [sale.voucher for sale in batch]
        settlement = self._settlement(token, vouchers)
        serials = [sale.serial for sale in batch]
        self.till.record(
            "settling", self.till.clock(), token=token, serials=serials, to=settlement[2]
        )
        crash_point("till.settling")
        receipt = self.carrier.carry(
            self.suite, settlement, vouchers, lambda: crash_point("till.sent")
        )
        crash_point("till.mined")
        unsigned = set(self._unsigned(receipt))
        for serial in unsigned:
            reason = "the desk does not take the signature"
            self._write(REFUSED, serial, reason=reason, **_place(receipt))
        rest = [sale for sale in batch if sale.serial not in unsigned]
        self.write_results(rest, receipt["blockNumber"])
        crash_point("till.settled")

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

    def _settlement(self, token: ChecksumAddress, vouchers: Sequence[Voucher]) -> Settlement:
        """What is done with vouchers, and what the proceeds become. Raises if it cannot be."""
        merchant = self.till.place.merchant
        to = self.suite.desk.functions.payoutOf(merchant).call()
        if to not in (NOBODY, token):
            try:
                _, out = self._rehearsed(self._call((token, merchant, to, 0), vouchers))
            except Refused:
                # Being paid at all comes first: vouchers end, and points can be converted later.
                pass
            else:
                least = out - out * _SLIPPAGE // _MILLION
                return self._fitting((token, merchant, to, least), vouchers)
        return self._fitting((token, merchant, NOBODY, 0), vouchers)

    def _fitting(self, settlement: Settlement, vouchers: Sequence[Voucher]) -> Settlement:
        """The settlement, if one transaction holds it."""
        call = self._call(settlement, vouchers)
        try:
            gas = call.estimate_gas({"from": self.carrier.operator})
        except ContractLogicError as error:
            raise refusal(error, "OfflineDesk") from None
        except Web3RPCError as error:
            raise TooLargeError(f"the node does not estimate its gas: {error}") from None
        if gas > _MOST_GAS:
            raise TooLargeError(f"{gas} gas are more than a transaction may take")
        return settlement

    def _call(self, settlement: Settlement, vouchers: Sequence[Voucher]) -> ContractFunction:
        return settling(self.suite, settlement, vouchers, self.carrier.operator)

    def _rehearsed(self, call: ContractFunction) -> tuple[int, int]:
        """What a settlement would pay and give; raises `Refused` if it would be refused."""
        try:
            paid, out = call.call({"from": self.carrier.operator})
        except ContractLogicError as error:
            raise refusal(error, "OfflineDesk") from None
        return paid, out

    def _unsigned(self, receipt: TxReceipt) -> Iterator[int]:
        """The serials of a settlement whose signatures the desk does not take."""
        told = self.suite.desk.events.VoucherRefused().process_receipt(receipt, errors=DISCARD)
        for event in told:
            if event["args"]["refusal"] == _UNSIGNED:
                yield event["args"]["serial"]


def _cut(sales: Sequence[Sale]) -> Iterator[list[Sale]]:
    """Sales by the transaction."""
    batch: list[Sale] = []
    size = 0
    for sale in sales:
        own = _BYTES_EACH + len(sale.answer.signature)
        if batch and (len(batch) == _TOGETHER or size + own > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(sale)
        size += own
    if batch:
        yield batch


def _place(receipt: TxReceipt) -> dict[str, str | int]:
    return {
        "transaction": receipt["transactionHash"].to_0x_hex(),
        "block": receipt["blockNumber"],
    }
