"""following a chain
├── every event of every contract is kept, as web3 decodes it
├── SQLite and PostgreSQL hold the same
└── nothing depends on how many blocks were read at once, or on the pauses between
"""

from sqlalchemy import select
from support.indexing import lines

from zegel.index import schema
from zegel.index.following import catch_up


def test_both_databases_hold_the_same(lived, network, database, in_postgres):
    url = lived.connection.url
    last = lived.connection.web3.eth.block_number

    assert catch_up(url, network, database).number == last
    catch_up(url, network, in_postgres)

    assert lines(database) == lines(in_postgres)
    with database.reading() as connection:
        kinds = set(connection.execute(select(schema.events.c.kind)).scalars())
    assert kinds == set(network.contracts.values()) | {"PointToken"}
