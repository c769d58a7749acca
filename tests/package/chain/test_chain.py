"""Connections, artifacts and Anvil.

a connection
    refuses a node that is not there, one that is no node, and another chain, each in one line
    tells chains of the same id apart by their first block
an artifact
    matches its own code with any immutables, and no other code
    is asked for by a name that must exist
Anvil
    begins at the time it is told, moves it, and undoes what happened since a snapshot
    is gone after its context
"""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from zegel.chain import artifacts
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection, connect
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import Suite
from zegel.errors import ChainError, ConfigError, WrongChain


class _WebPage(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>not a node</html>")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def web_page() -> Iterator[str]:
    """A server that is no node."""
    server = HTTPServer(("127.0.0.1", 0), _WebPage)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_connect_refuses_a_node_that_is_not_there() -> None:
    with pytest.raises(ChainError, match=r"^no node answers at http://127\.0\.0\.1:9: start one"):
        connect("http://127.0.0.1:9")


def test_connect_refuses_what_is_no_node(web_page: str) -> None:
    with pytest.raises(ChainError, match=rf"^{web_page} is no node of a chain: eth_chainId got"):
        connect(web_page)


def test_connect_refuses_another_chain(anvil: Anvil) -> None:
    with pytest.raises(WrongChain, match=rf"^{anvil.url} is chain 31337, not 1: name the node of"):
        connect(anvil.url, expected_chain_id=1)


def test_connect_takes_the_chain_that_is_expected(anvil: Anvil) -> None:
    connection = connect(anvil.url, expected_chain_id=31337)

    assert (connection.chain_id, connection.is_development) == (31337, True)
    assert connection.genesis == anvil.connection.genesis


def test_genesis_tells_chains_of_one_id_apart(anvil: Anvil) -> None:
    with Anvil(timestamp=1) as other:
        assert other.connection.chain_id == anvil.connection.chain_id
        assert other.connection.genesis != anvil.connection.genesis


def test_artifact_matches_its_code_with_any_immutables(suite: Suite) -> None:
    artifact = artifacts.load("PointExchange")
    code = suite.connection.code(suite.exchange.address)

    assert artifact.immutables
    assert code != artifact.deployed_bytecode
    assert artifact.matches(code)


def test_artifact_matches_no_other_code(suite: Suite) -> None:
    artifact = artifacts.load("PointExchange")
    code = bytearray(suite.connection.code(suite.exchange.address))
    code[0] ^= 1

    assert not artifact.matches(bytes(code))
    assert not artifact.matches(suite.connection.code(suite.registry.address))
    assert not artifact.matches(bytes(code) + b"\0")
    assert not artifact.matches(b"")


def test_artifact_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^no contract Nothing in .*: run `make build`$"):
        artifacts.load("Nothing")


def test_names_of_artifacts_are_those_that_can_be_loaded() -> None:
    assert {"IssuerRegistry", "PointToken", "IPointToken"} <= set(artifacts.names())
    assert all(artifacts.load(name).name == name for name in artifacts.names())


def test_anvil_begins_and_moves_when_told() -> None:
    with Anvil(timestamp=852_076_800) as node:
        assert node.connection.timestamp() == 852_076_800
        node.move_to(852_076_900)
        assert node.connection.timestamp() == 852_076_900
        node.mine(3)
        assert node.connection.web3.eth.block_number == 4


def test_anvil_undoes_what_happened_since_a_snapshot(
    anvil: Anvil, outsider: UnlockedSender
) -> None:
    before = anvil.connection.web3.eth.get_balance(outsider.address)
    snapshot = anvil.snapshot()
    anvil.set_balance(outsider.address, 7)
    assert anvil.connection.web3.eth.get_balance(outsider.address) == 7

    anvil.revert(snapshot)

    assert anvil.connection.web3.eth.get_balance(outsider.address) == before
    with pytest.raises(ChainError, match="does not know the snapshot"):
        anvil.revert("0xffff")


def test_anvil_is_gone_after_its_context() -> None:
    with Anvil() as node:
        pid, url = node.pid, node.url
        os.kill(pid, 0)

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ChainError, match="no node answers"):
        connect(url)
    with pytest.raises(ChainError, match="does not run"):
        _ = node.pid


def test_anvil_refuses_what_it_does_not_know(anvil: Anvil) -> None:
    with pytest.raises(ChainError, match=r"^Anvil refused anvil_nothing:"):
        anvil.rpc("anvil_nothing")


def test_connection_asks_nothing_before_it_is_used() -> None:
    assert repr(Connection("http://127.0.0.1:9")) == "Connection('http://127.0.0.1:9')"
