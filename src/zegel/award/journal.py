"""The journal: what was asked, what was signed, and where it stands on the chain.

One database for one chain, SQLite or PostgreSQL. What it says was written before anything was sent
that depends on it, so that a process can be killed at any point and another one goes on. Whoever
writes, writes alone: several workers can use one journal, and a change is whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from zegel.award.schema import VERSION, about, tables
from zegel.chain.connection import Connection as Chain
from zegel.database import Database
from zegel.errors import ConfigError, WrongChain


@dataclass(frozen=True)
class Journal:
    """A journal that is open. Nobody but the functions of this package changes it."""

    database: Database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look at the journal as it is at one moment."""
        with self.database.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A change that no other worker's change comes between. An exception undoes it."""
        with self.database.writing() as connection:
            # In SQLite the transaction itself keeps others out.
            connection.execute(select(about.c.version).with_for_update())
            yield connection


def own_journal(chain: Chain, folder: Path) -> str:
    """The URL of the journal that stands beside the address books of a chain.

    A local chain that begins anew has another first block, and another journal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"awards-{chain.chain_id}-{chain.genesis[2:10]}.db"
    return f"sqlite:///{folder / name}"


def open_journal(url: str, chain: Chain) -> Journal:
    """The journal behind a database's URL, as sqlite:///awards.db; made if there is none.

    A journal is about one chain: that of the first connection it was opened with.
    """
    database = Database(url)
    with database.writing() as connection:
        if not database.is_sqlite:
            # Two workers that begin at once make the tables once.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(0x7a6567656c)")
        tables.create_all(connection)
        found = connection.execute(select(about)).one_or_none()
        if found is None:
            here = {"chain_id": chain.chain_id, "genesis": chain.genesis}
            connection.execute(insert(about).values(version=VERSION, **here))
            return Journal(database)
    if found.version != VERSION:
        raise ConfigError(
            f"{database.name} is a journal of version {found.version}, not {VERSION}: "
            "use the release of zegel that made it"
        )
    if (found.chain_id, found.genesis) != (chain.chain_id, chain.genesis):
        raise WrongChain(
            f"{database.name} is about chain {found.chain_id} with the first block "
            f"{found.genesis}, not {chain.chain_id} with {chain.genesis}: name another journal"
        )
    return Journal(database)
