"""Several workers with one queue
├── share it, each with keys of its own
├── leave an account to the worker that has it, until that one is gone
├── give up what they have just signed if another one was faster
├── send what another one has signed that is no more, without its key
└── send what one signer signed from one account, in order
"""

import pytest
from sqlalchemy import select
from support.killing import KILLED, finish
from support.messages import person, sign, transfer

from zegel.chain.messages import sequential
from zegel.outbox.signing import fill_gap
from zegel.relay import working
from zegel.relay.schema import messages, outgoing


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request, tmp_path):
    """A queue's address, once of each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'relay.db'}"
    return request.getfixturevalue("postgres_url")


def test_workers_share_a_queue(traffic, shared):
    work = traffic(40, shared)
    work.accept()

    workers = [work.start(keys=(key,), window=2) for key in (0, 1)]

    assert [finish(worker) for worker in workers] == [0, 0]
    with work.relay().queue.reading() as database:
        assert len(set(database.scalars(select(outgoing.c.sender)))) == 2
    work.check()


def test_two_workers_with_one_key_take_turns(traffic, shared):
    work = traffic(4, shared)
    first, second = work.worker(), work.worker()
    account = first._boxes[0].account

    assert first.leases.hold(account)
    assert not second.leases.hold(account)
    first.leases.resign()
    assert second.leases.hold(account)


def test_a_lease_that_has_run_out_is_anyones(traffic):
    work = traffic(1)
    now = [1_000]
    first = work.worker(now=lambda: now[0], lease=10)
    second = work.worker(now=lambda: now[0], lease=10)
    account = first._boxes[0].account
    assert first.leases.hold(account)

    now[0] += 9
    assert not second.leases.hold(account)
    now[0] += 1
    assert second.leases.hold(account)
    assert not first.leases.hold(account)


@pytest.mark.parametrize("by", ["another worker", "a nonce"])
def test_a_worker_is_overtaken_while_it_signs(traffic, shared, monkeypatch, by):
    work = traffic(4, shared)
    work.accept()
    worker, other = work.worker(keys=(0,)), work.worker(keys=(1,))
    box, signed = worker._boxes[0], working.signed

    def overtaken(box, orders, first, moment):
        monkeypatch.setattr(working, "signed", signed)
        if by == "another worker":
            assert other.step()
        else:
            fill_gap(box, first, moment.fees)
        return signed(box, orders, first, moment)

    monkeypatch.setattr(working, "signed", overtaken)
    assert worker._sign(box) == 0
    ours = outgoing.c.sender == box.account, outgoing.c.job.is_not(None)
    with work.relay().queue.reading() as database:
        assert not list(database.scalars(select(outgoing.c.hash).where(*ours)))
    work.check()


def test_what_a_killed_worker_signed_is_sent_by_one_without_its_key(traffic):
    work = traffic(3)
    work.accept()
    assert work.work("relay.signed", keys=(0,)) == KILLED

    work.work_off(keys=(1,))

    assert work.states() == ["final"] * 3
    with work.relay().queue.reading() as database:
        owner = work.worker(keys=(0,))._boxes[0].account
        assert set(database.scalars(select(outgoing.c.sender))) == {owner}
    work.check()


def test_one_of_two_workers_is_killed(traffic, shared):
    work = traffic(40, shared)
    work.accept()

    other = work.start(keys=(1,), window=2)
    work.work("relay.signed:2", keys=(0,), window=2)

    assert finish(other) == 0
    work.check()


def test_what_one_signer_signed_goes_through_one_account(traffic, town):
    work = traffic(1, amount=1)
    suite = work.suite()
    member = person("orderly")
    sender = suite.connection.web3.eth.accounts[0]
    award = suite.token("SHOP").functions.award(member.address, 10, b"orderly".ljust(32, b"\0"))
    award.transact({"from": sender})
    relay = work.relay()
    for number in range(4):
        message = transfer(suite, member, person("till").address, 1, nonce=0)
        message.values["nonce"] = sequential(number)
        relay.accept(message, sign(member, message))
    first, second = work.worker(keys=(0,), window=2), work.worker(keys=(1,), window=2)

    town.anvil.rpc("evm_setAutomine", False)
    try:
        first.step()
        second.step()
        with relay.queue.reading() as database:
            held = list(database.scalars(select(messages.c.sender).order_by(messages.c.number)))
    finally:
        town.anvil.rpc("evm_setAutomine", True)
    assert held == [first._boxes[0].account] * 2 + [None] * 2

    town.anvil.mine()
    for _ in range(50):
        first.step()
    with relay.queue.reading() as database:
        assert set(database.scalars(select(messages.c.state))) == {"final"}
