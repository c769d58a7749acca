"""How a settlement gets to the desk: the till sends it, or signs it for somebody who has gas money.

Whoever carries it can leave it undone, and nothing else: what is settled, for whom, and what the
proceeds become is signed.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from eth_typing import ChecksumAddress
from hexbytes import HexBytes
from web3.types import TxReceipt

from zegel.admin.offline import Voucher, settlement_message, settling
from zegel.chain import sending
from zegel.chain.messages import Message
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import ChainError

# Token, merchant, what the proceeds become, and how much of it at least.
Settlement = tuple[ChecksumAddress, ChecksumAddress, ChecksumAddress, int]

# What a relay calls it.
_TOO_LARGE = "urn:zegel:too-much-gas"

_SECONDS_TO_ANSWER = 20
_SECONDS_TO_MINE = 300
_PAUSE = 0.5


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
        message = settlement_message(suite, settlement, vouchers)
        told = self._post(message, self.signer.sign(message), vouchers)
        on_sent()
        return sending.wait(suite.connection, HexBytes(self._transaction(told)))

    def _post(
        self, message: Message, signature: bytes, vouchers: Sequence[Voucher]
    ) -> dict[str, Any]:
        body = {
            "typedData": message.typed_data(),
            "signature": "0x" + signature.hex(),
            "with": {
                "operator": self.operator,
                "signatures": ["0x" + voucher.signature.hex() for voucher in vouchers],
            },
        }
        return self._asked("POST", "/v1/messages", body)

    def _transaction(self, told: dict[str, Any]) -> str:
        """The hash of the transaction in which the relay had it done."""
        end = time.monotonic() + _SECONDS_TO_MINE
        while told.get("state") not in ("mined", "final"):
            if told.get("state") == "failed":
                raise ChainError(f"{self.url} could not settle: {told.get('reason')}")
            if time.monotonic() > end:
                raise ChainError(
                    f"{self.url} has not settled {told.get('id')} after {_SECONDS_TO_MINE} s: "
                    "settle again later, nothing is settled twice"
                )
            time.sleep(_PAUSE)
            told = self._asked("GET", f"/v1/messages/{told.get('id')}")
        return str(told["transaction"])

    def _asked(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            answer = requests.request(
                method, self.url.rstrip("/") + path, json=body, timeout=_SECONDS_TO_ANSWER
            )
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise ChainError(
                f"the relay at {self.url} does not answer ({type(error).__name__}): "
                "try again later, or settle without it"
            ) from None
        if isinstance(told, dict) and answer.ok:
            return told
        problem = told if isinstance(told, dict) else {}
        detail = problem.get("detail") or f"HTTP {answer.status_code}"
        refused = f"the relay at {self.url} refused: {detail}"
        raise TooLargeError(refused) if problem.get("type") == _TOO_LARGE else ChainError(refused)
