"""The real thing: index, relay and API over a chain with a block a second, in threads of this
process."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from browser.town import SYMBOLS, Town
from support.listening import serving

from zegel.api.app import create_app
from zegel.api.awarding import Awards
from zegel.api.service import Service
from zegel.api.settings import Limits, Settings
from zegel.api.store import Store
from zegel.award.journal import open_journal
from zegel.index.database import Database
from zegel.index.following import catch_up
from zegel.index.network import about
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.relay.working import Worker

# Everybody in a test has the same address.
_GENEROUS = Limits(reads=1e6, rpc=1e6, writes=1e6, reads_at_once=10**6, writes_at_once=10**6)
_PAUSE = 0.1


@dataclass
class Network:
    """Where it is served; named as `Doorway` names it."""

    town: Town
    url: str


@contextmanager
def running(town: Town, folder: Path, *, demo: bool = False) -> Iterator[Network]:
    suite, stop = town.suite, Event()
    index = Database(str(folder / "index.db"))
    catch_up(suite.connection.url, about(suite), index)
    queue = open_queue(f"sqlite:///{folder / 'relay.db'}", suite.connection)
    worker = Worker(suite, queue, [town.sender("relayer")], depth=0)
    journal = open_journal(f"sqlite:///{folder / 'awards.db'}", suite.connection)
    issuer = town.sender("issuer")
    senders = {town.token(symbol).lower(): issuer for symbol in SYMBOLS}

    def follow() -> None:
        catch_up(suite.connection.url, about(suite), index)
        time.sleep(_PAUSE)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://localhost:{listener.getsockname()[1]}"
        service = Service(
            Settings(origin=url, limits=_GENEROUS, demo=demo),
            suite,
            index,
            Store(str(folder / "api.db")),
            Relay(suite, queue),
            Awards(suite, journal, senders, folder / "awards"),
        )
        threads = [
            Thread(target=_again, args=(follow, stop), daemon=True),
            Thread(target=worker.run, args=(stop.is_set,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            with serving(create_app(service), listener):
                yield Network(town, url)
        finally:
            stop.set()
            for thread in threads:
                thread.join(10)


def _again(work: Callable[[], None], stop: Event) -> None:
    while not stop.is_set():
        work()
