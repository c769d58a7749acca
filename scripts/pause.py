"""Pauses a program, or shuts its exchange out; and back.

    brownie run pause main SHOP --network local
    brownie run pause unpause SHOP --network local
    brownie run pause shut_exchange SHOP --network local
    brownie run pause open_exchange SHOP --network local

To stop takes a guardian of the program, to go on its default admin. Operators of the network stop a
program by `brownie run suspend`.
"""

from scripts._session import session
from zegel.admin import safety


def main(symbol: str) -> None:
    with session() as here:
        here.carry_out(safety.pause(here.suite, here.sender, symbol))


def unpause(symbol: str) -> None:
    with session() as here:
        here.carry_out(safety.unpause(here.suite, here.sender, symbol))


def shut_exchange(symbol: str) -> None:
    with session() as here:
        here.carry_out(safety.switch_exchange(here.suite, here.sender, symbol, on=False))


def open_exchange(symbol: str) -> None:
    with session() as here:
        here.carry_out(safety.switch_exchange(here.suite, here.sender, symbol, on=True))
