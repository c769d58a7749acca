"""Awards all that a file lists, in batches, exactly once.

    brownie run award_file main SHOP awards.csv --network local
    brownie run award_file main SHOP awards.csv members.csv --network local

Input: a file of awards as CSV, XLSX or JSON lines (see `zegel.award.files`), and, if it has the
issuer's own numbers of members, their directory (see `zegel.award.directory`). A fault anywhere in
it refuses the whole file before anything is sent. Run it as an account with a budget; run it again
if it was interrupted. What was done stands in a journal: beside the address books, or in the
database whose URL ZEGEL_JOURNAL says.
"""

import os
from pathlib import Path

from scripts._session import session
from zegel.admin.awards import told_plan, told_status
from zegel.award.awarding import plan, run
from zegel.award.directory import FileDirectory
from zegel.award.journal import open_journal, own_journal
from zegel.award.office import Office
from zegel.chain.sending import settle
from zegel.errors import PlanRefused


def main(symbol: str, path: str, members: str = "") -> None:
    with session() as here:
        directory = FileDirectory(Path(members)) if members else None
        own = own_journal(here.connection, here.book.path.parent)
        journal = open_journal(os.environ.get("ZEGEL_JOURNAL", own), here.connection)
        office = Office(here.suite, here.sender, symbol, journal, directory)
        print(f"chain {here.connection.chain_id}, as {here.sender.address}:")
        settle(here.connection, here.sender.address)
        found = plan(office, Path(path))
        for line in told_plan(found, symbol, office.decimals):
            print(" ", line)
        if found.refusals:
            raise PlanRefused("; ".join(found.refusals))
        if not found.batches and not found.pending:
            print("[ok] nothing to do")
            return
        here.confirm()
        status = run(office, Path(path))
        for line in told_status(status, symbol):
            print(" ", line)
        if not status.is_done:
            raise PlanRefused("not all was awarded: see above, then run it again")
        print(f"[ok] {sum(status.rows.values())} rows done")
