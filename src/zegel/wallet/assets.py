"""What can be held and converted: the points of every program, and the settlement money."""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_typing import ChecksumAddress
from web3 import Web3

from zegel.admin.inputs import shown, units
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError

_PAGE = 100


@dataclass(frozen=True)
class Asset:
    """Points of a program, or the settlement token."""

    address: ChecksumAddress
    symbol: str
    name: str
    decimals: int
    is_money: bool = False

    def units(self, text: str, what: str = "amount") -> int:
        """The base units of a decimal number, which must be more than nothing."""
        amount = units(text, self.decimals, what)
        if not amount:
            raise ConfigError(f"{what}: {text} {self.symbol} is nothing: name more")
        return amount

    def shown(self, amount: int) -> str:
        return f"{shown(amount, self.decimals)} {self.symbol}"


def money(suite: Suite) -> Asset:
    """The settlement token."""
    functions = suite.settlement_token.functions
    return Asset(
        suite.settlement_token.address,
        functions.symbol().call(),
        functions.name().call(),
        suite.money_decimals,
        is_money=True,
    )


def points(suite: Suite, address: str) -> Asset:
    """The points of the program at an address."""
    token = suite.connection.contract("PointToken", address)
    return Asset(
        token.address,
        token.functions.symbol().call(),
        token.functions.name().call(),
        token.functions.decimals().call(),
    )


def programs(suite: Suite) -> Iterator[ChecksumAddress]:
    """The tokens of all programs, in the order in which they were created."""
    count = suite.registry.functions.programCount().call()
    for offset in range(0, count, _PAGE):
        for token, *_ in suite.registry.functions.programs(offset, _PAGE).call():
            yield Web3.to_checksum_address(token)


def asset(suite: Suite, name: str) -> Asset:
    """What a symbol stands for: of a program, or of the settlement token.

    A program may bear the symbol of the money; then the program is meant.
    """
    cash = money(suite)
    if name == cash.symbol:
        try:
            return points(suite, suite.token(name).address)
        except ConfigError:
            return cash
    return points(suite, suite.token(name).address)
