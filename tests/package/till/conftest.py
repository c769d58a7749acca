"""A till with books that were written by hand, which needs no chain; and shops on a chain."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_typing import ChecksumAddress
from eth_utils import keccak, to_checksum_address
from package.till.shops import Shop, Shops
from support.manual_clock import ManualClock

from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite
from zegel.till import books as book_keeping
from zegel.till.books import Books, Member, Program, Reading
from zegel.till.opening import BOOKS, Rules, Till, open_till
from zegel.till.requests import Request
from zegel.till.sales import Place
from zegel.till.vouchers import Answer, digest_of

# The second at which everything was read, and the offline window.
READ_AT, WINDOW = 1_767_225_600, 2 * 24 * 3600


def address(name: str) -> ChecksumAddress:
    return to_checksum_address(keccak(text=name)[12:])


TOKEN, OTHER_TOKEN = address("token"), address("other token")
PLACE = Place(31337, address("desk"), address("merchant"), address("till"))


@dataclass(frozen=True)
class Phone:
    """A member's phone, which signs with a key."""

    name: str

    @property
    def _account(self) -> Any:
        return Account.from_key(keccak(text=f"zegel till {self.name}"))

    @property
    def address(self) -> ChecksumAddress:
        return to_checksum_address(self._account.address)

    def sign(self, digest: bytes) -> bytes:
        return bytes(self._account.unsafe_sign_hash(digest).signature)

    def answer(self, request: Request) -> Answer:
        return answer(self, request)


def answer(phone: Any, request: Request) -> Answer:
    """What somebody answers who has an address and signs."""
    digest = digest_of(request, phone.address)
    return Answer(request.serial, phone.address, phone.sign(digest))


MEMBER, FRIEND = Phone("member"), Phone("friend")

READING = Reading(100, READ_AT, 1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(READ_AT)


@pytest.fixture
def books() -> Books:
    """The member has 5.00 aside for this merchant, and 3.00 for all; the limit is 2.00."""
    program = Program(TOKEN, "SHOP", 2, 200, False, None, READING)
    return Books(
        WINDOW,
        PLACE.merchant,
        {TOKEN: program, OTHER_TOKEN: replace(program, token=OTHER_TOKEN, symbol="AIR")},
        {
            (token, phone.address): Member(500, 300, False, READING)
            for token in (TOKEN, OTHER_TOKEN)
            for phone in (MEMBER, FRIEND)
        },
    )


@pytest.fixture
def rules() -> Rules:
    return Rules({TOKEN: 400, OTHER_TOKEN: 400}, {TOKEN: 900, OTHER_TOKEN: 900})


Opening = Callable[..., AbstractContextManager[Till]]


@pytest.fixture
def opening(tmp_path: Path, clock: ManualClock, books: Books, rules: Rules) -> Opening:
    """Opens the till in a folder, again and again."""
    given = rules
    book_keeping.save(tmp_path / BOOKS, replace(books, members={}, programs={}))

    @contextmanager
    def opened(rules: Rules = given, place: Place = PLACE, books: Books = books) -> Iterator[Till]:
        with open_till(tmp_path, place, rules, clock) as till:
            till.replace_books(books)
            yield till

    return opened


@pytest.fixture
def till(opening: Opening) -> Iterator[Till]:
    with opening() as till:
        yield till


@pytest.fixture
def shops(
    anvil: Anvil, suite: Suite, book: Book, actor: Callable[[str], UnlockedSender], tmp_path: Path
) -> Shops:
    """Shops on the chain, instead of the till with books that were written by hand."""
    return Shops(anvil, suite, book, actor, tmp_path)


@pytest.fixture
def shop(shops: Shops) -> Shop:
    """The till `guardian` of the merchant `outsider`."""
    return shops.shop("outsider", "guardian")


@pytest.fixture
def member(shops: Shops, shop: Shop, actor: Callable[[str], UnlockedSender]) -> UnlockedSender:
    """A member with 3.00 aside for the shop."""
    who = actor("member")
    shops.set_aside(who, 300, shop.merchant.address)
    return who
