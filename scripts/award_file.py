"""Awards all that a file lists, in batches, exactly once.

    brownie run award_file main SHOP awards.csv --network local

Input: a CSV file (see `zegel.award.files`). A fault anywhere in it refuses the whole file before
anything is sent. Run it as an account with a budget; run it again if it was interrupted.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin.awards import award_file


def main(symbol: str, path: str) -> None:
    with session() as here:
        here.carry_out(award_file(here.suite, here.sender, symbol, Path(path)))
