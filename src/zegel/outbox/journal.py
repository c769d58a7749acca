"""A database that is about one chain, and is written to by one process at a time.

What it says was written before anything was sent that depends on it, so that a process can be
killed at any point and another one goes on. A change is whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    select,
)

from zegel.chain.connection import Connection as Chain
from zegel.database import Database
from zegel.errors import ConfigError, WrongChain


def about_in(tables: MetaData) -> Table:
    """Which chain a journal is about: one row. Whoever changes anything holds it."""
    return Table(
        "about",
        tables,
        Column("version", Integer, nullable=False),
        Column("chain_id", BigInteger, nullable=False),
        Column("genesis", Text, nullable=False),
    )


@dataclass(frozen=True)
class Journal:
    """A journal that is open. Nobody but the functions of its package changes it."""

    database: Database
    about: Table

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
            if not self.database.is_sqlite:
                connection.execute(select(self.about.c.version).with_for_update())
            yield connection


def beside(chain: Chain, folder: Path, what: str) -> str:
    """The URL of the journal that stands beside the address books of a chain.

    A local chain that begins anew has another first block, and another journal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{what}-{chain.chain_id}-{chain.genesis[2:10]}.db"
    return f"sqlite:///{folder / name}"


def open_journal(
    url: str, chain: Chain, tables: MetaData, version: int, what: str = "journal"
) -> Journal:
    """The journal behind a database's URL, as sqlite:///awards.db; made if there is none.

    A journal is about one chain: that of the first connection it was opened with.
    """
    database, about = Database(url), tables.tables["about"]
    with database.writing() as connection:
        if not database.is_sqlite:
            # Two workers that begin at once make the tables once.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(0x7a6567656c)")
        tables.create_all(connection)
        found = connection.execute(select(about)).one_or_none()
        if found is None:
            here = {"chain_id": chain.chain_id, "genesis": chain.genesis}
            connection.execute(insert(about).values(version=version, **here))
            return Journal(database, about)
    if found.version != version:
        raise ConfigError(
            f"{database.name} is a {what} of version {found.version}, not {version}: "
            "use the release of zegel that made it"
        )
    if (found.chain_id, found.genesis) != (chain.chain_id, chain.genesis):
        raise WrongChain(
            f"{database.name} is about chain {found.chain_id} with the first block "
            f"{found.genesis}, not {chain.chain_id} with {chain.genesis}: name another {what}"
        )
    return Journal(database, about)
