"""Every program of the network: who issues it, what it pays and charges, what it owes."""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from web3.contract import Contract

from zegel.admin.suspensions import SUSPENDED
from zegel.deploy.suite import Suite
from zegel.wallet.assets import Asset, points, programs


@dataclass(frozen=True)
class Listing:
    """A program as it stands. Prices are trillionths of money a point; 0 where none is set.

    `legal_name` and `domain` are what a verifier vouched for, and empty where nobody does now.
    `account` is the issuer's money in the exchange, `supply` all points that are alive.
    """

    asset: Asset
    issuer: ChecksumAddress
    legal_name: str
    domain: str
    bid: int
    ask: int
    account: int
    supply: int
    state: str


def listings(suite: Suite) -> Iterator[Listing]:
    """All programs, in the order in which they were created."""
    for token in programs(suite):
        yield listing(suite, token)


def listing(suite: Suite, token: ChecksumAddress) -> Listing:
    registry, exchange = suite.registry.functions, suite.exchange.functions
    contract = suite.connection.contract("PointToken", token)
    issuer = registry.entryOf(token).call()[1]
    legal_name = domain = ""
    if registry.isAccredited(issuer).call():
        credential, *_ = registry.credentialOf(issuer).call()
        legal_name, domain = credential[1], credential[3]
    bid, ask, account, *_, flags = exchange.programOf(token).call()
    return Listing(
        asset=points(suite, token),
        issuer=issuer,
        legal_name=legal_name,
        domain=domain,
        bid=bid,
        ask=ask,
        account=account,
        supply=contract.functions.totalSupply().call(),
        state=_state(contract, flags),
    )


def _state(token: Contract, flags: int) -> str:
    """What keeps a program from being used as usual, or `open`."""
    if flags & SUSPENDED:
        return "suspended"
    if token.functions.isPaused().call():
        return "paused"
    return "open" if token.functions.isExchangeOn().call() else "no conversions"
