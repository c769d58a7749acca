"""A database by its URL: SQLite in a file, or PostgreSQL, with the same promises.

What was committed outlives a power cut, unless it can be had again and need not; a reader sees one
state and makes nobody wait; and whatever the database says when it fails is put into one line.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from zegel.errors import ConfigError, DatabaseFailed

_SECONDS_TO_WAIT = 120

# What threads of one process need at once, most of the time, and now and then beyond that. They are
# opened when they are needed, and the first are kept: to open one takes longer than what is asked.
_CONNECTIONS, _MORE = 16, 24

_PAUSE = 0.02
_WRITES = "zegel_writes"


class Database:
    """A database that may not have its tables yet; a file's name alone is one of SQLite.

    After a power cut, one that is not `lasting` may be as it was some seconds before.
    """

    def __init__(self, url: str, *, lasting: bool = True) -> None:
        try:
            parsed = make_url(url if "://" in url else f"sqlite:///{url}")
            if parsed.drivername in ("postgresql", "postgres"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            self.engine = create_engine(
                parsed,
                pool_size=_CONNECTIONS,
                max_overflow=_MORE,
                # One that broke while nobody used it is replaced; those to a file do not break.
                pool_pre_ping=not self.is_sqlite,
            )
        except (ArgumentError, NoSuchModuleError):
            raise ConfigError(
                f"{url} is no database: give a file, sqlite:///FILE or postgresql://…"
            ) from None
        self.name = parsed.render_as_string(hide_password=True)
        if self.is_sqlite:
            event.listen(self.engine, "connect", partial(_prepare, lasting))
            event.listen(self.engine, "begin", _begin)
        elif not lasting:
            event.listen(self.engine, "connect", _wait_for_no_disk)

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state and changes nothing."""
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
            self.engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Puts what the database says into one line."""
        try:
            yield
        except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
            told = error.orig if isinstance(error, DBAPIError) else error
            (reason, *_) = str(told).strip().splitlines() or ["no reason given"]
            raise DatabaseFailed(
                f"{self.name}: {reason}: see that the database runs and has room, then run the "
                "same again, it goes on from there"
            ) from error


def _prepare(lasting: bool, connection: Any, _: Any) -> None:
    # SQLAlchemy begins transactions, not the driver.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {1000 * _SECONDS_TO_WAIT}")
    # In bytes, for a new file: with larger pages a tenth less work where there are many rows.
    connection.execute(f"PRAGMA page_size = {4096 if lasting else 16384}")
    # Readers never wait, and what was committed is whole after a power cut, also if it may be lost.
    _use_log(connection)
    connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    # In kibibytes, and in pages: large transactions stay in memory, and are moved from the log into
    # the file less often.
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute(f"PRAGMA wal_autocheckpoint = {16384 if lasting else 4096}")


def _use_log(connection: Any) -> None:
    """Has readers and writers keep out of each other's way (write-ahead log).

    A file is told so once, by whoever opens it first. Another process that does so at the same
    moment is refused at once, whatever it would wait for a lock.
    """
    end = time.monotonic() + _SECONDS_TO_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(_PAUSE)


def _wait_for_no_disk(connection: Any, _: Any) -> None:
    connection.execute("SET synchronous_commit = off")
    connection.commit()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
