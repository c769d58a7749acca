"""The command line on the network of the package's tests, as an issuer and as a member."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from support.messages import person
from typer.testing import CliRunner

from zegel.admin import awards
from zegel.award.rows import Award, packed_text
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.cli import app
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite

Zegel = Callable[..., Any]

PASSWORD = "correct horse"


@pytest.fixture
def zegel(anvil: Anvil, book: Book, member: UnlockedSender) -> Zegel:
    """Runs a command, and returns its answer from JSON; errors of ours are raised."""

    def call(*arguments: str, account: str = member.address, exit_code: int = 0) -> Any:
        options = ["--rpc", anvil.url, "--deployments", str(book.path.parent)]
        result = CliRunner().invoke(
            app, [*options, "--account", account, *arguments], catch_exceptions=False
        )
        assert result.exit_code == exit_code, result.output
        return json.loads(result.stdout) if "--json" in arguments else result.stdout

    return call


@pytest.fixture
def points(suite: Suite, awarder: UnlockedSender, member: UnlockedSender) -> None:
    """`member` has 100 points of SHOP."""
    one = Award(
        bytes.fromhex(member.address[2:]), 10_000, packed_text("first"), packed_text("gift")
    )
    awards.award(suite, awarder, "SHOP", one).apply()


@pytest.fixture
def keystore(anvil: Anvil, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """The environment of somebody with a key of its own, and coins for gas."""

    def make(name: str) -> dict[str, str]:
        payer = person(name)
        anvil.set_balance(payer.address, 10**20)
        key, password = tmp_path / f"{name}.json", tmp_path / f"{name}.password"
        key.write_text(json.dumps(Account.encrypt(payer.key, PASSWORD, iterations=2)))
        password.write_text(f"{PASSWORD}\n")
        return {"ZEGEL_ACCOUNT": str(key), "ZEGEL_PASSWORD_FILE": str(password)}

    return make
