"""Sets what an issuer guarantees for payments without a network, and shows it.

    brownie run offline main SHOP 20 5000 --network local
    brownie run offline limit SHOP 0x… 2.50 --network local
    brownie run offline payout 0x… --network local
    brownie run offline show SHOP 0x… --network local

Input: the points that one member may overspend, and for how many shared purses; or a merchant, and
the points that it may take of one member before it settles; or what a merchant's tills may convert
its proceeds into, a token. Run the first two as the default admin of the program, `payout` as the
merchant. A lower limit takes a second run, four offline windows later.
"""

from datetime import datetime, timezone

from scripts._session import session
from zegel.admin import offline
from zegel.admin.inputs import address, shown, units


def main(symbol: str, per_member: str, capacity: str) -> None:
    with session() as here:
        most = units(per_member, here.suite.token(symbol).functions.decimals().call(), "points")
        purses = units(capacity, 0, "capacity")
        here.carry_out(offline.set_guarantee(here.suite, here.sender, symbol, most, purses))


def limit(symbol: str, merchant: str, points: str) -> None:
    with session() as here:
        most = units(points, here.suite.token(symbol).functions.decimals().call(), "points")
        who = address(merchant, "merchant")
        here.carry_out(offline.set_limit(here.suite, here.sender, symbol, who, most))


def payout(token: str) -> None:
    with session() as here:
        here.carry_out(offline.set_payout(here.suite, here.sender, address(token, "token")))


def show(symbol: str, *merchants: str) -> None:
    with session() as here:
        decimals = here.suite.token(symbol).functions.decimals().call()
        found = offline.guarantee_of(here.suite, symbol)
        print(f"{symbol}: {shown(found.per_member, decimals)} points guaranteed for one member")
        print(f"  limits: {shown(found.limits, decimals)} in all")
        print(f"  shared purses: {found.open_purses} of {found.capacity} open")
        for merchant in merchants:
            who = address(merchant, "merchant")
            of_merchant = offline.limit_of(here.suite, symbol, who)
            line = f"  {who}: {shown(of_merchant.limit, decimals)}"
            if of_merchant.next_at:
                day = datetime.fromtimestamp(of_merchant.next_at, timezone.utc)
                line += f", {shown(of_merchant.next, decimals)} from {day:%Y-%m-%d %H:%M} UTC on"
            print(line)
