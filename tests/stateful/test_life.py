"""The chain and the model live the same random lives.

├── every action succeeds or is refused on the chain as in the model
├── all that anyone can see is the same after every action
├── the exchange holds what it owes, and donations, after every action
└── when all have left, no points and no money but donations remain

Spec: T1, T2, T7, T8, X1, X3, X4, X16, X19
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from stateful.machine import lives
from stateful.network import Network, running_network

# How often each rule must succeed in the long run, or it would prove nothing.
OFTEN = 10


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with running_network() as network:
        yield network


def test_chain_and_model_live_the_same_lives(network: Network) -> None:
    hits = lives(network, max_examples=25, stateful_step_count=20)
    assert sum(hits.values()) > 500


@pytest.mark.deep
def test_chain_and_model_live_many_long_lives(network: Network) -> None:
    hits = lives(network, max_examples=200, stateful_step_count=30)
    print(table(hits))
    seldom = {rule for rule, _ in hits if hits[rule, "done"] < OFTEN}
    assert not seldom, f"these rules succeeded too seldom to prove anything: {seldom}"


def table(hits: Counter[tuple[str, str]]) -> str:
    rules = sorted({rule for rule, _ in hits})
    rows = [f"{rule:26}{hits[rule, 'done']:8}{hits[rule, 'refused']:10}" for rule in rules]
    return "\n".join([f"{'rule':26}{'done':>8}{'refused':>10}", *rows])
