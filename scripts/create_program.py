"""Creates a program: its token, listed in the exchange, with the roles and budgets of the file.

    brownie run create_program main network.toml SHOP --network local

Input: a settings file with a table [programs.SHOP] (see `zegel.admin.state`). Run it as an account
that is accredited. Roles and budgets are given by the program's admin: if that is someone
else, it runs `brownie run hand_over grant network.toml SHOP`.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin.acts import Program, after_creation
from zegel.admin.network import plan_powers
from zegel.admin.programs import create_program
from zegel.admin.state import load


def main(settings: str, symbol: str) -> None:
    with session() as here:
        state = load(Path(settings)).program(symbol)
        plan = create_program(here.suite, here.sender, state.settings, here.book)
        if state.settings.admin in (None, here.sender.address):
            powers = plan_powers(here.suite, here.sender, state)
            plan += after_creation(Program(here.suite, symbol), powers)
        here.carry_out(plan)
