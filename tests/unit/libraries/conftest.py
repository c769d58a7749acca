"""The contract that opens the libraries to tests."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def harness(module_isolation: None, deployer: Any, LibraryHarness: Any) -> Any:
    return LibraryHarness.deploy({"from": deployer})
