"""A transaction that is on its way
├── and was lost is sent again, the same bytes
├── and is stuck is replaced by one with the same nonce and higher fees; either counts, once
├── behind a gap in the nonces has the gap filled
└── and fails is named, and its batch tried again when that is final
"""

from dataclasses import replace

import pytest
from support.killing import KILLED
from support.outbox import sent

from zegel.admin import safety
from zegel.award import awarding
from zegel.award.entering import enter
from zegel.award.signing import sign_planned
from zegel.chain.sending import UnlockedSender
from zegel.outbox.broadcasting import broadcast, mend
from zegel.outbox.confirming import confirm


@pytest.fixture
def still(town):
    """A chain that makes no blocks of its own."""
    town.anvil.rpc("evm_setAutomine", False)
    yield town.anvil
    town.anvil.rpc("anvil_dropAllTransactions")
    town.anvil.rpc("evm_setAutomine", True)


def begin(work, clock, **settings):
    office = work.office(now=clock, **settings)
    number = enter(office, work.path)
    sign_planned(office, 1, number)
    broadcast(office.box)
    return office


def test_a_transaction_that_was_dropped_is_sent_again(job, still, clock):
    work = job(3)
    office = begin(work, clock)
    (one,) = sent(office.journal)
    still.rpc("anvil_dropTransaction", one.hash)
    still.mine()
    assert confirm(office.box) == 0

    broadcast(office.box)
    still.mine()
    assert confirm(office.box) == 0
    clock.now += 15
    broadcast(office.box)
    still.mine()

    assert confirm(office.box) == 1
    assert [each.hash for each in sent(office.journal)] == [one.hash]
    work.check()


def test_a_transaction_that_is_stuck_is_replaced_at_an_eighth_more(job, still, clock):
    work = job(3)
    office = begin(work, clock)
    clock.now += 89
    mend(office.box)
    assert len(sent(office.journal)) == 1
    clock.now += 1
    mend(office.box)
    broadcast(office.box)
    still.mine()
    assert confirm(office.box) == 1

    first, second = sent(office.journal)
    assert (first.nonce, first.state, second.state) == (second.nonce, "replaced", "mined")
    assert 8 * second.max_fee >= 9 * first.max_fee
    assert 8 * second.tip >= 9 * first.tip
    work.check()


def test_the_first_attempt_may_arrive_after_all(job, still, clock):
    work = job(3)
    office = begin(work, clock)
    clock.now += 90
    mend(office.box)
    still.mine()
    broadcast(office.box)
    assert confirm(office.box) == 1

    assert [one.state for one in sent(office.journal)] == ["mined", "replaced"]
    work.check()


def test_a_worker_that_is_killed_while_it_replaces_is_replaced(job, still, clock):
    work = job(3)
    begin(work, clock)
    clock.now += 90

    assert work.work("award.signed again", now=clock) == KILLED

    still.rpc("evm_setAutomine", True)
    work.check()


def test_a_gap_in_the_nonces_is_filled(job, still, clock):
    work = job(3)
    office = work.office(now=clock)
    wallet = UnlockedSender(still.connection, office.sender.address)
    foreign = wallet.connection.web3.eth.send_transaction(
        {"from": wallet.address, "to": wallet.address, "gas": 21_000}
    )
    number = enter(office, work.path)
    sign_planned(office, 1, number)
    still.rpc("anvil_dropTransaction", foreign.to_0x_hex())
    broadcast(office.box)
    still.mine()
    assert confirm(office.box) == 0

    clock.now += 15
    mend(office.box)
    broadcast(office.box)
    still.mine()
    broadcast(office.box)
    still.mine()
    confirm(office.box)

    filler, award = sent(office.journal)
    assert (filler.job, filler.state, award.state) == (None, "mined", "mined")
    assert filler.nonce == award.nonce - 1
    work.check()


def test_a_batch_that_fails_is_named_and_made_by_a_later_run(job, still, clock):
    """The program is paused between the look at it and the block."""
    work = job(3)
    office = work.office(now=clock, depth=2, key=1)
    guardian = UnlockedSender(still.connection, still.connection.web3.eth.accounts[0])
    number = enter(office, work.path)
    sign_planned(office, 1, number)
    still.rpc("evm_setAutomine", True)
    safety.pause(office.suite, guardian, "SHOP").apply()
    broadcast(office.box)
    confirm(office.box)

    found = awarding.status(office.journal, office.token)
    assert (found.rows, found.is_done) == ({"failed": 3}, False)
    assert found.troubles[0].endswith("from line 2: PointToken refused: ProgramPaused()")
    safety.unpause(office.suite, guardian, "SHOP").apply()
    # Its nonce is not gone for good yet: nothing is sent in its place.
    office = replace(office, depth=100)
    assert awarding.run(office, work.path).rows == {"failed": 3}
    assert len(sent(office.journal)) == 1
    work.check()
    assert [(one.state, one.ok) for one in sent(office.journal)] == [
        ("final", False),
        ("final", True),
    ]
