"""Pauses a program, shuts its exchange out, or suspends it in the whole network; and back.

    brownie run pause main SHOP --network local
    brownie run pause unpause SHOP --network local
    brownie run pause shut_exchange SHOP --network local
    brownie run pause open_exchange SHOP --network local
    brownie run pause suspend SHOP "audit" --network local
    brownie run pause reinstate SHOP "audit passed" --network local

To stop takes a guardian of the program, to go on its default admin; to suspend takes an operator
of the registry, to reinstate its default admin.
"""

from scripts._session import session
from zegel.admin import safety
from zegel.admin.inputs import word


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


def suspend(symbol: str, reason: str) -> None:
    with session() as here:
        here.carry_out(safety.suspend(here.suite, here.sender, symbol, word(reason)))


def reinstate(symbol: str, reason: str) -> None:
    with session() as here:
        here.carry_out(safety.reinstate(here.suite, here.sender, symbol, word(reason)))
