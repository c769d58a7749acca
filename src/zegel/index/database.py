"""Where the index stands: SQLite in a file, or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from zegel.errors import ConfigError, DatabaseFailed
from zegel.index import schema
from zegel.index.network import About

_SECONDS_TO_WAIT = 30


class Database:
    """A database that may not have its tables yet."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url if "://" in url else f"sqlite:///{url}")
            if parsed.drivername in ("postgresql", "postgres"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            # A connection that broke while nobody used it is replaced.
            self.engine = create_engine(parsed, pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError):
            raise ConfigError(
                f"{url} is no database: give a file, sqlite:///FILE or postgresql://…"
            ) from None
        self.name = parsed.render_as_string(hide_password=True)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the index and changes nothing."""
        options: dict[str, Any] = {}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._failing(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or leaves nothing behind."""
        with (
            self._failing(),
            self.engine.connect().execution_options(zegel_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def prepare(self, about: About) -> None:
        """Makes the tables, or sees that they are of the same network."""
        with self.writing() as connection:
            if not inspect(connection).has_table(schema.about.name):
                schema.tables.create_all(connection)
                connection.execute(insert(schema.about).values(**asdict(about)))
        found = self.about()
        for name, value in asdict(about).items():
            if getattr(found, name) != value:
                raise DatabaseFailed(
                    f"{self.name} is an index of another network: its {name} is "
                    f"{getattr(found, name)}, not {value}. Give another database"
                )

    def about(self) -> About:
        """What the index is of."""
        with self.reading() as connection:
            if not inspect(connection).has_table(schema.about.name):
                raise DatabaseFailed(f"{self.name} holds no index: run one first")
            row = connection.execute(select(schema.about)).one()._mapping
        if row["version"] != schema.VERSION:
            raise DatabaseFailed(
                f"{self.name} has tables of version {row['version']}, this program those of "
                f"{schema.VERSION}: begin a new database, the chain has it all"
            )
        return About(**row)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Puts what the database says into one line."""
        try:
            yield
        except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
            told = error.orig if isinstance(error, DBAPIError) else error
            (reason, *_) = str(told).strip().splitlines() or ["no reason given"]
            raise DatabaseFailed(f"{self.name} failed: {reason}") from error


def open(url: str) -> Database:  # noqa: A001 -- as in `index.open(url)`
    """The database at a URL; a file's name alone is one of SQLite."""
    return Database(url)


def _prepare(connection: Any, _: Any) -> None:
    # SQLAlchemy begins transactions, not the driver.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {1000 * _SECONDS_TO_WAIT}")
    # Readers never wait, and nothing that was committed is lost with the power.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("zegel_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
