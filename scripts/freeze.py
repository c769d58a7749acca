"""Freezes a member, unfreezes it, or moves its points to another account of the same member.

    brownie run freeze main SHOP 0x… "stolen phone" --network local
    brownie run freeze unfreeze SHOP 0x… "found again" --network local
    brownie run freeze recover SHOP 0x… 0x… "stolen phone" --network local

Input: the member (to recover: the frozen account, then the new one), and why: text of at most 31
characters, or a hash. Run it as a freezer of the program, or as a recoverer.
"""

from scripts._session import session
from zegel.admin import safety
from zegel.admin.inputs import address, word


def main(symbol: str, member: str, reason: str) -> None:
    with session() as here:
        who, why = address(member, "member"), word(reason)
        here.carry_out(safety.freeze(here.suite, here.sender, symbol, who, why))


def unfreeze(symbol: str, member: str, reason: str) -> None:
    with session() as here:
        who, why = address(member, "member"), word(reason)
        here.carry_out(safety.unfreeze(here.suite, here.sender, symbol, who, why))


def recover(symbol: str, frozen: str, new: str, reason: str) -> None:
    with session() as here:
        old_and_new = address(frozen, "frozen"), address(new, "new")
        plan = safety.recover(here.suite, here.sender, symbol, *old_and_new, word(reason))
        here.carry_out(plan)
