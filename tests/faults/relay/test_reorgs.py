"""A chain that gives blocks up
├── makes what was mined be sent again, with the same bytes
├── or has something else use the nonce: only once that is final, the message gets another one
└── brings back what failed in a block that was given up
"""

import pytest
from eth_account import Account
from faults.relay.conftest import SENDERS, name_of
from sqlalchemy import select
from support.outbox import sent

from zegel.admin import powers, safety
from zegel.chain import roles
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.relay.schema import messages


def until(work, worker, state):
    """Works until every message is in a state."""
    for _ in range(50):
        worker.step()
        if set(work.states()) == {state}:
            return
    raise AssertionError(f"{work.states()}, never {state}")


@pytest.mark.parametrize("depth", [1, 2, 3, 40])
def test_a_reorg_that_drops_messages_brings_them_back(traffic, depth):
    work = traffic(6)
    work.accept()
    work.town.anvil.mine(40)
    worker = work.worker(depth=100, window=64)
    until(work, worker, "mined")
    before = {one.hash for one in sent(work.relay().queue)}

    work.town.anvil.rpc("anvil_reorg", depth, [])
    worker.step()
    assert "sent" in work.states()
    until(work, worker, "mined")

    assert {one.hash for one in sent(work.relay().queue)} == before
    worker.leases.resign()
    work.town.anvil.mine(1)
    work.check()


def test_a_nonce_that_something_else_has_used_for_good_gives_the_message_another(traffic):
    work = traffic(1)
    work.accept()
    worker = work.worker(depth=3)
    until(work, worker, "mined")
    (old,) = sent(work.relay().queue)
    connection = work.town.anvil.connection
    sender = KeySender(connection, Account.from_key(SENDERS[0]))
    foreign = sender.signed(
        {
            "to": sender.address,
            "value": 1,
            "nonce": old.nonce,
            "gas": 21_000,
            "maxFeePerGas": 10**11,
            "maxPriorityFeePerGas": 10**9,
            "chainId": connection.chain_id,
        }
    )
    depth = connection.web3.eth.block_number - old.block + 1

    work.town.anvil.rpc("anvil_reorg", depth, [["0x" + foreign.hex(), 0]])
    # It is not final: the old bytes are all that may be sent.
    for _ in range(3):
        worker.step()
    assert [(one.hash, one.state) for one in sent(work.relay().queue)] == [(old.hash, "sent")]

    work.town.anvil.mine(5)
    for _ in range(3):
        worker.step()
    first, second = sent(work.relay().queue)
    assert (first.state, second.nonce) == ("lost", old.nonce + 1)
    worker.leases.resign()
    assert work.states() == ["mined"]
    work.work_off()
    assert work.states() == ["final"]


def test_what_failed_in_a_block_that_was_given_up_is_tried_again(traffic):
    """The member is frozen when the message comes, in a block that the chain gives up."""
    work = traffic(1)
    suite = work.suite()
    guardian = UnlockedSender(suite.connection, suite.connection.web3.eth.accounts[0])
    powers.grant(suite, guardian, "SHOP", roles.FREEZER, guardian.address).apply()
    work.accept()
    worker = work.worker(depth=100)
    member = work.signed[0][0].values["from"]
    safety.freeze(suite, guardian, "SHOP", member, b"lost".ljust(32, b"\0")).apply()
    until(work, worker, "failed")
    relay = work.relay()
    reason = relay.receipt(name_of(work.signed[0][0])).reason
    assert reason == f"PointToken refused: MemberFrozen(member={member})"

    # Both the freezing and the message are in blocks that are given up.
    work.town.anvil.rpc("anvil_reorg", 2, [])
    until(work, worker, "mined")

    with relay.queue.reading() as database:
        (row,) = database.execute(select(messages)).all()
    assert (row.trouble, row.charged) == (None, sent(work.relay().queue)[0].gas_used)
    worker.leases.resign()
    work.check()
