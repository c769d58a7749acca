"""Sets a program's limits: price guards, money per day, cash-out and top-up.

    brownie run set_limits main network.toml SHOP --network local
    brownie run set_limits budget SHOP 0x… 10000 86400 --network local
    brownie run set_limits revoke_budget SHOP 0x… --network local

Input: a settings file; or an awarder, the points that it may award, and in how many seconds. Run it
as the default admin of the program, `revoke_budget` as a guardian.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin import limits
from zegel.admin.inputs import address, units
from zegel.admin.network import plan_limits
from zegel.admin.state import load


def main(settings: str, symbol: str) -> None:
    with session() as here:
        state = load(Path(settings)).program(symbol)
        here.carry_out(plan_limits(here.suite, here.sender, state))


def budget(symbol: str, awarder: str, points: str, period: str) -> None:
    with session() as here:
        limit = units(points, here.suite.token(symbol).functions.decimals().call(), "points")
        who, seconds = address(awarder, "awarder"), units(period, 0, "period")
        here.carry_out(limits.set_budget(here.suite, here.sender, symbol, who, limit, seconds))


def revoke_budget(symbol: str, awarder: str) -> None:
    with session() as here:
        who = address(awarder, "awarder")
        here.carry_out(limits.revoke_budget(here.suite, here.sender, symbol, who))
