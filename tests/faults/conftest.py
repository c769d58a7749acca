"""A network that begins anew for every test."""

from collections.abc import Iterator

import pytest
from faults.lives import Founded, Town, found
from support.manual_clock import ManualClock
from support.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found(tmp_path_factory.mktemp("town"))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def town(founded: Founded) -> Iterator[Town]:
    with founded.town() as town:
        yield town
