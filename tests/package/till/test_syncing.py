"""Syncing
├── purses are what can be counted on two windows later; a released one is nothing
├── limits are the lower ones that are announced
├── it reads those whom the till has met, those who have set points aside for it, and who asks
├── frozen members and merchants, and tills that were revoked, are known
├── the till keeps what it knew when the node does not answer, is another chain's, or is behind
├── a clock that is late is noticed, and so is a queue that lost what it had
└── a till that never synced takes nothing
"""

from dataclasses import replace
from itertools import pairwise

import pytest
from package.till.shops import pay

from zegel.admin import funds, limits, merchants, offline, safety
from zegel.admin.inputs import word
from zegel.chain import node
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.deploy.suite import NOBODY
from zegel.errors import ChainError, Declined, FileError, WrongChain
from zegel.till import syncing
from zegel.till.asking import ask
from zegel.till.carrying import Own
from zegel.till.opening import QUEUE
from zegel.till.settling import settle
from zegel.till.syncing import sync

WHY = word("a test")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(node.Patience, "wait", lambda *_: None)


def known(books, shops, member, symbol="SHOP"):
    found = books.members[shops.token(symbol), member.address]
    return found.own, found.shared, found.is_frozen


def test_purses_and_limits_are_read(shops, shop, member):
    shops.guarantee(500, shop, limit=200)
    shops.set_aside(member, 80)
    with shop.open() as till:
        books = sync(till, shops.suite, [member.address])
        reading = books.programs[shops.token()].reading

        assert till.books == books
        assert known(books, shops, member) == (300, 80, False)
        assert known(books, shops, member, "AIR") == (0, 0, False)
        assert (books.window, books.merchant) == (shops.window, shop.merchant.address)
        assert books.name == "Shop"
        program = books.programs[shops.token()]
        assert (program.symbol, program.decimals, program.limit) == ("SHOP", 2, 200)
        assert (program.merchant_is_frozen, program.payout) == (False, None)
        latest = shops.suite.connection.web3.eth.get_block("latest")
        assert (reading.block, reading.second) == (latest["number"], latest["timestamp"])
        assert reading.records == len(till.queue.records)
    with shop.open() as till:
        assert till.books == books


def test_points_that_expire_before_they_can_be_settled_do_not_count(shops, shop, member):
    token = shops.suite.token("SHOP")
    last = token.functions.expiries(member.address).call()
    assert last == []
    expiry = token.functions.expiryOf(0).call()
    for seconds, own in ((2 * shops.window + 1, 300), (2 * shops.window, 0)):
        shops.anvil.move_to(expiry - seconds)
        with shop.open() as till:
            assert known(sync(till, shops.suite, [member.address]), shops, member)[0] == own


def test_a_purse_on_its_way_back_is_nothing(shops, shop, member):
    desk, merchant = shops.suite.desk.functions, shop.merchant.address
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        member.send(desk.release(shops.token(), merchant))
        assert known(sync(till, shops.suite), shops, member) == (0, 0, False)


def test_the_lower_limit_holds_as_soon_as_it_is_announced(shops, shop, member, issuer):
    shops.guarantee(500, shop, limit=200)
    offline.set_limit(shops.suite, issuer, "SHOP", shop.merchant.address, 50).apply()
    with shop.open() as till:
        assert sync(till, shops.suite).programs[shops.token()].limit == 50


def test_those_who_ask_are_read_beside_those_whom_it_has_met(shops, shop, member, actor):
    other = actor("new_admin")
    shops.set_aside(other, 70, shop.merchant.address)
    with shop.open() as till:
        first = sync(till, shops.suite, [member.address])
        shops.set_aside(member, 30, shop.merchant.address)
        second = sync(till, shops.suite, [other.address], everyone=False)
        assert known(second, shops, other)[0] == 70
        pair = shops.token(), member.address
        assert second.members[pair] == first.members[pair]
        third = sync(till, shops.suite)
        assert (known(third, shops, member)[0], known(third, shops, other)[0]) == (330, 70)


def test_who_sets_points_aside_for_the_shop_is_noticed(shops, shop, member, actor):
    other, stranger = actor("new_admin"), actor("verifier")
    shops.set_aside(stranger, 50, actor("deployer").address)
    shops.guarantee(500, shop, limit=200)
    with shop.open() as till:
        books = sync(till, shops.suite)
        assert set(books.members) == {(shops.token(), member.address)}
        # Of AIR the merchant takes none out of shared purses.
        issuer = actor("issuer")
        limits.set_budget(shops.suite, issuer, "AIR", issuer.address, 1_000, 24 * 3600).apply()
        offline.set_guarantee(shops.suite, issuer, "AIR", 500, 10).apply()
        shops.set_aside(stranger, 70, symbol="AIR")
        shops.set_aside(other, 70)
        books = sync(till, shops.suite)
        assert known(books, shops, other) == (0, 70, False)
        assert {who for _, who in books.members} == {member.address, other.address}
        pay(till, other, 70, shops.token(), shared=True)


def test_only_blocks_that_are_new_are_searched_for_purses(shops, shop, member, monkeypatch):
    asked, ask_all = [], node.Node.ask_all

    def counted(self, questions):
        asked.extend(params[0] for method, params in questions if method == "eth_getLogs")
        return ask_all(self, questions)

    monkeypatch.setattr(node.Node, "ask_all", counted)
    monkeypatch.setattr(syncing, "_BLOCKS", 10)
    monkeypatch.setattr(syncing, "_OVERLAP", 3)
    with shop.open() as till:
        sync(till, shops.suite)
        assert int(asked[0]["fromBlock"], 16) == shops.suite.first_block
        shops.anvil.mine(25)
        del asked[:]
        seen = till.books.seen
        sync(till, shops.suite)
        ranges = [(int(one["fromBlock"], 16), int(one["toBlock"], 16)) for one in asked]
        assert len(ranges) == 3
        # The last ones may have changed since.
        assert ranges[0][0] == seen - 3
        assert all(after[0] == before[1] + 1 for before, after in pairwise(ranges))
        assert ranges[-1][1] == till.books.seen


def test_asking_for_one_member_searches_for_nobody(shops, shop, member, actor):
    with shop.open() as till:
        sync(till, shops.suite)
        seen = till.books.seen
        shops.set_aside(actor("new_admin"), 70, shop.merchant.address)
        sync(till, shops.suite, [member.address], everyone=False)
        assert till.books.seen == seen
        assert known(sync(till, shops.suite), shops, actor("new_admin"))[0] == 70


def test_frozen_people_are_known(shops, shop, member, issuer):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        for who in (member, shop.merchant):
            safety.freeze(shops.suite, issuer, "SHOP", who.address, WHY).apply()
        books = sync(till, shops.suite)
        assert known(books, shops, member)[2] is True
        assert books.programs[shops.token()].merchant_is_frozen is True
        assert books.programs[shops.token("AIR")].merchant_is_frozen is False


def test_a_till_that_was_revoked_knows(shops, shop, member):
    merchants.revoke_till(shops.suite, shop.merchant, shop.device.address).apply()
    with shop.open() as till:
        assert sync(till, shops.suite, [member.address]).merchant == NOBODY
        with pytest.raises(Declined, match="the registry has"):
            pay(till, member, 1, shops.token())


def test_the_payout_is_quoted(shops, shop, operator):
    funds.fund(shops.suite, operator, "SHOP", 10**8).apply()
    offline.set_payout(shops.suite, shop.merchant, shops.token("AIR")).apply()
    with shop.open(floor_limits={shops.token(): 1_000}) as till:
        payout = sync(till, shops.suite).programs[shops.token()].payout
        assert (payout.to, payout.symbol, payout.decimals) == (shops.token("AIR"), "AIR", 0)
        # For each of 10 points a bid of 0.009, and an ask of 0.0025.
        assert (payout.amount, payout.out, payout.notice) == (1_000, 36, 0)


def test_a_payout_that_the_exchange_refuses_gives_nothing(shops, shop):
    offline.set_payout(shops.suite, shop.merchant, shops.suite.settlement_token.address).apply()
    with shop.open() as till:
        payout = sync(till, shops.suite).programs[shops.token()].payout
        assert (payout.symbol, payout.decimals, payout.out) == ("tEUR", 6, 0)


def test_it_keeps_what_it_knew_when_the_node_does_not_answer(shops, shop, member):
    with Anvil(timestamp=shops.suite.connection.timestamp(), chain_id=1) as other:
        stopped = Connection(other.url)
        with shop.open() as till:
            books = sync(till, shops.suite, [member.address])
            another = replace(shops.suite, connection=stopped)
            with pytest.raises(WrongChain, match="this till is of"):
                sync(till, another)
            other.stop()
            with pytest.raises(ChainError, match="failed 3 times"):
                sync(till, another)
            assert till.books == books
            pay(till, member, 100, shops.token())


def test_a_node_that_fails_half_way_changes_nothing(shops, shop, member, monkeypatch):
    with shop.open() as till:
        books = sync(till, shops.suite, [member.address])
        shops.set_aside(member, 30, shop.merchant.address)
        ask_all, answered = node.Node.ask_all, []

        def fails_later(self, questions):
            answered.append(len(questions))
            if len(answered) > 3:
                raise ChainError("gone")
            return ask_all(self, questions)

        monkeypatch.setattr(node.Node, "ask_all", fails_later)
        with pytest.raises(ChainError, match="gone"):
            sync(till, shops.suite)
        assert till.books == books
    with shop.open() as till:
        assert till.books == books


def test_a_node_behind_what_was_settled_is_refused(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 100, shops.token())
        settle(till, shops.suite, Own(shop.device))
        with pytest.raises(ChainError, match="and the till has settled in"):
            sync(till, shops.suite, depth=1)
        shops.anvil.mine()
        sync(till, shops.suite, depth=1)


def test_a_clock_that_is_late_is_noticed(shops, shop, member):
    with shop.open() as till:
        second = till.now()
        till.clock = lambda: second
        shops.anvil.move_to(second + 60)
        with pytest.raises(ChainError, match="set the clock, it is 60 s late"):
            sync(till, shops.suite, [member.address])


def test_a_till_that_lost_its_queue_does_not_begin_again(shops, shop, member):
    with shop.open() as till:
        sync(till, shops.suite, [member.address])
        pay(till, member, 100, shops.token())
        settle(till, shops.suite, Own(shop.device))
    for path in shop.folder.iterdir():
        path.unlink()
    with shop.open() as till:
        with pytest.raises(FileError, match=r"its next serial 0 was settled before: bring back"):
            sync(till, shops.suite, [member.address])
        assert till.queue.path.name == QUEUE


def test_a_till_that_never_synced_takes_nothing(shops, shop):
    with shop.open() as till, pytest.raises(Declined, match="has not read the chain yet"):
        ask(till, shops.token(), 1, shared=False)
