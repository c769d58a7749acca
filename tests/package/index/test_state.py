"""what a writer brings to mind
├── accounts
│   ├── hold what the tables hold, and what came since they were written
│   ├── are brought to mind once, however often they are asked for
│   └── are those of the tables again, once everything is written
└── prices that were announced, and neither set nor taken back
"""

from types import SimpleNamespace

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


def test_prices_that_wait_are_brought_to_mind(database):
    told = [
        ("PricesScheduled", {"program": TOKEN, "effectiveAt": START + 5}),
        ("PricesScheduled", {"program": MEMBER, "effectiveAt": START + 6}),
        ("ScheduledPricesCancelled", {"program": MEMBER}),
        ("PricesScheduled", {"program": SHOP, "effectiveAt": START + 7}),
        ("PricesSet", {"program": SHOP, "newBid": 4}),
        ("PricesScheduled", {"program": SHOP, "effectiveAt": str(2**60)}),
    ]
    with database.writing() as connection:
        schema.tables.create_all(connection)
        for log, (name, arguments) in enumerate(told):
            row = (1, log, "0x1", EXCHANGE, "PointExchange", name, arguments)
            connection.execute(insert(schema.events).values(row))

        state = State.loaded(connection, SimpleNamespace(contracts={}, desk=DESK))

    assert state.scheduled == {TOKEN: START + 5, SHOP: 2**60}
