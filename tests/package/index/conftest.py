"""A network on which much has happened, and databases to index it into."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.life import live
from support.postgres import postgres, postgres_url

from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import Suite
from zegel.index.database import Database
from zegel.index.network import About, about

__all__ = ["postgres", "postgres_url"]


@pytest.fixture
def lived(
    suite: Suite, anvil: Anvil, actor: Callable[[str], UnlockedSender], tmp_path: Path
) -> Suite:
    """A suite on whose chain everything has happened that moves points."""
    live(suite, anvil, actor, tmp_path)
    return suite


@pytest.fixture
def network(suite: Suite) -> About:
    return about(suite)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(str(tmp_path / "index.db"))


@pytest.fixture
def in_postgres(postgres_url: str) -> Database:
    return Database(postgres_url)
