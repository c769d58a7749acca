"""No path of conversions that ends where it began gains anything, at any prices and terms.

Each step is quoted with what the one before gave; converting gives what was quoted.

Spec: X2
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Verbosity, given, settings
from hypothesis import strategies as st

from stateful.network import START, ZERO, Network, running_network

MAX_PRICE = 2**64 - 1
DAY = 86_400

# Mostly of the size that shops use; often bid and ask are the same, so that only rounding loses.
prices = st.one_of(st.integers(10**9, 10**13), st.integers(1, MAX_PRICE))
spreads = st.one_of(st.just((1, 1)), st.tuples(st.integers(1, 120), st.integers(100, 120)))
quotes = st.tuples(prices, spreads).map(lambda quote: spread(*quote))
paths = st.lists(st.integers(0, 3), min_size=1, max_size=6)


def spread(price: int, parts: tuple[int, int]) -> tuple[int, int]:
    """A bid and an ask that is at least as high."""
    return min(price, max(1, price * parts[0] // parts[1])), price


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """With so much money in the accounts that no path ends for want of it."""
    with running_network() as network:
        network.money.send(network.issuer, "mint", network.issuer, 2**95)
        for token in network.tokens:
            network.exchange.send(network.issuer, "setPriceGuards", token.address, (0, 0, 0))
            network.exchange.send(network.issuer, "fund", token.address, 2**93)
        # The notice that the first program began with ends.
        network.node.travel_to(START + 2 * DAY)
        yield network


def go_round(network: Network, path: list[int], amount: int) -> int | None:
    """What comes back of an amount that goes round a path; None if it is refused on the way."""
    sides = [*network.tokens, network.money]
    stops = [sides[number].address for number in (*path, path[0])]
    for give, take in pairwise(stops):
        if give != take:
            amount, refusal = network.exchange.call("quote", give, take, amount, ZERO, ZERO)
            if refusal:
                return None
    return amount


def set_terms(network: Network, number: int, quote: tuple[int, int], discount: int) -> None:
    """A special ask for the partner before, down to the bid."""
    bid, ask = quote
    token, partner = network.tokens[number].address, network.tokens[number - 1].address
    terms = (max(bid, ask - ask * discount // 100), 0, START + 9 * DAY, False)
    network.exchange.send(network.issuer, "setTerms", token, partner, terms)


def check_loops(network: Network, examples: int) -> int:
    """Tries so many loops; returns how many went all the way round."""
    whole = 0

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        verbosity=Verbosity.normal,
        suppress_health_check=HealthCheck.all(),
    )
    @given(
        posted=st.tuples(quotes, quotes, quotes),
        discounts=st.tuples(*3 * [st.integers(0, 100)]),
        path=paths,
        amount=st.integers(1, 2**40),
    )
    def no_loop_gains(posted, discounts, path, amount) -> None:  # type: ignore[no-untyped-def]
        nonlocal whole
        for number, (bid, ask) in enumerate(posted):
            token = network.tokens[number].address
            network.exchange.send(network.issuer, "setPrices", token, bid, ask)
            set_terms(network, number, posted[number], discounts[number])
        back = go_round(network, path, amount)
        whole += back is not None and len(set(path)) > 1
        assert back is None or back <= amount

    no_loop_gains()
    return whole


def test_no_loop_gains(network: Network) -> None:
    assert check_loops(network, 60) > 10


@pytest.mark.deep
def test_no_loop_of_many_gains(network: Network) -> None:
    assert check_loops(network, 500) > 100
