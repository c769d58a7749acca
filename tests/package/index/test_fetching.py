"""a node that fails
├── every fault of the node is noticed or harmless, each by itself
├── logs in any order are put right
├── a range that is too large is halved
├── a node that keeps failing is named, with how often and at what
├── another chain is refused, by its number and by its first block
└── a node that loses logs where the headers cannot tell is noticed by what contradicts
"""

import pytest
from sqlalchemy import select
from support.faulty_node import FAULTS, LOGS, WRONG_CHAIN, FaultyNode
from support.indexing import BRISK, lines, quick

from zegel.chain.anvil import Anvil
from zegel.chain.node import Node, Patience
from zegel.errors import ChainError, WrongChain
from zegel.index import schema
from zegel.index.fetching import Place, Reader
from zegel.index.following import catch_up


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_nothing(suite, network, database, tmp_path, fault):
    url = suite.connection.url
    catch_up(url, network, database, patience=BRISK)
    other = quick(str(tmp_path / "other.db"))
    method = "eth_getLogs" if fault in LOGS else None

    with FaultyNode(url, stall=0.01) as node:
        node.plant(fault, method, times=3)
        catch_up(node.url, network, other, patience=BRISK)
        assert node.told[fault] == 3

    assert lines(other) == lines(database)


def test_logs_in_any_order_are_put_right(lived, network, database, tmp_path):
    url = lived.connection.url
    catch_up(url, network, database, patience=BRISK)
    other = quick(str(tmp_path / "other.db"))

    with FaultyNode(url) as node:
        node.plant("reordered", "eth_getLogs", times=1_000)
        catch_up(node.url, network, other, patience=BRISK)
        assert node.told["reordered"] > 1

    assert lines(other) == lines(database)


def test_a_range_that_is_too_large_is_halved(suite, network):
    with FaultyNode(suite.connection.url) as node:
        node.plant("too large", "eth_getLogs", times=2)
        place = Place(network.first_block - 1, "")
        reader = Reader(Node(node.url, BRISK), place, network.contracts, network.registry)

        assert len(reader.read(10**6)) == 4


def test_a_node_that_keeps_failing_is_named(suite, network, database):
    with FaultyNode(suite.connection.url) as node:
        node.plant("502", times=1_000)
        told = rf"^{node.url} failed 14 times at eth_chainId: no answer but .*not now"
        with pytest.raises(ChainError, match=told):
            catch_up(node.url, network, database, patience=BRISK)


def test_a_node_that_is_not_there_is_named(network, database):
    with pytest.raises(ChainError, match=r"^http://127\.0\.0\.1:9 failed 14 times at eth_chainId"):
        catch_up("http://127.0.0.1:9", network, database, patience=BRISK)


def test_a_node_that_keeps_lying_is_named(suite, network, database):
    with FaultyNode(suite.connection.url) as node:
        node.plant("empty", "eth_getLogs", times=1_000)
        with pytest.raises(ChainError, match=r"told blocks \d+ to \d+ wrongly 14 times: not all"):
            catch_up(node.url, network, database, patience=BRISK)


def test_another_chain_is_refused(suite, network, database):
    with FaultyNode(suite.connection.url) as node:
        node.plant(WRONG_CHAIN, "eth_chainId")
        with pytest.raises(WrongChain, match="is chain 31338, not 31337: name the node of"):
            catch_up(node.url, network, database, patience=BRISK)
    with (
        Anvil(timestamp=1) as other,
        pytest.raises(WrongChain, match="is another chain 31337: its first block is"),
    ):
        catch_up(other.url, network, database, patience=BRISK)


def test_a_stall_costs_no_more_than_the_patience(suite, network, database):
    patience = Patience(attempts=3, pause=0.001, longest=0.01, answer=0.2)
    with FaultyNode(suite.connection.url, stall=30) as node:
        node.plant("stall", times=2)
        catch_up(node.url, network, database, patience=patience)
        assert node.told["stall"] == 2


def test_what_was_read_is_not_asked_for_again(suite, network, database):
    url = suite.connection.url
    catch_up(url, network, database, patience=BRISK)
    with FaultyNode(url) as node:
        node.plant("502", "eth_getLogs", times=1_000)
        catch_up(node.url, network, database, patience=BRISK)
        assert node.told["502"] == 0

    with database.reading() as connection:
        assert connection.execute(select(schema.blocks.c.number)).all()
