"""Reads an index that stands, for reports and whoever asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from zegel.index.database import Database


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """One state of the index in a database; a database without an index is told."""
    database = Database(url)
    database.about()
    with database.reading() as connection:
        yield connection
