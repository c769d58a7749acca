"""Claims the awards of a drop: one member's, or everybody's.

    brownie run claim_drop main claims.json 0x… --network local
    brownie run claim_drop everybody claims.json --network local

Input: the claims file of the drop, and the member. Anyone may run it; the points go to the member,
and the account that runs it pays the gas. What was claimed before is left alone.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin import drops
from zegel.admin.inputs import address
from zegel.award.drops import read_claims


def main(claims: str, member: str) -> None:
    with session() as here:
        drop, place = read_claims(Path(claims))
        who = address(member, "member")
        here.carry_out(drops.claim(here.connection, here.sender, drop, place, who))


def everybody(claims: str) -> None:
    with session() as here:
        drop, place = read_claims(Path(claims))
        here.carry_out(drops.claim(here.connection, here.sender, drop, place, None))
