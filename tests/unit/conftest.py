"""Every unit test starts from the contracts as its module deployed them."""

import gc

import pytest


@pytest.fixture(scope="module", autouse=True)
def garbage() -> None:
    """Sets what stands so far aside from garbage collection.

    Brownie collects all garbage after every test, which takes longer the more objects earlier
    modules have left: in the middle of a run, nine tenths of the time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def isolation(fn_isolation: None) -> None:
    """Undoes what a test did."""
