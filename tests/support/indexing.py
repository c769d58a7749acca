"""What tests of the index share."""

from typing import Any

from sqlalchemy import event

from zegel.chain.node import Patience
from zegel.index.database import Database
from zegel.index.dumping import dump

# Tests do not wait for a node that fails on purpose.
BRISK = Patience(attempts=14, pause=0.001, longest=0.02, answer=2.0)


def quick(url: str) -> Database:
    """A database that does not wait for the disk. A killed process loses nothing by that, only a
    machine without power would."""
    database = Database(url)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _without_waiting)
    return database


def _without_waiting(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def lines(database: Database) -> list[str]:
    """All that an index holds."""
    with database.reading() as connection:
        return list(dump(connection))
