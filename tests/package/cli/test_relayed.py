"""Members who only sign: `--relay` has somebody else pay the gas
├── send, redeem and convert are carried out, and the member has spent no ether
├── what the relay refuses is told in its words, and nothing is sent
└── an address that is no relay is named
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from support.messages import person

from zegel.chain.sending import KeySender
from zegel.errors import ChainError, ConfigError, RelayRefused
from zegel.relay.fields import message_from
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.relay.working import Worker

pytestmark = pytest.mark.usefixtures("points")


@pytest.fixture
def server(anvil, suite, tmp_path):
    """A relay behind HTTP, which works whenever it is asked."""
    payer = person("payer")
    anvil.set_balance(payer.address, 10**20)
    queue = open_queue(str(tmp_path / "relay.db"), suite.connection)
    relay = Relay(suite, queue)
    worker = Worker(suite, queue, [KeySender(suite.connection, payer)], depth=0, watches=0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            signature = bytes.fromhex(given["signature"][2:])
            try:
                self.answer(202, vars(relay.accept(message_from(given["typedData"]), signature)))
            except RelayRefused as refused:
                self.answer(409, {"type": "urn:zegel:refused", "detail": str(refused)})

        def do_GET(self):
            worker.step()
            self.answer(200, vars(relay.receipt(self.path.rpartition("/")[2])))

        def answer(self, status, told):
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def spent(anvil, member):
    """What the member has paid for gas since the test began."""
    balance = anvil.connection.web3.eth.get_balance
    before = balance(member.address)
    return lambda: before - balance(member.address)


def test_points_are_sent(zegel, server, suite, outsider, spent):
    sent = zegel("send", "SHOP", outsider.address, "12.5", "--relay", server, "--json")

    assert suite.token("SHOP").functions.balanceOf(outsider.address).call() == 1_250
    (row,) = sent["rows"]
    told = suite.connection.web3.eth.get_transaction_receipt(row["transaction"])
    assert (told["from"], told["status"]) == (person("payer").address, 1)
    assert spent() == 0


def test_points_are_redeemed(zegel, server, suite, member, spent):
    zegel("redeem", "SHOP", "100", "order-1042", "--relay", server)

    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 0
    assert spent() == 0


def test_points_are_converted(zegel, server, suite, member, issuer, spent):
    account = suite.token("SHOP").address
    money = suite.settlement_token.functions
    issuer.send(money.mint(issuer.address, 10**9))
    issuer.send(money.approve(suite.exchange.address, 10**9))
    issuer.send(suite.exchange.functions.fund(account, 10**9))

    zegel("convert", "SHOP", "AIR", "10", "--relay", server)

    assert suite.token("AIR").functions.balanceOf(member.address).call() > 0
    assert spent() == 0


def test_what_the_relay_refuses_is_told(zegel, server, suite, outsider):
    words = r"^the relay at http://.* refused: PointToken refused: ERC20InsufficientBalance"
    with pytest.raises(RelayRefused, match=words):
        zegel("send", "SHOP", outsider.address, "1000", "--relay", server)

    assert suite.token("SHOP").functions.balanceOf(outsider.address).call() == 0


def test_money_is_not_relayed(zegel, server, suite):
    symbol = suite.settlement_token.functions.symbol().call()
    with pytest.raises(ConfigError, match=f"{symbol} is money: leave --relay out"):
        zegel("redeem", symbol, "1", "order", "--relay", server)


def test_an_address_that_is_no_relay_is_named(zegel, anvil, outsider):
    with pytest.raises(ChainError, match=r"the relay at http://127\.0\.0\.1:9 does not answer"):
        zegel("send", "SHOP", outsider.address, "1", "--relay", "http://127.0.0.1:9")
    with pytest.raises((ChainError, RelayRefused), match="relay"):
        zegel("send", "SHOP", outsider.address, "1", "--relay", anvil.url)
