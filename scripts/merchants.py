"""Registers merchants and their tills, strikes merchants off, revokes tills.

    brownie run merchants main 0x… "Corner Shop" --network local
    brownie run merchants remove 0x… "left the network" --network local
    brownie run merchants till 0x… --network local
    brownie run merchants revoke_till 0x… --network local

Input: the merchant and its name, or why it goes (text of at most 31 characters, or a hash); or the
till. Run the first two as an operator of the registry, the others as the merchant. Operators revoke
any till.
"""

from scripts._session import session
from zegel.admin import merchants
from zegel.admin.inputs import address, word


def main(merchant: str, name: str) -> None:
    with session() as here:
        who = address(merchant, "merchant")
        here.carry_out(merchants.register(here.suite, here.sender, who, name))


def remove(merchant: str, reason: str) -> None:
    with session() as here:
        who, why = address(merchant, "merchant"), word(reason)
        here.carry_out(merchants.remove(here.suite, here.sender, who, why))


def till(key: str) -> None:
    with session() as here:
        which = address(key, "till")
        here.carry_out(merchants.register_till(here.suite, here.sender, which))


def revoke_till(key: str) -> None:
    with session() as here:
        which = address(key, "till")
        here.carry_out(merchants.revoke_till(here.suite, here.sender, which))
