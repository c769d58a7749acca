"""The books
├── what was written down is read again
├── a till without them begins without
└── a byte that was changed anywhere is noticed, and the remedy named
"""

import random
from dataclasses import replace

import pytest
from package.till.conftest import PLACE, TOKEN

from zegel.errors import FileError
from zegel.till.books import Payout, load, save


def test_what_was_written_down_is_read_again(books, tmp_path):
    path = tmp_path / "till" / "books.json"
    payout = Payout(PLACE.desk, "tEUR", 6, 100, 9_000, 3_600)
    program = replace(books.programs[TOKEN], payout=payout)
    programs = {**books.programs, TOKEN: program}
    books = replace(books, programs=programs, seen=7, name="Corner Shop")
    save(path, books)

    assert load(path) == books


def test_a_till_without_books_begins_without(tmp_path):
    assert load(tmp_path / "books.json") is None


def test_books_that_cannot_be_read_say_so(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        load(tmp_path)


def test_a_byte_that_was_changed_is_noticed(books, tmp_path):
    path = tmp_path / "books.json"
    save(path, books)
    whole, chance = path.read_bytes(), random.Random(1)

    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        with pytest.raises(FileError, match="delete it, and sync the till"):
            load(path)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileError, match="does not match its hash: delete it, and sync the till"):
        load(path)
