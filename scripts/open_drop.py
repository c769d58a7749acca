"""Opens a drop of all awards in a file, for members to claim, and writes the claims file.

    brownie run open_drop main SHOP awards.csv claims.json --network local
    brownie run open_drop main SHOP awards.csv claims.json 2026-12-31 --network local
    brownie run open_drop close claims.json --network local

Input: a CSV file (see `zegel.award.files`), where to write the claims (see `zegel.award.drops`),
and the day or the second from which nothing can be claimed any more: the end of the program's
epoch, unless it is said. Run it as an account with a budget; if the drop contract is no distributor
of the program yet, as the default admin. Run it again if it was interrupted. Anyone closes a drop
that is over: what nobody has claimed is destroyed.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin import drops
from zegel.admin.inputs import moment
from zegel.award.drops import read_claims, write_claims


def main(symbol: str, awards: str, claims: str, until: str = "") -> None:
    with session() as here:
        opening = drops.opening(here.suite, here.sender, symbol, Path(awards))
        here.carry_out(opening.plan(moment(until, "until") if until else None))
        write_claims(Path(claims), opening.drop, opening.place())
        print(f"[ok] {len(opening.drop.awards)} claims in {claims}")


def close(claims: str) -> None:
    with session() as here:
        here.carry_out(drops.close(here.connection, here.sender, *read_claims(Path(claims))))
