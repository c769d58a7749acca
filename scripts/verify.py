"""Re-reads the chain and compares it with the address book and with a settings file.

    brownie run verify --network local
    brownie run verify main network.toml --network local

Compared are code, constructor arguments, wiring, listed programs; with a settings file also roles,
budgets, prices and limits. Ends with an error if anything differs. Sends nothing and needs no key.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin.state import load
from zegel.admin.verify import verify
from zegel.errors import Differs


def main(settings: str = "") -> None:
    with session() as here:
        state = load(Path(settings)) if settings else None
        differences = 0
        for line in verify(here.connection, here.book, state):
            print(line)
            differences += bool(line.difference)
        if differences:
            lines = "a line" if differences == 1 else f"{differences} lines"
            raise Differs(
                f"chain {here.connection.chain_id} differs from what was written down: "
                f"see {lines} above"
            )
