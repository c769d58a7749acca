"""Takes money out of a program's account in the exchange.

    brownie run withdraw main SHOP 1000 0x… --network local

Input: what the account shall keep, in settlement tokens, and who receives the rest. Run it as a
treasurer of the program.
"""

from scripts._session import session
from zegel.admin.funds import withdraw
from zegel.admin.inputs import address, units


def main(symbol: str, keep: str, recipient: str) -> None:
    with session() as here:
        amount = units(keep, here.suite.money_decimals, "keep")
        who = address(recipient, "recipient")
        here.carry_out(withdraw(here.suite, here.sender, symbol, amount, who))
