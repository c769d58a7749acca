"""The formulas that are proved are those of the library that the exchange runs.

On many random cases, small and large ones and those at the ends of their ranges
  values and points, rounded down and up, are the formulas' to the unit

`forge/` does the same one level up: a quote of the exchange is the formulas' conversion.
"""

import random

import pytest
from proofs.pricing.formulas import Arithmetic, OfNumbers

ARITHMETIC = Arithmetic(OfNumbers())
CASES_PER_CALL = 1_000

# Inclusive ranges, as {Pricing} and the exchange's types give them.
POINTS = (0, 2**48 - 1)
VALUES = (0, 2**96 - 1)
PRICES = (1, 2**64 - 1)


def random_number(chance, low, high):
    """Small, large, of any size, and at both ends."""
    end = chance.choice([low, high])
    near = abs(end - chance.randrange(6))
    size = chance.getrandbits(chance.randrange(1, high.bit_length() + 1))
    return min(max(chance.choice([end, near, size]), low), high)


def cases(chance, amounts, count):
    """Amount, price, decimals of the points, one settlement token."""
    return [
        (
            random_number(chance, *amounts),
            random_number(chance, *PRICES),
            chance.randrange(5),
            10 ** chance.randrange(2, 19),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    "runs", [20, pytest.param(200, marks=pytest.mark.deep)], ids=["20,000", "200,000"]
)
@pytest.mark.parametrize(
    ("function", "formula", "amounts"),
    [
        ("valuesDown", ARITHMETIC.value_down, POINTS),
        ("valuesUp", ARITHMETIC.value_up, POINTS),
        ("pointsDown", ARITHMETIC.points_down, VALUES),
        ("pointsUp", ARITHMETIC.points_up, VALUES),
    ],
)
def test_the_library_computes_the_formulas(
    LibraryHarness, deployer, function, formula, amounts, runs
):
    """Property: P19."""
    harness = LibraryHarness.deploy({"from": deployer})
    chance = random.Random(f"{function} {runs}")
    for _ in range(runs):
        chosen = cases(chance, amounts, CASES_PER_CALL)
        computed = getattr(harness, function)(chosen)
        expected = [
            formula(amount, price * unit, 10 ** (12 + decimals))
            for amount, price, decimals, unit in chosen
        ]
        assert list(computed) == expected
