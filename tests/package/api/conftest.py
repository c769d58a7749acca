"""The API on a network on which much has happened, called in the tests' own process."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.indexing import BRISK
from support.life import live

from zegel.api.app import create_app
from zegel.api.awarding import Awards
from zegel.api.service import Service
from zegel.api.settings import Limits, Settings
from zegel.api.store import Store
from zegel.award.journal import open_journal
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import Suite
from zegel.index.database import Database
from zegel.index.following import catch_up
from zegel.index.network import about
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay

# Tests ask more than a person does.
GENEROUS = Limits(reads=1e6, rpc=1e6, writes=1e6, reads_at_once=10**6, writes_at_once=10**6)


@pytest.fixture
def settings() -> Settings:
    return Settings(origin="http://localhost:8080", limits=GENEROUS)


@pytest.fixture
def index(tmp_path: Path) -> Database:
    return Database(str(tmp_path / "index.db"))


@pytest.fixture
def indexed(suite: Suite, index: Database) -> Callable[[], None]:
    """Brings the index up to the chain."""

    def catch() -> None:
        catch_up(suite.connection.url, about(suite), index, patience=BRISK)

    return catch


@pytest.fixture
def service(
    suite: Suite, index: Database, settings: Settings, indexed: Callable[[], None], tmp_path: Path
) -> Service:
    indexed()
    return Service(settings, suite, index, Store(str(tmp_path / "api.db")))


@pytest.fixture
def relayed(
    service: Service, suite: Suite, settings: Settings, awarder: UnlockedSender, tmp_path: Path
) -> Service:
    """The API as a demo with a relay and an awarder, so that nothing is left out."""
    queue = open_queue(f"sqlite:///{tmp_path / 'relay.db'}", suite.connection)
    service.relay = Relay(suite, queue)
    service.settings = replace(settings, demo=True)
    journal = open_journal(f"sqlite:///{tmp_path / 'awards.db'}", suite.connection)
    shop = suite.token("SHOP").address.lower()
    service.awards = Awards(suite, journal, {shop: awarder}, tmp_path / "awards")
    return service


@pytest.fixture
def api(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service), base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
def lived(
    suite: Suite, anvil: Anvil, actor: Callable[[str], UnlockedSender], tmp_path: Path
) -> Suite:
    """A suite on whose chain everything has happened that moves points."""
    live(suite, anvil, actor, tmp_path)
    return suite


def problem(answer: Any, status: int, name: str) -> str:
    """The detail of an answer that must be a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert (answer.status_code, told["type"]) == (status, f"urn:zegel:{name}"), told
    assert told["status"] == status
    return str(told["detail"])
