"""From Brownie's active network and accounts to the library's connection, sender and address book.

Every script opens a session. Settings come from the environment or from `.env`; both may name an
account, neither holds a key:

    ZEGEL_ACCOUNT      who sends: a keystore of `brownie accounts`, or, on a local chain, an address
                       whose key the node holds. Without it, the first account of a local chain.
    ZEGEL_DEPLOYMENTS  the folder of the address books; by default `deployments`.
    ZEGEL_JOURNAL      the URL of the journal of award files; by default SQLite in that folder.

A keystore's password is asked for and not shown.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from brownie import accounts, network, web3
from brownie._config import CONFIG
from dotenv import load_dotenv
from eth_account import Account
from web3.exceptions import Web3Exception

from zegel.chain.connection import Connection, connect
from zegel.chain.sending import Sender, chosen_sender
from zegel.deploy.book import Book
from zegel.deploy.carrying import carry_out
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite, open_suite
from zegel.errors import AccountLocked, ConfigError, ZegelError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Session:
    """What a script works with. The account is asked for when it is first needed."""

    connection: Connection
    book: Book

    @cached_property
    def sender(self) -> Sender:
        return chosen_sender(
            self.connection,
            os.environ.get("ZEGEL_ACCOUNT", ""),
            lambda keystore: Account.from_key(_key_of(keystore)),
            "set ZEGEL_ACCOUNT to a keystore, as `brownie accounts list` shows them",
        )

    @cached_property
    def suite(self) -> Suite:
        return open_suite(self.connection, self.book)

    def carry_out(self, plan: Plan) -> None:
        """Shows a plan, asks on chains that matter, and does what is missing."""
        carry_out(plan, self.sender, self.confirm)

    def confirm(self) -> None:
        """Asks on chains that matter."""
        if self.connection.is_development:
            return
        try:
            answer = input(f"Send this on {network.show_active()}? [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes"):
            raise ConfigError("not confirmed: nothing was sent")


@contextmanager
def session() -> Iterator[Session]:
    """A session on Brownie's active network. What goes wrong is told in one line.

    A development network ends with the script, and so does its address book.
    """
    load_dotenv(ROOT / ".env")
    try:
        # The development network has none; that of a live one may be text.
        expected = int(CONFIG.active_network.get("chainid", 0)) or None
        connection = connect(web3.provider.endpoint_uri, expected)
        with TemporaryDirectory() as scratch:
            kept = Path(os.environ.get("ZEGEL_DEPLOYMENTS", ROOT / "deployments"))
            folder = Path(scratch) if CONFIG.network_type == "development" else kept
            yield Session(connection, Book.open(connection, folder))
    except ZegelError as error:
        sys.exit(f"error: {error}")
    except Web3Exception as error:
        sys.exit(f"error: the node did not do as asked: {error}")


def _key_of(keystore: str) -> str:
    try:
        return accounts.load(keystore).private_key
    except FileNotFoundError:
        known = ", ".join(accounts.load()) or "none"
        raise AccountLocked(
            f"no keystore {keystore}: there are {known}; make one with `brownie accounts new`"
        ) from None
    except ValueError:
        raise AccountLocked(f"wrong password for the keystore {keystore}: try again") from None
