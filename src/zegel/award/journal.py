"""The journal: what was asked, what was signed, and where it stands on the chain.

One database for one chain, SQLite or PostgreSQL. What it says was written before anything was sent
that depends on it, so that a process can be killed at any point and another one goes on. Whoever
writes, writes alone: several workers can use one journal, and a change is whole or not at all.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from zegel.award.schema import VERSION, about, tables
from zegel.chain.connection import Connection
from zegel.errors import ConfigError, DatabaseFailed, WrongChain

# How long one worker waits for another one's changes.
_SECONDS_TO_WAIT = 120
_ALONE = "zegel_alone"


@dataclass(frozen=True)
class Journal:
    """A journal that is open. Nobody but the functions of this package changes it."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A look at the journal as it is at one moment."""
        with self._translated(), self.engine.connect() as database:
            yield database

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """A change that no other worker's change comes between. An exception undoes it."""
        with self._translated(), self.engine.connect() as plain:
            database = plain.execution_options(**{_ALONE: True})
            with database.begin():
                # In SQLite the transaction itself keeps others out.
                database.execute(select(about.c.version).with_for_update())
                yield database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise _failure(self.engine, error) from error


def own_journal(connection: Connection, folder: Path) -> str:
    """The URL of the journal that stands beside the address books of a chain.

    A local chain that begins anew has another first block, and another journal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"awards-{connection.chain_id}-{connection.genesis[2:10]}.db"
    return f"sqlite:///{folder / name}"


def open_journal(url: str, connection: Connection) -> Journal:
    """The journal behind a database's URL, as sqlite:///awards.db; made if there is none.

    A journal is about one chain: that of the first connection it was opened with.
    """
    try:
        engine = create_engine(_with_driver(url), connect_args=_arguments(url))
    except (ArgumentError, ImportError) as error:
        raise ConfigError(
            f"journal: {error}: write sqlite:///awards.db or postgresql://host/name"
        ) from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    journal = Journal(engine)
    with journal._translated():
        _create(engine, connection)
    return journal


def _create(engine: Engine, connection: Connection) -> None:
    with engine.connect() as plain:
        database = plain.execution_options(**{_ALONE: True})
        with database.begin():
            if database.dialect.name == "postgresql":
                # Two workers that begin at once make the tables once.
                database.exec_driver_sql("SELECT pg_advisory_xact_lock(0x7a6567656c)")
            tables.create_all(database)
            found = database.execute(select(about)).one_or_none()
            if found is None:
                here = {"chain_id": connection.chain_id, "genesis": connection.genesis}
                database.execute(insert(about).values(version=VERSION, **here))
                return
    where = engine.url.render_as_string(hide_password=True)
    if found.version != VERSION:
        raise ConfigError(
            f"{where} is a journal of version {found.version}, not {VERSION}: "
            "use the release of zegel that made it"
        )
    if (found.chain_id, found.genesis) != (connection.chain_id, connection.genesis):
        raise WrongChain(
            f"{where} is about chain {found.chain_id} with the first block {found.genesis}, not "
            f"{connection.chain_id} with {connection.genesis}: name another journal"
        )


def _with_driver(url: str) -> str:
    for name in ("postgresql://", "postgres://"):
        if url.startswith(name):
            return "postgresql+psycopg://" + url.removeprefix(name)
    return url


def _arguments(url: str) -> dict[str, Any]:
    return {"timeout": _SECONDS_TO_WAIT} if url.startswith("sqlite") else {}


def _prepare_sqlite(engine: Engine) -> None:
    """Lets SQLAlchemy, not the driver, begin transactions, and has commits outlive a power cut."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(database: Database) -> None:
        alone = database.get_execution_options().get(_ALONE, False)
        database.exec_driver_sql("BEGIN IMMEDIATE" if alone else "BEGIN")


def _failure(engine: Engine, error: SQLAlchemyError) -> DatabaseFailed:
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
    return DatabaseFailed(
        f"{engine.url.render_as_string(hide_password=True)}: {reason}: see that the database runs "
        "and has room, then run the same again, it goes on from there"
    )
