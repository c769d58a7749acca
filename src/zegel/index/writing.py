"""Puts rows into the tables, many at a time: COPY in PostgreSQL, prepared statements in SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, or_, update

from zegel.index import schema
from zegel.index.rows import Changes, Closing, Row, Rows

_KEY = ("token", "member", "purse", "generation")
_ADD = (
    "ON CONFLICT (token, member, purse, generation) "
    "DO UPDATE SET amount = balances.amount + excluded.amount"
)
_MERGE = """
    MERGE INTO balances USING changes
    ON balances.token = changes.token AND balances.member = changes.member
        AND balances.purse = changes.purse AND balances.generation = changes.generation
    WHEN MATCHED AND balances.amount + changes.amount = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET amount = balances.amount + changes.amount
    WHEN NOT MATCHED THEN INSERT VALUES (
        changes.token, changes.member, changes.purse, changes.generation, changes.amount
    )
"""
_EMPTIED = "token = ? AND member = ? AND purse = ? AND generation = ? AND amount = 0"


def write(connection: Connection, rows: Rows) -> None:
    """Adds all rows, and brings up to date what follows from them."""
    for table in schema.tables.sorted_tables:
        if some := rows.tables.get(table.name):
            _insert(connection, table, some)
    change_balances(connection, rows.changes)
    for closing in rows.closing:
        _close(connection, closing)


def change_balances(connection: Connection, changes: Changes) -> None:
    """Adds to balances, and takes away those that are nothing any more."""
    some = [(*key, amount) for key, amount in sorted(changes.items()) if amount]
    if _is_sqlite(connection):
        emptied = [row[:-1] for row in some if row[-1] < 0]
        cursor = _cursor(connection)
        cursor.executemany(f"INSERT INTO balances VALUES (?, ?, ?, ?, ?) {_ADD}", some)
        cursor.executemany(f"DELETE FROM balances WHERE {_EMPTIED}", emptied)
        return
    cursor = _cursor(connection)
    cursor.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS changes (LIKE balances) ON COMMIT DELETE ROWS"
    )
    cursor.execute("DELETE FROM changes")
    _copy(cursor, "changes", (*_KEY, "amount"), some)
    cursor.execute(_MERGE)


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    names = [column.name for column in table.columns]
    if _is_sqlite(connection):
        listed = ", ".join(f'"{name}"' for name in names)
        places = ", ".join("?" * len(names))
        big = [n for n, c in enumerate(table.columns) if isinstance(c.type, schema.Big)]
        told = [_as_text(row, big) for row in rows] if big else rows
        sql = f'INSERT INTO "{table.name}" ({listed}) VALUES ({places})'
        _cursor(connection).executemany(sql, told)
    else:
        _copy(_cursor(connection), table.name, names, rows)


def _copy(cursor: Any, table: str, names: Sequence[str], rows: Iterable[Row]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _close(connection: Connection, closing: Closing) -> None:
    """Ends the prices that were in force, or would have been later."""
    prices = schema.prices.c
    connection.execute(
        update(schema.prices)
        .where(
            prices.program == closing.program,
            prices.partner.is_not_distinct_from(closing.partner),
            or_(prices.until.is_(None), prices.until > closing.since),
            or_(
                prices.block < closing.block,
                and_(prices.block == closing.block, prices.log < closing.log),
            ),
        )
        .values(until=closing.since)
    )


def _as_text(row: Row, places: Sequence[int]) -> Row:
    told = list(row)
    for place in places:
        told[place] = str(told[place])
    return tuple(told)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _cursor(connection: Connection) -> Any:
    """The driver's own: it takes a hundred thousand rows without looking at each."""
    return connection.connection.cursor()
