"""A chain that gives blocks up
├── makes what was mined be sent again, with the same bytes
├── or has something else use the nonce: only once that is final, the batch gets another one
└── does not take back what was final
"""

import pytest
from sqlalchemy import select
from support.outbox import sent

from zegel.award import awarding
from zegel.award.schema import batches
from zegel.outbox.broadcasting import broadcast
from zegel.outbox.confirming import confirm, watch


@pytest.mark.parametrize("depth", [1, 2, 3, 40])
def test_a_reorg_that_drops_batches_brings_them_back(job, depth):
    work = job()
    office = work.office(depth=100)
    work.town.anvil.mine(40)
    assert awarding.run(office, work.path).rows == {"mined": 12}
    before = {one.hash for one in sent(office.journal)}

    work.town.anvil.rpc("anvil_reorg", depth, [])
    assert awarding.run(office, work.path).rows == {"mined": 12}

    assert {one.hash for one in sent(office.journal)} == before
    work.check()


def test_nothing_is_sent_twice_while_the_chain_only_lags(job):
    work = job()
    office = work.office(depth=100)
    awarding.run(office, work.path)
    # The same head, but a node that has not seen the batches' blocks answers for it.
    answers = office.node.ask_all
    office.node.ask_all = lambda questions: [
        None if method == "eth_getBlockByNumber" else answers([(method, params)])[0]
        for method, params in questions
    ]
    watch(office.box)

    with office.journal.reading() as database:
        assert set(database.scalars(select(batches.c.state))) == {"mined"}


def test_a_nonce_that_something_else_has_used_for_good_gives_the_batch_another(job):
    work = job(3)
    patient = work.office(depth=3)
    awarding.run(patient, work.path)
    (old,) = sent(patient.journal)
    connection = work.town.anvil.connection
    foreign = patient.sender.signed(
        {
            "to": patient.sender.address,
            "value": 1,
            "nonce": old.nonce,
            "gas": 21_000,
            "maxFeePerGas": 10**11,
            "maxPriorityFeePerGas": 10**9,
            "chainId": connection.chain_id,
        }
    )
    block = connection.web3.eth.block_number
    depth = block - old.block + 1

    work.town.anvil.rpc("anvil_reorg", depth, [["0x" + foreign.hex(), 0]])
    # It is not final: the old bytes are all that may be sent.
    watch(patient.box)
    broadcast(patient.box)
    confirm(patient.box)
    assert [(one.hash, one.state) for one in sent(patient.journal)] == [(old.hash, "sent")]

    work.town.anvil.mine(5)
    assert awarding.run(patient, work.path).rows == {"mined": 3}
    first, second = sent(patient.journal)
    assert (first.state, second.state) == ("lost", "mined")
    assert second.nonce == old.nonce + 1
    work.check()
