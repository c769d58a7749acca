"""A node that fails
├── loses the answer after it took a transaction: nothing is sent twice
├── fails at random, by a seed: every award is made once in the end
└── says in its own words why it takes no transaction
"""

import contextlib

import pytest
from support.faulty_node import STALE, TRANSPORT, FaultyNode

from zegel.award import awarding
from zegel.chain.node import Patience
from zegel.errors import ChainError
from zegel.outbox.wordings import WORDINGS, Meaning, meaning

# Whoever has these may say which seed found what.
SEEDS = range(5)
DEEP_SEEDS = range(5, 60)


def test_an_answer_that_is_lost_after_acceptance_sends_nothing_twice(job):
    work = job()
    office = work.office()
    with FaultyNode(work.town.anvil.url) as node:
        reach(office, node)
        node.plant("lost", "eth_sendRawTransaction", times=3)
        status = awarding.run(office, work.path)

        assert status.rows == {"final": 12}
        assert node.told["lost"] == 3
    work.check()


def reach(office, node):
    """Has an office reach its node through another one."""
    office.suite.connection.web3.provider.endpoint_uri = node.url
    node.stand_before(office.node)


def run_through_faults(work, seed):
    with FaultyNode(work.town.anvil.url, seed, 0.25, (*TRANSPORT, STALE), stall=0.05) as node:
        office = work.office(window=2, depth=2)
        reach(office, node)
        for _ in range(30):
            with contextlib.suppress(ChainError):
                if awarding.run(office, work.path).is_done:
                    break
        assert sum(node.told.values()) > 0
    work.check()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_fails_at_random_gets_every_award_once(job, seed):
    run_through_faults(job(), seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP_SEEDS)
def test_a_node_that_fails_at_random_gets_every_award_once_deep(job, seed):
    run_through_faults(job(30), seed)


def test_a_node_that_never_answers_is_named(job):
    work = job()
    office = work.office()
    with FaultyNode(work.town.anvil.url, rate=1.0, faults=("502",)) as node:
        reach(office, node)
        office.node.patience = Patience(pause=0.001, longest=0.01)
        told = rf"^{node.url} failed 10 times at eth_sendRawTransaction: no answer but .*not now"
        with pytest.raises(ChainError, match=told):
            office.node.answers([("eth_sendRawTransaction", ["0x"])])
        assert node.told["502"] == 10


def test_anvil_says_what_the_table_knows(town, job):
    office = job().office()
    eth = office.suite.connection.web3.eth
    signed = town.anvil
    signed.rpc("evm_setAutomine", False)
    nonce = eth.get_transaction_count(office.sender.address)

    def send(**changes):
        transaction = {
            "to": office.sender.address,
            "value": 0,
            "nonce": nonce,
            "gas": 21_000,
            "maxFeePerGas": 10**10,
            "maxPriorityFeePerGas": 10**9,
            "chainId": office.suite.connection.chain_id,
            **changes,
        }
        raw = "0x" + office.sender.signed(transaction).hex()
        (answer,) = office.node.answers([("eth_sendRawTransaction", [raw])])
        return meaning(answer["error"]["message"]) if "error" in answer else None

    try:
        assert send() is None
        assert send() is Meaning.TAKEN
        assert send(value=1) is Meaning.OUTBID
        assert send(nonce=nonce - 1) is Meaning.NONCE_USED
        assert send(nonce=nonce + 1, value=10**30) is Meaning.NO_MONEY
        assert send(nonce=nonce + 1, maxFeePerGas=1, maxPriorityFeePerGas=1) in (
            None,
            Meaning.TOO_CHEAP,
        )
        assert send(nonce=nonce + 1, gas=20_000) is Meaning.UNKNOWN
    finally:
        signed.rpc("anvil_dropAllTransactions")
        signed.rpc("evm_setAutomine", True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("already known", Meaning.TAKEN),
        ("ALREADY_EXISTS: already known", Meaning.TAKEN),
        ("transaction already imported", Meaning.TAKEN),
        ("Known transaction", Meaning.TAKEN),
        ("nonce too low: next nonce 5, tx nonce 3", Meaning.NONCE_USED),
        ("OldNonce, Current nonce: 5, nonce of rejected tx: 3", Meaning.NONCE_USED),
        ("replacement transaction underpriced", Meaning.OUTBID),
        ("transaction underpriced", Meaning.TOO_CHEAP),
        ("max fee per gas less than block base fee: address 0x…", Meaning.TOO_CHEAP),
        ("FeeTooLow, MaxFeePerGas too low", Meaning.TOO_CHEAP),
        ("txpool is full", Meaning.TOO_EARLY),
        ("nonce too high", Meaning.TOO_EARLY),
        ("insufficient funds for gas * price + value", Meaning.NO_MONEY),
        ("intrinsic gas too low", Meaning.UNKNOWN),
    ],
)
def test_other_nodes_say_what_the_table_knows(text, what):
    assert meaning(text) is what


def test_no_line_of_the_table_hides_behind_another():
    for words, what in WORDINGS:
        assert meaning(words) is what
