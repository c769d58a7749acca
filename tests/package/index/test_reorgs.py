"""reorganisations
├── of 1 to 256 blocks leave what a fresh index has
├── give back the end that prices had before others followed
├── are told from a node that is behind, which is waited for and then named
└── below finality stop the index, and change nothing
"""

from collections.abc import Iterator

import pytest
from faults.lives import SHOP, Founded, Town, found
from sqlalchemy import select
from support.faulty_node import STALE, FaultyNode
from support.indexing import BRISK, lines, quick

from zegel.errors import ChainError, FinalityBroken
from zegel.index import schema
from zegel.index.following import catch_up


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> Founded:
    return found(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(founded: Founded) -> Iterator[Town]:
    with founded.town() as town:
        yield town


@pytest.fixture
def database(tmp_path):
    return quick(str(tmp_path / "index.db"))


def _award(town: Town, number: int) -> None:
    issuer = town.world.issuers[SHOP]
    call = issuer.token.functions.award(issuer.issuer.address, number, bytes(32))
    issuer.issuer.send(call)


@pytest.mark.parametrize("depth", [1, 2, 7, 64, 128, 255, 256])
def test_a_reorganisation_leaves_what_a_fresh_index_has(town, database, tmp_path, depth):
    _award(town, 7)
    town.anvil.mine(depth - 2 if depth > 1 else 0)
    _award(town, 8)
    catch_up(town.url, town.about, database, patience=BRISK)
    before = lines(database)
    town.anvil.rpc("anvil_reorg", depth, [])
    _award(town, 9)

    catch_up(town.url, town.about, database, patience=BRISK)

    fresh = quick(str(tmp_path / "fresh.db"))
    catch_up(town.url, town.about, fresh, patience=BRISK)
    assert lines(database) == lines(fresh) != before


def test_a_chain_that_was_shorter_meanwhile_is_followed(town, database, tmp_path):
    _award(town, 7)
    town.anvil.mine(5)
    catch_up(town.url, town.about, database, patience=BRISK)
    town.anvil.rpc("anvil_rollback", 6)
    town.anvil.mine(7)

    catch_up(town.url, town.about, database, patience=BRISK)

    fresh = quick(str(tmp_path / "fresh.db"))
    catch_up(town.url, town.about, fresh, patience=BRISK)
    assert lines(database) == lines(fresh)


def test_prices_hold_again_when_those_after_them_are_gone(town, database):
    issuer = town.world.issuers[SHOP]
    exchange = town.world.exchange.functions
    catch_up(town.url, town.about, database, patience=BRISK)
    before = _prices(database)
    issuer.issuer.send(exchange.setPrices(issuer.token.address, 7 * 10**9, 10**10))
    catch_up(town.url, town.about, database, patience=BRISK)
    assert len(_prices(database)) == len(before) + 1

    town.anvil.rpc("anvil_reorg", 1, [])
    catch_up(town.url, town.about, database, patience=BRISK)

    assert _prices(database) == before


def _prices(database) -> list[tuple]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(schema.prices))]


def test_a_node_that_is_behind_is_named(town, database):
    catch_up(town.url, town.about, database, patience=BRISK)
    before = lines(database)

    with FaultyNode(town.url) as node:
        node.plant(STALE, "eth_getBlockByNumber", times=1_000)
        with pytest.raises(ChainError, match=r"it is behind\. Name another node, or wait"):
            catch_up(node.url, town.about, database, patience=BRISK)

    assert lines(database) == before


def test_a_node_that_was_behind_is_waited_for(town, database):
    catch_up(town.url, town.about, database, patience=BRISK)
    _award(town, 1)

    with FaultyNode(town.url) as node:
        node.plant(STALE, "eth_getBlockByNumber", times=5)
        assert catch_up(node.url, town.about, database, patience=BRISK).number == town.height
        assert node.told[STALE] == 5


def test_what_was_final_is_not_taken_away(town, database):
    town.anvil.mine(10)
    _award(town, 7)
    town.anvil.mine(258)
    catch_up(town.url, town.about, database, patience=BRISK)
    before = lines(database)
    town.anvil.rpc("anvil_reorg", 260, [])

    with pytest.raises(FinalityBroken, match=r"^block \d+ was final as 0x"):
        catch_up(town.url, town.about, database, patience=BRISK)

    assert lines(database) == before
