"""Names that Beancount and hledger accept, whatever a program calls itself.

A commodity is two to twenty capitals and digits, and begins with a letter. Symbols that are none,
or that two tokens share, are changed, the same way every time.
"""

import re

from zegel.report.bookkeeping.entries import NETWORK, Account
from zegel.report.network import Network

_OTHER = re.compile(r"[^A-Z0-9]")
_LONGEST = 20
# Beancount reads them as values.
_TAKEN = frozenset({"TRUE", "FALSE", "NULL"})


def commodity_names(network: Network) -> dict[str, str]:
    """A name for the money, which comes first, and for the points of each program."""
    symbols = {network.money.token: network.money.symbol}
    symbols |= {token: network.programs[token].symbol for token in sorted(network.programs)}
    names: dict[str, str] = {}
    used = set(_TAKEN)
    for token, symbol in symbols.items():
        name = base = _legal(symbol)
        number = 2
        while name in used:
            name, number = f"{base}-{number}", number + 1
        names[token] = name
        used.add(name)
    return names


def account_name(account: Account, names: dict[str, str]) -> str:
    """An account's name: Liabilities:SHOP:Points."""
    owner = "Network" if account.owner == NETWORK else names[account.owner]
    words = "".join(word.capitalize() for word in account.name.split())
    return f"{account.root}:{owner}:{words}"


def _legal(symbol: str) -> str:
    name = _OTHER.sub("", symbol.upper())[:_LONGEST]
    return name if len(name) > 1 and name[0].isalpha() else f"P{name}0"[:_LONGEST]
