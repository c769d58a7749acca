"""Opens a till: its place on the chain, its rules, and its folder with the queue and the books."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from threading import RLock
from typing import Any

from eth_typing import ChecksumAddress

from zegel.errors import ConfigError, Declined, FileError
from zegel.till.books import Books, Program, load, save
from zegel.till.queue import Queue, Record, open_queue, read_queue
from zegel.till.sales import Place, Sales
from zegel.till.wordings import NO_AMOUNT, TILL_FULL, TOO_MUCH

QUEUE, BOOKS = "queue.jsonl", "books.json"


@dataclass(frozen=True)
class Rules:
    """What the merchant allows this till, by program and in base units. Nothing, if not named.

    Args:
        floor_limits: Most for one payment.
        total_limits: Most that may be taken and not settled yet.
        share: This till's part of the merchant's purses and limits. The parts of all tills of a
            merchant sum to one at most, or they are not paid for all that they take.
        max_age: Most seconds since the last sync, where the offline window is longer.
    """

    floor_limits: Mapping[ChecksumAddress, int] = field(default_factory=dict)
    total_limits: Mapping[ChecksumAddress, int] = field(default_factory=dict)
    share: Fraction = Fraction(1)
    max_age: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ConfigError(f"share: {self.share} is not more than 0 and at most 1: name a part")

    def check_amount(self, program: Program, amount: int) -> None:
        """Raises `Declined` for a payment that this till may not take."""
        floor = self.floor_limits.get(program.token, 0)
        if amount <= 0:
            raise Declined(f"amount: {amount} is nothing to pay: ask for more", NO_AMOUNT)
        if amount > floor:
            raise Declined(
                f"{program.points(amount)} is more than the floor limit of "
                f"{program.points(floor)} for one payment: ask for less, or pay with a network",
                TOO_MUCH,
            )

    def check_total(self, program: Program, total: int) -> None:
        """Raises `Declined` if the till would have that many points that are not settled."""
        most = self.total_limits.get(program.token, 0)
        if total > most:
            raise Declined(
                f"{program.points(total)} would be unsettled, more than the total limit of "
                f"{program.points(most)} for this till: settle first",
                TILL_FULL,
            )


@dataclass
class Till:
    """An open till, whose `lock` lets several threads work with it.

    `clock` tells the second. `listeners` are told of every record.
    """

    place: Place
    rules: Rules
    queue: Queue
    sales: Sales
    clock: Callable[[], int]
    books_file: Path
    _books: Books | None
    lock: RLock = field(default_factory=RLock, repr=False)
    listeners: list[Callable[[Record], None]] = field(default_factory=list, repr=False)

    @property
    def books(self) -> Books:
        """What it knows of the chain."""
        if self._books is None:
            raise Declined("the till has not read the chain yet: sync it")
        return self._books

    @property
    def known(self) -> Books | None:
        return self._books

    def replace_books(self, books: Books) -> None:
        with self.lock:
            save(self.books_file, books)
            self._books = books

    def now(self) -> int:
        """The second of a sale. Raises `Declined` if the clock has gone back since the last one.

        What is settled or paid back may bear an earlier one: a clock that is set right stops no
        till for longer than an offline window.
        """
        now = self.clock()
        if now < self.sales.last_at:
            raise Declined(
                f"the till's clock is at {now}, {self.sales.last_at - now} s before its last "
                "sale: set the clock"
            )
        return now

    def record(self, kind: str, at: int, **values: Any) -> Record:
        """Writes down what happened, and takes it in."""
        with self.lock:
            record = self.queue.append(kind, at, values)
            self.sales.add(record)
        for listener in self.listeners:
            listener(record)
        return record


def _system_clock() -> int:
    return int(time.time())


@contextmanager
def open_till(
    folder: Path, place: Place, rules: Rules, clock: Callable[[], int] = _system_clock
) -> Iterator[Till]:
    """Opens the till in a folder, for this process alone."""
    with open_queue(folder / QUEUE) as queue:
        till = Till(place, rules, queue, Sales(place), clock, folder / BOOKS, load(folder / BOOKS))
        if not queue.records:
            queue.append("opened", clock(), asdict(place))
        yield _filled(till)


def read_till(folder: Path, place: Place, rules: Rules) -> Till:
    """The till in a folder as it stands, to look at only, whichever process works with it."""
    # The books first: they are never ahead of the queue.
    books, path = load(folder / BOOKS), folder / QUEUE
    queue = Queue(path, read_queue(path), 0, -1, 0)
    return _filled(Till(place, rules, queue, Sales(place), _system_clock, folder / BOOKS, books))


def _filled(till: Till) -> Till:
    """The till with the sales of its queue."""
    _check(till)
    for record in till.queue.records:
        till.sales.add(record)
    return till


def _check(till: Till) -> None:
    """Whether queue and books are of this till, and of one another."""
    path, (first, *_) = till.queue.path, till.queue.records
    if first.kind != "opened" or dict(first.values) != asdict(till.place):
        found = ", ".join(map(str, first.values.values()))
        raise FileError(path, f"is the queue of another till ({found}): name another folder")
    known, count = till.known.records() if till.known else 0, len(till.queue.records)
    if known > count:
        raise FileError(
            path,
            f"has {count} records, and had {known} at the last sync: bring back the ones behind, "
            "or their vouchers are lost",
        )
