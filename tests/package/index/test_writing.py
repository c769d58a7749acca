"""rows on their way into the tables
├── bring balances along: what comes to nothing goes
└── end the prices before them, those of one partner or those for everyone
"""

import pytest
from sqlalchemy import select

from zegel.index import schema
from zegel.index.rows import Closing, Rows
from zegel.index.writing import write

TOKEN, MEMBER, FRIEND, SHOP, PARTNER = ("0x" + digit * 40 for digit in "abcde")


@pytest.fixture(params=["database", "in_postgres"])
def connection(request):
    with request.getfixturevalue(request.param).writing() as connection:
        schema.tables.create_all(connection)
        yield connection


def test_balances_come_with_the_rows(connection):
    first, second = Rows(), Rows()
    first.changes |= {(TOKEN, MEMBER, "", 3): 10, (TOKEN, MEMBER, SHOP, 3): 4}
    second.changes |= {
        (TOKEN, MEMBER, "", 3): -10,
        (TOKEN, MEMBER, SHOP, 3): -1,
        (TOKEN, FRIEND, "", 3): 11,
        (TOKEN, FRIEND, "", 4): 0,
    }
    write(connection, first)
    write(connection, second)

    found = connection.execute(select(schema.balances).order_by(schema.balances.c.member)).all()
    assert found == [(TOKEN, MEMBER, SHOP, 3, 3), (TOKEN, FRIEND, "", 3, 11)]


def _price(block: int, partner: str | None, since: int, until: int | None = None) -> Rows:
    rows = Rows()
    rows.tables["prices"].append((block, 0, TOKEN, partner, block, 5, 6, 0, since, until))
    rows.closing.append(Closing(block, 0, TOKEN, partner, since))
    return rows


def test_new_prices_end_those_before_them(connection):
    write(connection, _price(1, None, 100))
    write(connection, _price(2, PARTNER, 150, until=500))
    write(connection, _price(3, None, 200))
    write(connection, _price(4, PARTNER, 300, until=900))

    prices = schema.prices.c
    found = connection.execute(
        select(prices.block, prices.partner, prices.since, prices.until).order_by(prices.block)
    ).all()
    assert found == [
        (1, None, 100, 200),
        (2, PARTNER, 150, 300),
        (3, None, 200, None),
        (4, PARTNER, 300, 900),
    ]
