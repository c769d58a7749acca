"""A shop's counter: the till's own service on this machine, in a thread of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from browser.town import Town, till_of
from support.listening import at_an_address

from zegel.deploy.suite import Suite
from zegel.errors import ChainError
from zegel.till.counter import Counter, Line
from zegel.till.service import create_service

SECRET = "t" * 40


@dataclass
class Network:
    """The till's way to the chain, which tests cut."""

    town: Town
    is_cut: bool = False

    def suite(self) -> Suite:
        if self.is_cut:
            raise ChainError("no node answers: try again later")
        return self.town.suite


@dataclass
class Shop:
    """A counter at work, and where its page is."""

    counter: Counter
    network: Network
    url: str = ""

    @property
    def page(self) -> str:
        return f"{self.url}/till#token={SECRET}"

    @contextmanager
    def open(self) -> Iterator[None]:
        """While the service runs, at the same address each time."""
        port = urlsplit(self.url).port or 0
        with at_an_address(create_service(self.counter, SECRET), port) as self.url:
            yield


@contextmanager
def closed_shop(town: Town, folder: Path) -> Iterator[Shop]:
    """A counter whose service does not run yet."""
    network = Network(town)
    with till_of(town, folder) as till:
        counter = Counter(till, Line(network.suite, lambda: town.sender("till")))
        counter.sync()
        yield Shop(counter, network)


@contextmanager
def shop(town: Town, folder: Path) -> Iterator[Shop]:
    with closed_shop(town, folder) as one, one.open():
        yield one
