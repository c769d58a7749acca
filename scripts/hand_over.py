"""Hands all power of the account that runs it over to another one, in two steps; or single roles.

    brownie run hand_over main 0x… --network local              the registry
    brownie run hand_over main 0x… SHOP --network local         a program
    brownie run hand_over accept SHOP --network local           as the other account
    brownie run hand_over grant network.toml SHOP --network local
    brownie run hand_over revoke pricer 0x… SHOP --network local

Operational roles and the budget move at once; the default admin's power when the other account
accepts it, after the delay that the contract was created with. `grant` gives the roles and budgets
of a settings file. Run it as the default admin.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin import powers
from zegel.admin.inputs import address
from zegel.admin.network import plan_powers
from zegel.admin.state import load


def main(new_admin: str, symbol: str = "") -> None:
    with session() as here:
        who = address(new_admin, "new admin")
        here.carry_out(powers.hand_over(here.suite, here.sender, symbol or None, who))


def accept(symbol: str = "") -> None:
    with session() as here:
        here.carry_out(powers.accept(here.suite, here.sender, symbol or None))


def grant(settings: str, symbol: str) -> None:
    with session() as here:
        state = load(Path(settings)).program(symbol)
        here.carry_out(plan_powers(here.suite, here.sender, state))


def revoke(role: str, account: str, symbol: str = "") -> None:
    with session() as here:
        named, who = powers.role_named(role, symbol or None), address(account, "account")
        here.carry_out(powers.revoke(here.suite, here.sender, symbol or None, named, who))
