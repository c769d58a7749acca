"""accounts that a writer brings to mind
├── hold what the tables hold, and what came since they were written
├── are brought to mind once, however often they are asked for
└── are those of the tables again, once everything is written
"""

from sqlalchemy import insert

from zegel.index import schema
from zegel.index.state import EVERYONE, State

TOKEN, EXCHANGE, DESK, MEMBER, SHOP = ("0x" + digit * 40 for digit in "abcde")
START = 1_767_225_600


def test_what_came_since_is_added_to_what_was_written(database):
    state = State({})
    state.add_program(TOKEN, EXCHANGE, DESK, 3, 4, START)
    accounts = state.ledgers[TOKEN].accounts
    with database.writing() as connection:
        schema.tables.create_all(connection)
        rows = [(TOKEN, MEMBER, "", 1, 10), (TOKEN, MEMBER, SHOP, 1, 7)]
        connection.execute(insert(schema.balances).values(rows))

        # Five more came, of which no table knows yet.
        accounts[MEMBER, ""] = {1: 5, 2: 3}
        state.load(connection, {(TOKEN, MEMBER)})
        assert accounts == {(MEMBER, ""): {1: 15, 2: 3}, (MEMBER, SHOP): {1: 7}}

        state.load(connection, {(TOKEN, MEMBER), (TOKEN, EVERYONE)})
        assert accounts == {(MEMBER, ""): {1: 15, 2: 3}, (MEMBER, SHOP): {1: 7}}

        state.forget()
        assert accounts == {}
        state.load(connection, {(TOKEN, EVERYONE)})
        assert accounts == {(MEMBER, SHOP): {1: 7}}
