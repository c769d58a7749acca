"""Every unit test starts from the contracts as its module deployed them."""

import pytest


@pytest.fixture(autouse=True)
def isolation(fn_isolation: None) -> None:
    """Undoes what a test did."""
