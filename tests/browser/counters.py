"""A shop's counter: the till's own service on this machine, in a thread of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import uvicorn
from browser.town import Town, till_of

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
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def page(self) -> str:
        return f"{self.url}/till#token={SECRET}"

    @contextmanager
    def open(self) -> Iterator[None]:
        """While the service runs."""
        config = uvicorn.Config(
            create_service(self.counter, SECRET), log_level="error", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", self.port)) as listener:
            self.port = listener.getsockname()[1]
            sockets = {"sockets": [listener]}
            thread = Thread(target=server.run, kwargs=sockets, daemon=True)
            thread.start()
            try:
                yield
            finally:
                server.should_exit = True
                thread.join(10)


@contextmanager
def closed_shop(town: Town, folder: Path) -> Iterator[Shop]:
    """A counter whose service does not run yet."""
    network = Network(town)
    with till_of(town, folder) as till:
        counter = Counter(till, Line(network.suite, lambda: town.sender("till")))
        counter.sync()
        yield Shop(counter, network, 0)


@contextmanager
def shop(town: Town, folder: Path) -> Iterator[Shop]:
    with closed_shop(town, folder) as one, one.open():
        yield one
