"""Tops a program's account in the exchange up, from the money of the account that runs it.

    brownie run fund main SHOP 5000 --network local
    brownie run fund by_permit SHOP 5000 --network local

Input: what the account shall hold, in settlement tokens; not what to add, so that a second run
sends nothing. `by_permit` signs a permit in the place of an approval, and needs a keystore.
"""

from scripts._session import session
from zegel.admin import funds
from zegel.admin.inputs import units
from zegel.chain.sending import KeySender
from zegel.errors import AccountLocked


def main(symbol: str, target: str) -> None:
    with session() as here:
        amount = units(target, here.suite.money_decimals, "target")
        here.carry_out(funds.fund(here.suite, here.sender, symbol, amount))


def by_permit(symbol: str, target: str) -> None:
    with session() as here:
        amount = units(target, here.suite.money_decimals, "target")
        if not isinstance(here.sender, KeySender):
            raise AccountLocked("a permit is signed here: set ZEGEL_ACCOUNT to a keystore")
        here.carry_out(funds.fund_by_permit(here.suite, here.sender, symbol, amount))
