"""What members do with their points: send, redeem, convert.

Nothing here can be told apart from a repetition, so nothing is sent twice by itself: each call is
rehearsed, and sent once.
"""

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction
from web3.types import TxReceipt

from zegel.admin.acts import rehearsed
from zegel.chain.sending import Sender
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError, PlanRefused
from zegel.wallet.assets import Asset
from zegel.wallet.quotes import Quote

_SECONDS_TO_CONVERT = 600
_MILLION = 1_000_000


def send(
    suite: Suite, sender: Sender, asset: Asset, recipient: ChecksumAddress, amount: int
) -> TxReceipt:
    """Sends points to someone else; they keep their expiry."""
    token = suite.connection.contract("PointToken", asset.address)
    return _carry_out(sender, token.functions.transfer(recipient, amount))


def redeem(suite: Suite, sender: Sender, asset: Asset, amount: int, ref: bytes) -> TxReceipt:
    """Destroys points for what the issuer gives; `ref` is the shop's order."""
    if asset.is_money:
        raise ConfigError(f"{asset.symbol} is money: only points are redeemed")
    token = suite.connection.contract("PointToken", asset.address)
    return _carry_out(sender, token.functions.redeem(amount, ref))


def convert(suite: Suite, sender: Sender, quoted: Quote, slippage: int) -> TxReceipt:
    """Converts points into others, or into or from money, as a quote says.

    What is received may fall short of the quote by `slippage` millionths. Money is approved first,
    for this amount only.
    """
    source, target, amount, member = quoted.source, quoted.target, quoted.amount, sender.address
    quoted.check()
    if source.is_money:
        approve = suite.settlement_token.functions.approve(suite.exchange.address, amount)
        _carry_out(sender, approve)
    least = quoted.out * (_MILLION - slippage) // _MILLION
    deadline = suite.connection.timestamp() + _SECONDS_TO_CONVERT
    addresses = source.address, target.address
    return _carry_out(
        sender, suite.exchange.functions.convert(*addresses, amount, least, member, deadline)
    )


def _carry_out(sender: Sender, call: ContractFunction) -> TxReceipt:
    refusal = rehearsed(call, sender.address)
    if refusal:
        raise PlanRefused(refusal)
    return sender.send(call)
