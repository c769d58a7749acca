"""A network on a node of its own, which goes back to its beginning after every life."""

from collections.abc import Iterator

import pytest
from faults.lives import Town, found_town
from support.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    yield from found_town(tmp_path_factory.mktemp("town"))
