"""Posts a program's two prices, or all prices and terms of a settings file.

    brownie run set_prices main SHOP 0.009 0.01 --network local
    brownie run set_prices from_file network.toml SHOP --network local

Input: what the issuer pays and what it charges for a point, in settlement tokens. Run it as a
pricer of the program.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin.inputs import price
from zegel.admin.network import plan_prices
from zegel.admin.prices import set_prices
from zegel.admin.state import load


def main(symbol: str, bid: str, ask: str) -> None:
    with session() as here:
        pair = price(bid, "bid"), price(ask, "ask")
        here.carry_out(set_prices(here.suite, here.sender, symbol, *pair))


def from_file(settings: str, symbol: str) -> None:
    with session() as here:
        state = load(Path(settings)).program(symbol)
        here.carry_out(plan_prices(here.suite, here.sender, state))
