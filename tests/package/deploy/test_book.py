"""The address book.

it gives back what was recorded
when a write is interrupted
    it has the old content, and no litter
when the file is damaged
    it names the file and the line
when the file is about another chain of the same id, or the chain was started anew
    on a local chain, it is set aside
    elsewhere, it is refused with the remedy
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.deploy.book import Book, Deployment, Pending
from zegel.errors import FileError, WrongChain

EURO = Deployment("TestEuro", "0x5FbDB2315678afecb367f032d93F642f64180aa3", [], 1, "0x01", "0x02")
BEGUN = Pending("TestEuro", EURO.address, [], EURO.address, 7, None)


def test_book_gives_back_what_was_recorded(book: Book, connection: Connection) -> None:
    book.begin("other", BEGUN)

    again = Book.open(connection, book.path.parent)

    assert again.deployments == book.deployments
    assert list(again.deployments) == [
        "TestEuro",
        "PasskeyVerifier",
        "PointTokenBlueprint",
        "IssuerRegistry",
        "PointExchange",
        "OfflineDesk",
        "AwardDrop",
        "RewardCharter",
        "PointToken SHOP",
        "PointToken AIR",
    ]
    assert again.pending == {"other": BEGUN}
    assert again.genesis == connection.genesis


def test_recording_ends_what_was_pending(book: Book, connection: Connection) -> None:
    book.begin("TestEuro 2", BEGUN)
    book.record("TestEuro 2", book.deployments["TestEuro"])

    again = Book.open(connection, book.path.parent)

    assert again.pending == {}
    assert again.deployments["TestEuro 2"] == book.deployments["TestEuro"]


def test_interrupted_write_leaves_the_old_book(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.path.read_text()

    def fail(*_: Any) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FileError, match=r"cannot be written \(power cut\): make room"):
        book.begin("other", BEGUN)

    assert book.path.read_text() == before
    assert list(book.path.parent.iterdir()) == [book.path]


def test_damaged_book_is_refused_with_its_line(book: Book, connection: Connection) -> None:
    book.path.write_text('{\n  "chain_id": 31337,\n  oops\n}')

    with pytest.raises(FileError) as refusal:
        Book.open(connection, book.path.parent)
    assert (refusal.value.path, refusal.value.line) == (book.path, 3)


def test_book_that_is_no_book_is_refused(book: Book, connection: Connection) -> None:
    book.path.write_text('{"chain_id": 31337}')

    with pytest.raises(FileError, match=r"31337\.json: no address book \('genesis'\)"):
        Book.open(connection, book.path.parent)


def test_renamed_book_is_refused(book: Book, connection: Connection) -> None:
    book.path.write_text(book.path.read_text().replace('"chain_id": 31337', '"chain_id": 5'))

    with pytest.raises(WrongChain, match=r"31337\.json is about chain 5: restore its name 5\.json"):
        Book.open(connection, book.path.parent)


def test_book_of_a_gone_local_chain_is_set_aside(book: Book, connection: Connection) -> None:
    content = json.loads(book.path.read_text()) | {"genesis": "0x" + "ab" * 32}
    book.path.write_text(json.dumps(content))

    fresh = Book.open(connection, book.path.parent)

    assert (fresh.deployments, fresh.genesis) == ({}, connection.genesis)
    aside = book.path.with_name("31337-abababab.json")
    assert json.loads(aside.read_text()) == content
    assert not book.path.exists()


def test_book_without_its_contracts_is_set_aside(book: Book, connection: Connection) -> None:
    nowhere = connection.web3.eth.accounts[9]
    book.record("TestEuro", replace(book.deployments["TestEuro"], address=nowhere))

    assert Book.open(connection, book.path.parent).deployments == {}


def test_book_of_another_public_chain_is_refused(tmp_path: Path) -> None:
    with Anvil(chain_id=4242, timestamp=1) as first:
        book = Book.open(first.connection, tmp_path)
        book.record("TestEuro", EURO)
        with pytest.raises(WrongChain, match=rf"TestEuro is no longer at {EURO.address}"):
            Book.open(first.connection, tmp_path)
    other = rf"the id 4242, whose first block was {book.genesis}.*`mv "
    with Anvil(chain_id=4242, timestamp=2) as second, pytest.raises(WrongChain, match=other):
        Book.open(second.connection, tmp_path)
    assert (tmp_path / "4242.json").exists()
