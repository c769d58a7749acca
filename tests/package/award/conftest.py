"""An office that awards SHOP points on the chain of these tests, and files for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.postgres import postgres, postgres_url  # noqa: F401 -- fixtures

from zegel.award.journal import Journal, open_journal
from zegel.award.office import Office
from zegel.chain.sending import UnlockedSender
from zegel.deploy.suite import Suite

HEADER = "member,amount,ref,reason"


@pytest.fixture
def award_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file of awards."""

    def write(*lines: str, header: str = HEADER, name: str = "awards.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    return write


@pytest.fixture(params=["sqlite", "postgres"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty journal's address, once of each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def journal(journal_url: str, suite: Suite) -> Journal:
    return open_journal(journal_url, suite.connection)


@pytest.fixture
def office(suite: Suite, awarder: UnlockedSender, journal: Journal) -> Office:
    """Blocks are final at once here."""
    return Office(suite, awarder, "SHOP", journal, depth=0)
