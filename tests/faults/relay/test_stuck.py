"""A transaction that is on its way
├── and was lost is sent again, the same bytes
├── and is stuck is replaced by one with the same nonce and higher fees; either counts, once
├── is never replaced beyond the price cap, and nothing is signed above it
├── behind a gap in the nonces has the gap filled, below and above
└── and fails is named, charged, and never tried again
"""

import pytest
from eth_account import Account
from faults.relay.conftest import SENDERS, name_of
from sqlalchemy import select
from support.killing import KILLED
from support.messages import person
from support.outbox import sent

from zegel.chain.sending import KeySender, UnlockedSender
from zegel.outbox.broadcasting import broadcast, mend
from zegel.outbox.confirming import confirm
from zegel.relay.limits import Limits
from zegel.relay.schema import senders, spent


@pytest.fixture
def still(town):
    """A chain that makes no blocks of its own, once it is told to."""
    yield town.anvil
    town.anvil.rpc("anvil_dropAllTransactions")
    town.anvil.rpc("evm_setAutomine", True)


def begin(work, clock, **settings):
    """One message, signed and sent; no block is made for it."""
    work.town.anvil.rpc("evm_setAutomine", False)
    work.accept(work.relay(now=clock))
    worker = work.worker(now=clock, **settings)
    (box,) = worker._boxes
    assert worker.leases.hold(box.account)
    worker._sign(box)
    broadcast(box)
    worker.leases.resign()
    return box


def test_a_transaction_that_was_dropped_is_sent_again(traffic, still, clock):
    work = traffic(1)
    box = begin(work, clock)
    (one,) = sent(box.journal)
    still.rpc("anvil_dropTransaction", one.hash)

    broadcast(box)
    still.mine()
    assert confirm(box) == 0
    clock.now += 15
    broadcast(box)
    still.mine()

    assert confirm(box) == 1
    assert [each.hash for each in sent(box.journal)] == [one.hash]
    work.check()


def test_a_transaction_that_is_stuck_is_replaced_at_an_eighth_more(traffic, still, clock):
    work = traffic(1)
    box = begin(work, clock)
    clock.now += 89
    mend(box)
    assert len(sent(box.journal)) == 1
    clock.now += 1
    mend(box)
    broadcast(box)
    still.mine()
    assert confirm(box) == 1

    first, second = sent(box.journal)
    assert (first.nonce, first.state, second.state) == (second.nonce, "replaced", "mined")
    assert 8 * second.max_fee >= 9 * first.max_fee
    assert 8 * second.tip >= 9 * first.tip
    work.check()


def test_the_first_attempt_may_arrive_after_all(traffic, still, clock):
    work = traffic(1)
    box = begin(work, clock)
    clock.now += 90
    mend(box)
    still.mine()
    broadcast(box)
    assert confirm(box) == 1

    assert [one.state for one in sent(box.journal)] == ["mined", "replaced"]
    work.check()


def test_a_receipt_that_comes_late_is_no_loss(traffic, still, clock):
    """The node knows that the nonce is used before it knows by what, and makes another block."""
    work = traffic(1)
    box = begin(work, clock)
    still.mine()
    ask_all = box.node.ask_all

    def ask_late(questions):
        if "eth_getTransactionReceipt" not in {method for method, _ in questions}:
            return ask_all(questions)
        box.node.ask_all = ask_all
        still.mine()
        return [None for _ in questions]

    box.node.ask_all = ask_late

    assert confirm(box) == 0
    assert [one.state for one in sent(box.journal)] == ["sent"]
    assert confirm(box) == 1
    work.check()


def test_a_worker_that_is_killed_while_it_replaces_is_replaced(traffic, still, clock):
    work = traffic(1)
    begin(work, clock)
    clock.now += 90

    assert work.work("relay.signed again", now=clock) == KILLED

    still.rpc("evm_setAutomine", True)
    clock.now += 10
    work.check(now=clock)


def test_a_replacement_never_pays_more_than_the_cap(traffic, still, clock):
    work = traffic(1)
    base = int(still.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
    box = begin(work, clock, limits=Limits(price=base + 1))
    (first,) = sent(box.journal)
    assert first.max_fee == base + 1

    clock.now += 90
    mend(box)

    assert len(sent(box.journal)) == 1
    still.mine()
    confirm(box)
    work.check()


def test_nothing_is_signed_while_the_chain_asks_for_more_than_the_cap(traffic, still, clock):
    work = traffic(1)
    work.accept(work.relay(now=clock))
    worker = work.worker(now=clock, limits=Limits(price=1))
    base = int(still.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
    told = []

    worker.step(told.append)

    (box,) = worker._boxes
    assert sent(box.journal) == []
    expected = (
        f"the chain asks {base} wei per unit of gas, and this relay pays 1 at most: "
        "wait, or let it pay more"
    )
    assert told == [expected]
    with box.journal.reading() as database:
        assert database.scalar(select(senders.c.trouble)) == expected


def test_gaps_in_the_nonces_are_filled(traffic, still, clock):
    """Others sent from the same account, and what they sent was lost."""
    work = traffic(1)
    still.rpc("evm_setAutomine", False)
    account = Account.from_key(SENDERS[0])
    eth = still.connection.web3.eth
    first = eth.get_transaction_count(account.address)
    foreign = KeySender(still.connection, account)
    base = {"to": account.address, "value": 0, "gas": 21_000, "chainId": 31337}
    fees = {"maxFeePerGas": 10**11, "maxPriorityFeePerGas": 10**9}
    hashes = [
        eth.send_raw_transaction(foreign.signed({**base, **fees, "nonce": first + n}))
        for n in range(3)
    ]
    box = begin(work, clock)
    for name in hashes:
        still.rpc("anvil_dropTransaction", name.to_0x_hex())

    clock.now += 15
    mend(box)
    broadcast(box)
    still.mine()
    confirm(box)

    *fillers, message = sent(box.journal)
    assert [one.nonce for one in sent(box.journal)] == [first + n for n in range(4)]
    assert {(one.job, one.state) for one in fillers} == {(None, "mined")}
    assert message.state == "mined"
    work.check()


def test_a_message_that_fails_in_its_block_is_named_and_not_tried_again(traffic, still, clock):
    """The member sends the points itself between the look at them and the block."""
    work = traffic(1)
    relay = work.relay(now=clock)
    ((message, _),) = work.signed
    box = begin(work, clock)
    member = person_of(message)
    token = work.suite().token("SHOP")
    still.rpc("anvil_setBalance", member, hex(10**20))
    still.rpc("anvil_impersonateAccount", member)
    sender = UnlockedSender(still.connection, member)
    raw = token.functions.transfer(person("elsewhere").address, 1).build_transaction(
        {"from": member, "gas": 200_000, "maxFeePerGas": 10**12, "maxPriorityFeePerGas": 10**11}
    )
    sender.connection.web3.eth.send_transaction(raw)
    still.mine()
    confirm(box)

    receipt = relay.receipt(name_of(message))
    assert receipt.state == "failed"
    assert receipt.reason.startswith("PointToken refused: ERC20InsufficientBalance(")
    assert (receipt.transaction, receipt.block) == (
        sent(box.journal)[0].hash,
        sent(box.journal)[0].block,
    )
    with box.journal.reading() as database:
        assert set(database.scalars(select(spent.c.gas))) == {sent(box.journal)[0].gas_used}
    still.rpc("evm_setAutomine", True)
    work.work_off()
    assert len(sent(box.journal)) == 1
    assert relay.accept(*work.signed[0]) == relay.receipt(name_of(message))


def person_of(message):
    return message.values["from"]
