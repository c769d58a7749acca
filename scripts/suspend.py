"""Suspends a program in the whole network, at once; and lets it come back, after a delay.

    brownie run suspend main SHOP "audit" --network local
    brownie run suspend schedule SHOP "audit passed" --network local
    brownie run suspend reinstate SHOP --network local

Input: the program, and why: text of at most 31 characters, or a hash. Run `main` as an operator of
the registry, `schedule` as its default admin; two days later anyone may `reinstate`.
"""

from scripts._session import session
from zegel.admin import suspensions
from zegel.admin.inputs import word


def main(symbol: str, reason: str) -> None:
    with session() as here:
        here.carry_out(suspensions.suspend(here.suite, here.sender, symbol, word(reason)))


def schedule(symbol: str, reason: str) -> None:
    with session() as here:
        why = word(reason)
        here.carry_out(suspensions.schedule_reinstatement(here.suite, here.sender, symbol, why))


def reinstate(symbol: str) -> None:
    with session() as here:
        here.carry_out(suspensions.reinstate(here.suite, here.sender, symbol))
