"""checking an index
├── agrees after everything that moves points, in both databases
└── notices a wrong balance, a missing movement, a wrong entry of money, a forgotten event
"""

import pytest
from sqlalchemy import text
from support.indexing import BRISK

from zegel.index.checking import check
from zegel.index.database import Database
from zegel.index.following import catch_up


def _failed(url, network, database):
    return [found for found in check(url, network, database, BRISK) if not found.ok]


@pytest.mark.parametrize("kind", ["database", "in_postgres"])
def test_the_index_agrees_with_the_chain(lived, network, kind, request):
    url, database = lived.connection.url, request.getfixturevalue(kind)
    catch_up(url, network, database)

    assert _failed(url, network, database) == []


WRONG = {
    "UPDATE balances SET amount = amount + 1": "sum of balances = totalSupply",
    "UPDATE money SET amount = '1' WHERE kind = 'funded'": "money = account",
    "DELETE FROM movements WHERE kind = 'held'": "rows of movements that a rebuild has = rows",
    "DELETE FROM events WHERE log = 0": "rows of events that a rebuild has = rows",
}


def test_what_is_wrong_is_noticed(lived, network, database, tmp_path):
    url = lived.connection.url
    catch_up(url, network, database)

    for number, (spoil, claim) in enumerate(WRONG.items()):
        spoilt = Database(str(tmp_path / f"{number}.db"))
        with database.reading() as connection:
            connection.connection.backup(spoilt.engine.raw_connection().driver_connection)
        with spoilt.writing() as connection:
            connection.execute(text(spoil))

        assert claim in {found.claim for found in _failed(url, network, spoilt)}
