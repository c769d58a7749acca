"""What members do with their points where a relay pays: they sign, and it carries out.

Every message bears the next number of its member, so that it counts once, whatever is tried again.
"""

from collections.abc import Mapping
from typing import Any

from eth_typing import ChecksumAddress
from web3.types import TxReceipt

from zegel.chain.messages import Domain, Message, sequential
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError
from zegel.relay.client import RelayClient
from zegel.wallet.assets import Asset
from zegel.wallet.quotes import Quote

_SECONDS_TO_SEND = 600
_MILLION = 1_000_000


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
    relay = RelayClient(url)
    sent = relay.wait(relay.hand_in(message, sender.sign(message)))
    return suite.connection.web3.eth.get_transaction_receipt(sent)


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
