"""The journal: what was asked, what was signed, and where it stands on the chain.

One database for one chain, SQLite or PostgreSQL. Several workers can use one journal.
"""

from pathlib import Path

from zegel.award.schema import VERSION, tables
from zegel.chain.connection import Connection as Chain
from zegel.outbox import journal
from zegel.outbox.journal import Journal

__all__ = ["Journal", "open_journal", "own_journal"]


def own_journal(chain: Chain, folder: Path) -> str:
    """The URL of the journal that stands beside the address books of a chain."""
    return journal.beside(chain, folder, "awards")


def open_journal(url: str, chain: Chain) -> Journal:
    """The journal behind a database's URL, as sqlite:///awards.db; made if there is none."""
    return journal.open_journal(url, chain, tables, VERSION)
