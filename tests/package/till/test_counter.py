"""The till at work, with and without a network
├── a member whom it has not met is looked up while there is a network, and declined without
├── a purse that was too small is looked up again
├── who pays does not wait for a network that does not answer
├── a round settles what has waited long enough, and syncs what is old
├── a till that cannot settle goes on selling, and says why
├── a round pays back what is owed, with the merchant's account
├── a network that is gone is noticed long before anything is due
└── rounds go on when the network comes back, and tell it once
"""

import logging
import time
from dataclasses import replace
from threading import Thread

import pytest
import requests
from package.till.shops import answered
from support.passkeys import Passkey

from zegel.chain import node
from zegel.errors import ChainError, Declined, RelayRefused
from zegel.till.asking import ask
from zegel.till.carrying import Helped, Own, Relayed
from zegel.till.counter import Counter, Line
from zegel.till.refunding import refund
from zegel.till.rounds import Rounds
from zegel.till.settling import settle
from zegel.till.syncing import sync


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(node.Patience, "wait", lambda *_: None)


@pytest.fixture
def till(shop):
    with shop.open() as till:
        yield till


@pytest.fixture
def counter(till, shops, shop):
    return Counter(till, Line(lambda: shops.suite, lambda: shop.device))


def cut_off(counter):
    """The same till without a network; says how often it was looked for."""
    looked = []

    def nowhere():
        looked.append(1)
        raise ChainError("no node answers: start one")

    counter.line = replace(counter.line, suite=nowhere)
    return looked


def promised(till, shops, member, amount):
    return answered(member, ask(till, shops.token(), amount, shared=False))


def passkey(shops, shop, amount):
    """Someone who sets points aside."""
    who = Passkey(7)
    shops.set_aside(who, amount, shop.merchant.address)
    return who


def test_a_member_whom_the_till_has_not_met_is_looked_up(counter, till, shops, shop):
    counter.sync()
    stranger = passkey(shops, shop, 100)
    assert counter.take(promised(till, shops, stranger, 100)).amount == 100


def test_without_a_network_a_stranger_does_not_pay(counter, till, shops, shop):
    counter.sync()
    looked = cut_off(counter)
    answer = promised(till, shops, passkey(shops, shop, 100), 100)
    for _ in range(2):
        with pytest.raises(Declined, match=r"the purses of .* were never read here"):
            counter.take(answer)
    assert counter.trouble == "no node answers: start one"
    # Nobody waits twice for a network that is not there.
    assert looked == [1]


def test_a_purse_that_was_filled_is_looked_up_again(counter, till, shops, shop, member):
    counter.sync([member.address])
    answer = promised(till, shops, member, 400)
    with pytest.raises(Declined, match=r"3\.00 SHOP that are left of the purse"):
        counter.take(answer)
    shops.set_aside(member, 100, shop.merchant.address)
    assert counter.take(answer).amount == 400


def test_who_pays_does_not_wait_for_others_at_the_network(counter, till, shops, shop, monkeypatch):
    monkeypatch.setattr("zegel.till.counter._PATIENCE", 0.05)
    counter.sync()
    stranger = passkey(shops, shop, 100)
    answer = promised(till, shops, stranger, 100)
    with counter._network, pytest.raises(Declined, match="were never read here"):
        counter.take(answer)
    counter.sync()
    with counter._network:
        taken = []
        other = Thread(target=lambda: taken.append(counter.take(answer)))
        other.start()
        other.join(timeout=10)
    assert taken[0].amount == 100


def test_after_settling_it_takes_more(counter, till, shops, member):
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    assert [sale.state for sale in counter.settle().done] == ["paid"]
    assert counter.take(promised(till, shops, member, 100)).amount == 100


def test_a_round_settles_what_has_waited(counter, till, shops, shop, member):
    rounds = Rounds(counter, sync_every=60, settle_after=900)
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    rounds.make()
    assert till.sales.taken[0].state == "open"
    shops.anvil.move_to(till.clock() + 900)
    rounds.make()
    assert till.sales.taken[0].state == "paid"
    assert till.books.programs[shops.token()].reading.records > till.sales.settled


def test_a_round_settles_in_time_whatever_the_merchant_wishes(counter, till, shops, member):
    rounds = Rounds(counter, settle_after=10**9)
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    shops.anvil.move_to(till.clock() + shops.window // 2)
    rounds.make()
    assert till.sales.taken[0].state == "paid"


def test_a_round_reads_what_is_old(counter, till, shops):
    rounds = Rounds(counter, sync_every=60)
    rounds.make()
    first = till.books.programs[shops.token()].reading
    shops.anvil.move_to(first.second + 59)
    rounds.make()
    assert till.books.programs[shops.token()].reading == first
    shops.anvil.move_to(first.second + 60)
    rounds.make()
    assert till.books.programs[shops.token()].reading.second == first.second + 60


def test_a_round_without_an_account_settles_nothing(counter, till, shops, member):
    counter.line = replace(counter.line, account=None)
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    shops.anvil.move_to(till.clock() + 900)
    before = till.books.programs[shops.token()].reading
    Rounds(counter).make()
    assert till.sales.taken[0].state == "open"
    assert till.books.programs[shops.token()].reading != before


def test_a_till_without_gas_money_goes_on_selling(counter, till, shops, shop, member, caplog):
    rounds = Rounds(counter, sync_every=60, settle_after=0)
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    balance = shops.suite.connection.web3.eth.get_balance(shop.device.address)
    shops.anvil.set_balance(shop.device.address, 0)
    for _ in range(2):
        shops.anvil.move_to(till.clock() + 60)
        rounds.make()
        assert "send it" in counter.not_settled
        assert (counter.trouble, till.sales.taken[0].state) == ("", "open")
        assert till.books.programs[shops.token()].reading.second == till.clock()
        counter.take(promised(till, shops, member, 10))
    # It is told once.
    assert len(caplog.records) == 1
    shops.anvil.set_balance(shop.device.address, balance)
    shops.anvil.move_to(till.clock() + 60)
    rounds.make()
    assert {sale.state for sale in till.sales.taken.values()} == {"paid"}
    assert counter.not_settled == ""


def test_results_that_must_wait_are_not_asked_for_all_the_time(
    counter, till, shops, member, monkeypatch
):
    counter.line = replace(counter.line, depth=3)
    shops.anvil.mine(3)
    rounds = Rounds(counter, sync_every=60, settle_after=0)
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    rounds.make()
    settle_now, asked = counter.settle, []
    monkeypatch.setattr(counter, "settle", lambda: asked.append(1) or settle_now())
    rounds.make()
    assert (till.sales.taken[0].state, asked) == ("open", [])
    shops.anvil.mine(3)
    shops.anvil.move_to(till.clock() + 60)
    rounds.make()
    assert (till.sales.taken[0].state, asked) == ("paid", [1])


def test_a_round_pays_back_what_is_owed(counter, till, shops, shop, member):
    counter.sync([member.address])
    counter.take(promised(till, shops, member, 100))
    counter.settle()
    refund(till, 0, 100)
    Rounds(counter).make()
    assert shops.balance(member) == 0
    counter.line = replace(counter.line, account=lambda: shop.merchant)
    Rounds(counter).make()
    assert shops.balance(member) == 100


def test_a_network_that_is_gone_is_noticed_in_between(counter, till, shops):
    rounds = Rounds(counter, sync_every=60)
    rounds.make()
    reached, way = counter.reached_at, counter.line
    looked = cut_off(counter)
    shops.anvil.move_to(reached + 9)
    rounds.make()
    assert (looked, counter.trouble) == ([], "")
    shops.anvil.move_to(reached + 10)
    with pytest.raises(ChainError, match="no node answers"):
        rounds.make()
    assert counter.trouble == "no node answers: start one"

    counter.line = way
    rounds.make()
    shops.anvil.move_to(till.clock() + 10)
    before = till.books.programs[shops.token()].reading
    rounds.make()
    assert (counter.reached_at, counter.trouble) == (till.clock(), "")
    assert till.books.programs[shops.token()].reading == before


def test_rounds_go_on_when_the_network_comes_back(counter, till, caplog, monkeypatch):
    monkeypatch.setattr("zegel.till.rounds._LOOK", 0.01)
    caplog.set_level(logging.INFO, "zegel.till")
    way = counter.line
    cut_off(counter)
    rounds = Rounds(counter, _pause=0.01)
    rounds.start()
    try:
        until(lambda: counter.trouble.startswith("no node answers"))
        counter.line = way
        until(lambda: till.known is not None)
    finally:
        rounds.stop()
    told = [record.message for record in caplog.records]
    assert told == ["no network: no node answers: start one", "the network is there"]


def until(is_so):
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


# Who carries a settlement.


@pytest.fixture
def sold(till, shops, member):
    sync(till, shops.suite, [member.address])
    counter = Counter(till, Line(lambda: shops.suite))
    for _ in range(3):
        counter.take(promised(till, shops, member, 50))


def test_another_account_carries_what_the_till_signed(till, shops, shop, sold, operator):
    before = shops.suite.connection.web3.eth.get_transaction_count(shop.device.address)
    outcome = settle(till, shops.suite, Helped(shop.device, operator))

    assert [sale.state for sale in outcome.done] == ["paid"] * 3
    after = shops.suite.connection.web3.eth.get_transaction_count(shop.device.address)
    assert (after, shops.balance(shop.merchant)) == (before, 150)


def test_who_carries_cannot_settle_for_itself(till, shops, shop, sold, operator):
    outcome = settle(till, shops.suite, Own(operator))
    (trouble,) = outcome.troubles
    assert trouble.startswith("serials 0, 1, 2 are not settled: OfflineDesk refused: NotTill(")


class Relay:
    """A relay that answers as the network's API does, and sends by an account of its own."""

    def __init__(self, suite, sender):
        self.suite, self.sender, self.asked, self.state = suite, sender, [], "mined"
        self.most = 100

    def request(self, method, url, json=None, **_):
        self.asked.append((method, url, json))
        if json and len(json["with"]["signatures"]) > self.most:
            told = {"type": "urn:zegel:too-much-gas", "detail": "7 gas, more than 6 for a message"}
            return _Answer(422, told)
        if method == "POST":
            self.transaction = self._send(json) if self.state == "mined" else None
            return _Answer(202, {"id": "m1", "state": "accepted", "transaction": None})
        told = {
            "id": "m1",
            "state": self.state,
            "transaction": self.transaction,
            "reason": "no gas",
        }
        return _Answer(200, told)

    def _send(self, body):
        message = body["typedData"]["message"]
        call = self.suite.desk.functions.settle(
            [message[name] for name in ("token", "merchant", "to", "minOut")],
            [
                [voucher[name] for name in ("member", "till", "serial", "amount", "shared")]
                + [voucher["validBefore"]]
                for voucher in message["vouchers"]
            ],
            body["with"]["signatures"],
            body["with"]["operator"],
            body["signature"],
        )
        return self.sender.send(call)["transactionHash"].to_0x_hex()


class _Answer:
    def __init__(self, status, told):
        self.status_code, self._told = status, told

    @property
    def ok(self):
        return self.status_code < 400

    def json(self):
        return self._told


@pytest.fixture
def relay(shops, operator, monkeypatch):
    relay = Relay(shops.suite, operator)
    monkeypatch.setattr("zegel.relay.client.requests.request", relay.request)
    monkeypatch.setattr("zegel.relay.client._PAUSE", 0.01)
    return relay


def test_a_relay_carries_what_the_till_signed(till, shops, shop, sold, relay):
    line = Line(lambda: shops.suite, lambda: shop.device, "https://relay.example/")
    outcome = Counter(till, line).settle()

    assert [sale.state for sale in outcome.done] == ["paid"] * 3
    assert shops.balance(shop.merchant) == 150
    assert [url for _, url, _ in relay.asked] == [
        "https://relay.example/v1/messages",
        "https://relay.example/v1/messages/m1",
    ]


def test_what_is_too_much_for_a_relay_goes_in_halves(till, shops, shop, sold, relay):
    relay.most = 1
    outcome = settle(till, shops.suite, Relayed(shop.device, "https://relay.example"))

    assert [sale.state for sale in outcome.done] == ["paid"] * 3


def test_a_sale_that_is_too_much_for_a_relay_is_told(till, shops, shop, sold, relay):
    relay.most = 0
    troubles = settle(till, shops.suite, Relayed(shop.device, "https://relay.example")).troubles
    assert troubles[0] == (
        "serials 0 are not settled: the relay at https://relay.example refused: "
        "7 gas, more than 6 for a message"
    )
    assert len(troubles) == 3


def test_a_relay_that_fails_leaves_all_open(till, shops, shop, sold, relay):
    relay.state = "failed"
    with pytest.raises(RelayRefused, match=r"relay\.example: it was not carried out: no gas"):
        settle(till, shops.suite, Relayed(shop.device, "https://relay.example"))
    assert [sale.state for sale in till.sales.taken.values()] == ["open"] * 3
    relay.state = "mined"
    settle(till, shops.suite, Relayed(shop.device, "https://relay.example"))
    assert [sale.state for sale in till.sales.taken.values()] == ["paid"] * 3


def test_a_relay_that_takes_too_long_is_left(till, shops, shop, sold, relay, monkeypatch):
    monkeypatch.setattr("zegel.relay.client._SECONDS_TO_MINE", 0.05)
    relay.state = "sent"
    with pytest.raises(ChainError, match=r"m1 is in no block after .* again later, it counts once"):
        settle(till, shops.suite, Relayed(shop.device, "https://relay.example"))


@pytest.mark.parametrize(
    ("answer", "error", "why"),
    [
        (_Answer(409, {"detail": "quota: 5 a day"}), RelayRefused, "refused: quota: 5 a day"),
        (_Answer(502, {}), RelayRefused, "refused: HTTP 502"),
        (_Answer(502, []), ChainError, r"does not answer as a relay does \(HTTP 502\)"),
        (requests.ConnectionError("gone"), ChainError, r"does not answer \(ConnectionError\)"),
    ],
)
def test_a_relay_that_refuses_is_told(
    till, shops, shop, sold, relay, monkeypatch, answer, error, why
):
    def refuses(*_, **__):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("zegel.relay.client.requests.request", refuses)
    with pytest.raises(error, match=why):
        settle(till, shops.suite, Relayed(shop.device, "https://relay.example"))
    assert [sale.state for sale in till.sales.taken.values()] == ["open"] * 3
