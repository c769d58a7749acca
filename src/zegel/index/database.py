"""The database of an index: its tables, and what it is an index of."""

from dataclasses import asdict

from sqlalchemy import insert, inspect, select

from zegel import database
from zegel.errors import DatabaseFailed
from zegel.index import schema
from zegel.index.network import About


class Database(database.Database):
    """A database that may not have the tables of an index yet.

    It waits for no disk: what a power cut takes is read again from the chain.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, lasting=False)

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
