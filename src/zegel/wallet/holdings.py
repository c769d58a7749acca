"""All points of a member, program by program, with what expires when."""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_typing import ChecksumAddress

from zegel.deploy.suite import Suite
from zegel.wallet.assets import Asset, money, points, programs


@dataclass(frozen=True)
class Holding:
    """What a member has of one program.

    `expiries` are the seconds at which so many points expire, soonest first. `value` is what the
    issuer's bid makes of them now, in base units of money, rounded down.
    """

    asset: Asset
    balance: int
    expiries: tuple[tuple[int, int], ...]
    value: int
    is_frozen: bool


def holdings(suite: Suite, member: ChecksumAddress) -> Iterator[Holding]:
    """The programs of which a member has points."""
    unit = 10 ** money(suite).decimals
    for token in programs(suite):
        contract = suite.connection.contract("PointToken", token).functions
        balance = contract.balanceOf(member).call()
        if not balance:
            continue
        held = points(suite, token)
        bid, *_ = suite.exchange.functions.programOf(token).call()
        yield Holding(
            held,
            balance,
            tuple((expiry, amount) for expiry, amount in contract.expiries(member).call()),
            balance * bid * unit // (10**12 * 10**held.decimals),
            contract.isFrozen(member).call(),
        )
