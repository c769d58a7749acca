"""The address book of a chain: what was deployed where, and a journal of what is under way.

One file a chain, `<chain id>.json`. It names the chain's first block too, because local chains come
and go under one id. A creation is written down before it is sent: with the sender's nonce, so that
it happens once, however often and at whatever point the process is killed. Every write replaces the
file at once.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress

from zegel.chain.connection import Connection
from zegel.errors import FileError, WrongChain
from zegel.files import replace_text


@dataclass(frozen=True)
class Deployment:
    """A contract that stands on the chain. `arguments` are those of its constructor."""

    contract: str
    address: ChecksumAddress
    arguments: list[Any]
    block: int
    transaction: str
    code_hash: str


@dataclass(frozen=True)
class Pending:
    """A creation that may have been sent. The address follows from the sender and its nonce."""

    contract: str
    address: ChecksumAddress
    arguments: list[Any]
    sender: ChecksumAddress
    nonce: int
    transaction: str | None = None


@dataclass
class Book:
    """The address book of one chain."""

    path: Path
    chain_id: int
    genesis: str
    deployments: dict[str, Deployment] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)

    @classmethod
    def open(cls, connection: Connection, folder: Path) -> "Book":
        """The book of the chain behind a connection; an empty one if there is none.

        The book of a local chain that has gone is set aside.
        """
        path = folder / f"{connection.chain_id}.json"
        book = cls(path, connection.chain_id, connection.genesis)
        if not path.exists():
            return book
        book._read()
        trouble = book._trouble(connection)
        if trouble is None:
            return book
        aside = path.with_name(f"{path.stem}-{book.genesis[2:10]}.json")
        if not connection.is_development:
            raise WrongChain(
                f"{path}: {trouble}. If this is a new chain, move the file away "
                f"(`mv {path} {aside}`) and run again"
            )
        os.replace(path, aside)
        return cls(path, connection.chain_id, connection.genesis)

    def begin(self, name: str, pending: Pending) -> None:
        """Writes down that a creation is about to be sent, or with which hash it was."""
        self.pending[name] = pending
        self._write()

    def forget(self, name: str) -> None:
        """Strikes out a creation that will never come to pass."""
        del self.pending[name]
        self._write()

    def record(self, name: str, deployment: Deployment) -> None:
        """Writes down what stands on the chain now."""
        self.deployments[name] = deployment
        self.pending.pop(name, None)
        self._write()

    def _trouble(self, connection: Connection) -> str | None:
        """Why this book is not about the chain behind a connection."""
        if self.genesis != connection.genesis:
            return (
                f"it is about another chain with the id {self.chain_id}, whose first block was "
                f"{self.genesis}, not {connection.genesis}"
            )
        gone = [name for name, d in self.deployments.items() if not connection.code(d.address)]
        if gone:
            return (
                f"{gone[0]} is no longer at {self.deployments[gone[0]].address}: "
                "the chain was started anew"
            )
        return None

    def _read(self) -> None:
        try:
            content = json.loads(self.path.read_text())
        except json.JSONDecodeError as error:
            raise FileError(
                self.path, f"no JSON ({error.msg}): restore it from a copy", line=error.lineno
            ) from None
        try:
            self.genesis = content["genesis"]
            self.deployments = dict(_entries(Deployment, content["deployments"].items()))
            self.pending = dict(_entries(Pending, content["pending"].items()))
            found = content["chain_id"]
        except (KeyError, TypeError, AttributeError) as error:
            raise FileError(
                self.path, f"no address book ({error}): restore it from a copy"
            ) from None
        if found != self.chain_id:
            raise WrongChain(f"{self.path} is about chain {found}: restore its name {found}.json")

    def _write(self) -> None:
        content = {
            "chain_id": self.chain_id,
            "genesis": self.genesis,
            "deployments": {name: asdict(entry) for name, entry in self.deployments.items()},
            "pending": {name: asdict(entry) for name, entry in self.pending.items()},
        }
        replace_text(self.path, json.dumps(content, indent=2) + "\n")


def _entries(kind: type, items: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    return ((name, kind(**entry)) for name, entry in items)
