"""What members do with their points where a relay pays: they sign, and it carries out.

Every message bears the next number of its member, so that it counts once, whatever is tried again.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from eth_typing import ChecksumAddress
from hexbytes import HexBytes
from web3.types import TxReceipt

from zegel.chain.messages import Domain, Message, sequential
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError, RelayRefused
from zegel.wallet.assets import Asset
from zegel.wallet.quotes import Quote

_SECONDS_TO_SEND = 600
_MILLION = 1_000_000

_SECONDS_TO_ANSWER = 30
_TRIES = 3
_PAUSE = 0.2


def send(
    suite: Suite, member: ChecksumAddress, asset: Asset, recipient: ChecksumAddress, amount: int
) -> Message:
    """Points for someone else; they keep their expiry."""
    values = {"from": member, "to": recipient, "value": amount}
    return _message(suite, "TransferWithAuthorization", member, asset, values)


def redeem(suite: Suite, member: ChecksumAddress, asset: Asset, amount: int, ref: bytes) -> Message:
    """Points given up for what the issuer gives; `ref` is the shop's order."""
    values = {"member": member, "amount": amount, "ref": ref}
    return _message(suite, "RedeemWithAuthorization", member, asset, values)


def convert(suite: Suite, member: ChecksumAddress, quoted: Quote, slippage: int) -> Message:
    """Points for others, or for money, as a quote says, which may fall short by `slippage`
    millionths."""
    quoted.check()
    values = {
        "exchange": suite.exchange.address,
        "member": member,
        "from": quoted.source.address,
        "to": quoted.target.address,
        "amount": quoted.amount,
        "minOut": quoted.out * (_MILLION - slippage) // _MILLION,
        "recipient": member,
    }
    return _message(suite, "ConvertWithAuthorization", member, quoted.source, values)


def carry_out(suite: Suite, sender: Sender, url: str, message: Message) -> TxReceipt:
    """Signs a message, hands it to the relay at a URL, and waits until it stands in a block."""
    signature = "0x" + sender.sign(message).hex()
    body = {"typedData": message.typed_data(), "signature": signature}
    at = _Door(url.rstrip("/") + "/v1/messages")
    told = at.ask("post", "", body)
    end = time.monotonic() + _SECONDS_TO_SEND
    while told["block"] is None:
        if told["state"] == "failed":
            break
        if time.monotonic() > end:
            raise RelayRefused(
                "NotSent",
                f"{url}: {told['id']} is in no block after {_SECONDS_TO_SEND} s: ask again later",
            )
        time.sleep(_PAUSE)
        told = at.ask("get", f"/{told['id']}")
    if told["state"] == "failed":
        raise RelayRefused("Failed", f"{url}: it was not carried out: {told['reason']}")
    return suite.connection.web3.eth.get_transaction_receipt(HexBytes(told["transaction"]))


def _message(
    suite: Suite, kind: str, member: ChecksumAddress, asset: Asset, values: Mapping[str, Any]
) -> Message:
    if asset.is_money:
        raise ConfigError(f"{asset.symbol} is money: leave --relay out, it relays points alone")
    token = suite.connection.contract("PointToken", asset.address)
    times = {
        "validAfter": 0,
        "validBefore": suite.connection.timestamp() + _SECONDS_TO_SEND,
        "nonce": sequential(token.functions.nonces(member).call()),
    }
    domain = Domain(asset.name, suite.connection.chain_id, asset.address)
    return Message(kind, domain, {**values, **times})


@dataclass(frozen=True)
class _Door:
    """Where a relay takes messages. All of it may be asked twice."""

    url: str

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = self._answer(method, path, body)
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise ConfigError(f"{self.url} is no relay: HTTP {answer.status_code} without JSON")
        if answer.ok:
            return told
        reason = str(told.get("type", "")).rpartition(":")[2]
        detail = told.get("detail", f"HTTP {answer.status_code}")
        raise RelayRefused(reason, f"the relay refused it: {detail}")

    def _answer(self, method: str, path: str, body: object) -> requests.Response:
        for attempt in range(_TRIES):
            try:
                return requests.request(
                    method, self.url + path, json=body, timeout=_SECONDS_TO_ANSWER
                )
            except requests.RequestException as error:
                last = type(error).__name__
                time.sleep(_PAUSE * attempt)
        raise ConfigError(f"{self.url}: no relay answers ({last}): mend --relay, or leave it out")
