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
    url: str

    @property
    def page(self) -> str:
        return f"{self.url}/till#token={SECRET}"


@contextmanager
def shop(town: Town, folder: Path) -> Iterator[Shop]:
    network = Network(town)
    with till_of(town, folder) as till, socket.socket() as listener:
        line = Line(network.suite, lambda: town.sender("till"))
        counter = Counter(till, line)
        counter.sync()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(
            create_service(counter, SECRET), log_level="error", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Shop(counter, network, f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(10)
