"""What pytest does around Brownie's own plugin: `-p zegel_pytest` in pyproject.toml."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from zegel_env import apply, free_port, one_at_a_time


def pytest_addoption() -> None:
    """The first hook of all: pytest calls it before it loads Brownie's own plugin."""
    apply()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Gives the development network of this test run a port of its own.

    Brownie's own number, 8545, is where a user's node listens: it would be taken over, blocks,
    balances and all. Workers of pytest-xdist inherit the choice.
    """
    from brownie._config import CONFIG
    from hypothesis import settings

    # For `make test-deep`. A transaction takes as long as it takes, so that there is no deadline.
    settings.register_profile("deep", max_examples=500, stateful_step_count=50, deadline=None)
    port = os.environ.setdefault("ZEGEL_TEST_PORT", str(free_port()))
    CONFIG.networks["development"]["cmd_settings"]["port"] = int(port)
    # Brownie loads the project, and changes its build folder; other workers do it too.
    with one_at_a_time():
        yield


def pytest_sessionfinish() -> None:
    """Ends the node before pytest sums up; Brownie would do it, and say so, after the last line."""
    from brownie.network import rpc

    with contextlib.redirect_stdout(None):
        if rpc.is_active() and rpc.is_child():
            rpc.kill()
