"""Awards points to one member, once for each reference.

    brownie run award main SHOP 0x… 12.50 receipt-2041 "purchase" --network local

Input: the member, the points, your own number for what is rewarded, and why: each text of at most
31 characters, or a hash. Run it as an account with a budget. The same words again award nothing.
"""

from scripts._session import session
from zegel.admin import awards
from zegel.admin.inputs import address, units, word
from zegel.award.rows import Award


def main(symbol: str, member: str, points: str, ref: str, reason: str) -> None:
    with session() as here:
        decimals = here.suite.token(symbol).functions.decimals().call()
        one = Award(
            member=bytes.fromhex(address(member, "member")[2:]),
            amount=units(points, decimals, "points"),
            ref=word(ref, "ref"),
            reason=word(reason, "reason"),
        )
        here.carry_out(awards.award(here.suite, here.sender, symbol, one))
