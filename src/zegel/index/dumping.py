"""An index as text: two that hold the same give the same lines, whatever database they stand in."""

from collections.abc import Iterator

import orjson
from sqlalchemy import Connection, Table, select

from zegel.index import schema

# All but who writes at the moment.
TABLES: tuple[Table, ...] = tuple(
    table for table in schema.tables.sorted_tables if table is not schema.writer
)


def dump(connection: Connection) -> Iterator[str]:
    """All rows, each as a line of JSON behind the name of its table."""
    for table in TABLES:
        yield from dump_table(connection, table)


def dump_table(connection: Connection, table: Table) -> Iterator[str]:
    """The rows of one table, in the order of its key."""
    ordered = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=1_000).execute(ordered):
        values = [_exact(value) for value in row]
        yield f"{table.name} {orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()}"


def _exact(value: object) -> object:
    """Whole numbers as text, since those of money may have any length."""
    return str(value) if isinstance(value, int) else value
