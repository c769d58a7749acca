"""How a settlement gets to the desk: the till sends it, or signs it for somebody who has gas money.

Whoever carries it can leave it undone, and nothing else: what is settled, for whom, and what the
proceeds become is signed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from eth_typing import ChecksumAddress
from web3.types import TxReceipt

from zegel.admin.offline import Voucher, settlement_message, settling
from zegel.chain import sending
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import RelayRefused
from zegel.relay.client import RelayClient
from zegel.relay.reasons import TOO_MUCH_GAS

# Token, merchant, what the proceeds become, and how much of it at least.
Settlement = tuple[ChecksumAddress, ChecksumAddress, ChecksumAddress, int]


class TooLargeError(Exception):
    """A settlement takes more than one transaction."""


class Carrier(Protocol):
    """Brings settlements to the desk. The `operator` answers for them: the merchant or its till."""

    @property
    def operator(self) -> ChecksumAddress: ...

    def wait(self) -> None:
        """Waits for what was sent before."""

    def carry(
        self,
        suite: Suite,
        settlement: Settlement,
        vouchers: Sequence[Voucher],
        on_sent: Callable[[], None],
    ) -> TxReceipt:
        """Has vouchers settled, and waits until that stands in a block.

        Raises `TooLargeError` if fewer vouchers would do.
        """


@dataclass(frozen=True)
class Own:
    """The operator sends, and pays the gas."""

    sender: Sender

    @property
    def operator(self) -> ChecksumAddress:
        return self.sender.address

    def wait(self) -> None:
        sending.settle(self.sender.connection, self.operator)

    def carry(
        self,
        suite: Suite,
        settlement: Settlement,
        vouchers: Sequence[Voucher],
        on_sent: Callable[[], None],
    ) -> TxReceipt:
        call = settling(suite, settlement, vouchers, self.operator)
        return self.sender.send(call, on_sent=lambda _: on_sent())


@dataclass(frozen=True)
class Helped:
    """The operator signs, and another account sends and pays the gas."""

    signer: Sender
    helper: Sender

    @property
    def operator(self) -> ChecksumAddress:
        return self.signer.address

    def wait(self) -> None:
        sending.settle(self.helper.connection, self.helper.address)

    def carry(
        self,
        suite: Suite,
        settlement: Settlement,
        vouchers: Sequence[Voucher],
        on_sent: Callable[[], None],
    ) -> TxReceipt:
        signature = self.signer.sign(settlement_message(suite, settlement, vouchers))
        call = settling(suite, settlement, vouchers, self.operator, signature)
        return self.helper.send(call, on_sent=lambda _: on_sent())


@dataclass(frozen=True)
class Relayed:
    """The operator signs, and the relay at a URL sends."""

    signer: Sender
    url: str

    @property
    def operator(self) -> ChecksumAddress:
        return self.signer.address

    def wait(self) -> None:
        """Nothing: what a relay does twice the desk does once."""

    def carry(
        self,
        suite: Suite,
        settlement: Settlement,
        vouchers: Sequence[Voucher],
        on_sent: Callable[[], None],
    ) -> TxReceipt:
        relay, message = RelayClient(self.url), settlement_message(suite, settlement, vouchers)
        beside = {
            "operator": self.operator,
            "signatures": ["0x" + voucher.signature.hex() for voucher in vouchers],
        }
        try:
            receipt = relay.hand_in(message, self.signer.sign(message), beside)
        except RelayRefused as refused:
            if refused.reason == TOO_MUCH_GAS:
                raise TooLargeError(str(refused)) from None
            raise
        on_sent()
        return sending.wait(suite.connection, relay.wait(receipt))
