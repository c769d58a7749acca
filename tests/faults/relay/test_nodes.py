"""A node that fails
├── loses the answer after it took a transaction: nothing is sent twice
├── fails at random, by a seed: every message is carried out once in the end
└── and cannot play several calls at once: what waits in its pool is played first
"""

import contextlib

import pytest
from support.faulty_node import STALE, TRANSPORT, FaultyNode

from zegel.errors import ChainError

# Whoever has these may say which seed found what.
SEEDS = range(3)
DEEP_SEEDS = range(3, 40)


def test_an_answer_that_is_lost_after_acceptance_sends_nothing_twice(traffic):
    work = traffic(6)
    work.accept()
    with FaultyNode(work.town.anvil.url) as node:
        work.node.append(node.url)
        node.plant("lost", "eth_sendRawTransaction", times=3)
        work.work_off(window=2)
        assert node.told["lost"] == 3
        work.node.clear()
    work.check()


def run_through_faults(work, seed):
    faults = (*TRANSPORT, STALE)
    with FaultyNode(work.town.anvil.url, seed, 0.2, faults, stall=0.05) as node:
        work.suite()
        relay, worker = work.relay(), work.worker(window=2, depth=2)
        reach(relay, worker, node)
        for _ in range(60):
            with contextlib.suppress(ChainError):
                work.accept(relay)
                break
        for _ in range(60):
            worker.step()
            if set(work.states()) <= {"mined", "final"}:
                break
        assert sum(node.told.values()) > 0
        worker.leases.resign()
    work.town.anvil.mine(2)
    work.check()


def reach(relay, worker, node):
    """Has a relay and its worker reach their node through another one."""
    for suite in (relay.suite, worker.suite):
        suite.connection.web3.provider.endpoint_uri = node.url
        suite.connection.url = node.url
    node.stand_before(relay._clock._node, relay._rehearsal.node, worker._rehearsal.node)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_fails_at_random_gets_every_message_once(traffic, seed):
    run_through_faults(traffic(6), seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", DEEP_SEEDS)
def test_a_node_that_fails_at_random_gets_every_message_once_deep(traffic, seed):
    run_through_faults(traffic(20), seed)
