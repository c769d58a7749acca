"""What a command works with: the node, the address book, the index, and who sends.

Settings come from options, from the environment or from `.env`; none of them is a key. A key comes
from an Ethereum keystore file, or from one of Brownie's accounts by its name, whose password is
asked for and not shown, or read from the file that ZEGEL_PASSWORD_FILE names.
"""

import json
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from getpass import getpass
from pathlib import Path
from typing import Any

import typer
from eth_account import Account
from eth_account.signers.local import LocalAccount

from zegel.chain.connection import Connection, connect
from zegel.chain.sending import Sender, chosen_sender
from zegel.cli.settings import Settings
from zegel.deploy.book import Book
from zegel.deploy.carrying import carry_out
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite, open_suite
from zegel.errors import AccountLocked, ConfigError

_BROWNIE = Path("~/.brownie/accounts")


@dataclass(frozen=True)
class Session:
    """Each part is opened when a command first needs it."""

    settings: Settings

    @cached_property
    def connection(self) -> Connection:
        return connect(self.settings.rpc)

    @cached_property
    def book(self) -> Book:
        return Book.open(self.connection, self.settings.deployments)

    @cached_property
    def suite(self) -> Suite:
        return open_suite(self.connection, self.book)

    @cached_property
    def sender(self) -> Sender:
        return chosen_sender(
            self.connection,
            self.settings.account,
            unlocked,
            "name a keystore, or one of Brownie's, by --account or ZEGEL_ACCOUNT",
        )

    @cached_property
    def key(self) -> LocalAccount:
        """For what is signed here and sent by nobody."""
        if not self.settings.account:
            raise AccountLocked("no key: name a keystore file by --account or ZEGEL_ACCOUNT")
        return unlocked(self.settings.account)

    def carry_out(self, plan: Plan) -> None:
        """Shows a plan, asks on chains that matter, and does what is missing."""
        carry_out(plan, self.sender, self.confirm, _tell)

    def confirm(self) -> None:
        """Asks before anything is sent to a chain that matters."""
        if self.connection.is_development or self.settings.yes:
            return
        if not sys.stdin.isatty():
            raise ConfigError("not confirmed: say --yes where nobody can be asked")
        if not typer.confirm(f"Send this on chain {self.connection.chain_id}?", err=True):
            raise ConfigError("not confirmed: nothing was sent")


def session(context: typer.Context) -> Session:
    """The session of the command that is running."""
    settings: Settings = context.obj
    return Session(settings)


def unlocked(name: str) -> LocalAccount:
    """The account of a keystore: a file, or one of Brownie's by its name."""
    path = _keystore(name)
    try:
        keystore: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        raise AccountLocked(f"{path} is no keystore: name an Ethereum keystore file") from None
    try:
        account: LocalAccount = Account.from_key(Account.decrypt(keystore, _password(path)))
    except (KeyError, TypeError, ValueError) as error:
        wrong = "MAC" in str(error)
        reason = "wrong password for it" if wrong else "it is no Ethereum keystore"
        raise AccountLocked(f"{path}: {reason}: try again") from None
    return account


def _keystore(name: str) -> Path:
    folder = _BROWNIE.expanduser()
    for path in (Path(name).expanduser(), folder / f"{name}.json"):
        if path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in folder.glob("*.json"))) or "none"
    raise AccountLocked(f"no keystore {name}: neither a file nor one of Brownie's ({known})")


def _password(keystore: Path) -> str:
    named = os.environ.get("ZEGEL_PASSWORD_FILE")
    if not named:
        return getpass(f"Password for {keystore.name}: ")
    try:
        return Path(named).read_text().rstrip("\r\n")
    except OSError as error:
        raise AccountLocked(
            f"ZEGEL_PASSWORD_FILE: {named} cannot be read ({error.strerror}): mend the name"
        ) from None


def _tell(line: str) -> None:
    """What people read while it goes on; stdout is for results."""
    print(line, file=sys.stderr)
