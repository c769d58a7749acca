"""Runs everything at one address until it is stopped, and goes on from there the next time.

A folder holds it all: the chain's state, the address book, the index, the databases of relay and
API, and logs. The chain is Anvil with a block a second; it writes its state every half minute and
when it stops. The index is made again if the chain is not the one that it knows.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eth_typing import ChecksumAddress

from zegel.api.awarding import Awards
from zegel.api.service import Service
from zegel.api.serving import Address, serve
from zegel.api.settings import Settings
from zegel.api.snapshot import read_head
from zegel.api.store import Store
from zegel.award.journal import open_journal
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.raw import ask
from zegel.chain.sending import UnlockedSender
from zegel.demo import run
from zegel.demo.world import FUEL, SHOP
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, open_suite
from zegel.errors import ChainError, ConfigError, DatabaseFailed
from zegel.files import replace_text
from zegel.index.database import Database
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.till.serving import SERVICE, page_of
from zegel.up import world
from zegel.up.processes import ZEGEL, Processes
from zegel.web.problems import Problem

_STATE, _INDEX, _API = "chain.json", "index.db", "api.db"
_RELAY, _JOURNAL = "relay.db", "awards.db"
_DEPLOYMENTS, _LOGS, _BEGUN, _TILL = "deployments", "logs", "begun", "till"
_LOCK, _GUARD = "lock", "guard"

# No page elsewhere drives the chain.
_NO_PAGES = "--no-cors"
# Whoever reads as of one block may be asking still when so many others have come.
_HISTORY = "--prune-history=64"
_SECONDS_BETWEEN_DUMPS = 30
# Most for one payment, and most that is not settled.
_TILL_LIMITS = (f"{SHOP}=50/2000", f"{FUEL}=50/2000")
_PAUSE = 0.1

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Place:
    """Where it all is, and where it is served. `one_in` says how many customers the demo has."""

    folder: Path
    address: Address
    one_in: int = 10

    @property
    def state(self) -> Path:
        return self.folder / _STATE

    @property
    def deployments(self) -> Path:
        return self.folder / _DEPLOYMENTS

    def log(self, name: str) -> Path:
        return self.folder / _LOGS / f"{name}.log"


def up(place: Place, tell: Tell) -> None:
    """Runs everything until somebody stops it."""
    place.folder.mkdir(parents=True, exist_ok=True)
    with _alone(place.folder), Processes(place.folder / _GUARD) as processes:
        if not place.state.is_file():
            _seed(place, processes, tell)
        with _chain(place) as anvil, processes.watching(anvil.pid):
            try:
                _run(place, anvil, processes, tell)
            finally:
                # Before the chain that they ask.
                processes.stop()
        tell("[ok] stopped; the next start goes on from here")


def _run(place: Place, anvil: Anvil, processes: Processes, tell: Tell) -> None:
    """Index and relay in processes of their own, the API in this one."""
    connection = anvil.connection
    suite = open_suite(connection, Book.open(connection, place.deployments))
    who = world.accounts(list(connection.web3.eth.accounts))
    index = Database(str(place.folder / _INDEX))
    _renew_index(place, connection)
    processes.start("index", _zegel(place, anvil, "index", "run"), place.log("index"))
    queue = "--queue", str(place.folder / _RELAY)
    relay = _zegel(place, anvil, "relay", "run", "--key", who.relay, *queue)
    processes.start("relay", relay, place.log("relay"))
    _start_till(place, anvil, processes, who.till)
    service = Service(
        Settings(
            origin=place.address.origin,
            other_origins=place.address.other_origins,
            private_webhooks=True,
            demo=True,
        ),
        suite,
        index,
        Store(str(place.folder / _API)),
        Relay(suite, open_queue(str(place.folder / _RELAY), connection)),
        _awards(place, suite, who.issuers),
    )
    _wait_for_index(index, processes)
    till = _wait_for_till(place, processes)
    serve(
        service,
        place.address,
        log=place.log("api"),
        ready=lambda: _tell_links(place, connection, till, tell),
        check=processes.check,
    )


def _awards(place: Place, suite: Suite, issuers: Mapping[str, ChecksumAddress]) -> Awards:
    """Each issuer awards its own points; the shop's come first."""
    return Awards(
        suite,
        open_journal(str(place.folder / _JOURNAL), suite.connection),
        {
            suite.token(symbol).address.lower(): UnlockedSender(suite.connection, issuer)
            for symbol, issuer in issuers.items()
        },
        place.folder / "awards",
    )


def _seed(place: Place, processes: Processes, tell: Tell) -> None:
    """Makes the world once; one that was interrupted is made again from the beginning."""
    unfinished = place.folder / f"{_STATE}.unfinished"
    for name in (_DEPLOYMENTS, _TILL):
        _remove(place.folder / name)
    for name in (_INDEX, _API, _RELAY, _JOURNAL):
        _remove_database(place.folder / name)
    unfinished.unlink(missing_ok=True)
    purchases = world.recent(date.today(), place.one_in)
    options = (*run.ANVIL_OPTIONS, _NO_PAGES, "--dump-state", str(unfinished))
    chain = Anvil(world.begin(purchases), base_fee=0, options=options)
    with chain as anvil, processes.watching(anvil.pid):
        world.seed(anvil, purchases, place.deployments, lambda line: _tell_done(line, tell))
    if not unfinished.is_file():
        raise ChainError(f"Anvil wrote no state to {unfinished}: see that the disk has room")
    replace_text(place.folder / _BEGUN, f"{world.begin(purchases)}\n")
    unfinished.replace(place.state)


@contextmanager
def _chain(place: Place) -> Iterator[Anvil]:
    """The chain as it was left, with a block a second from now on.

    Anvil makes a first block of its own before it reads the others, and begins with that one's
    time: it must be the same as ever, and the time is set before another block is made.
    """
    begun = int((place.folder / _BEGUN).read_text())
    kept = ("--state", str(place.state), "--state-interval", str(_SECONDS_BETWEEN_DUMPS))
    options = (*run.BLOCKS, _HISTORY, _NO_PAGES, *kept)
    with Anvil(begun, base_fee=0, options=options) as anvil:
        anvil.rpc("evm_setTime", int(time.time()))
        # Nobody takes the last block of long ago for the present.
        anvil.mine(1)
        anvil.rpc("evm_setIntervalMining", 1)
        yield anvil


def _renew_index(place: Place, connection: Connection) -> None:
    """Throws an index away whose last block the chain does not have.

    Anvil was killed then, and went on from an earlier state.
    """
    if not (place.folder / _INDEX).is_file():
        return
    index = Database(str(place.folder / _INDEX))
    with index.reading() as database:
        head = read_head(database)
    index.engine.dispose()
    block = ask(connection, "eth_getBlockByNumber", hex(head.number), False)
    if block is None or block["hash"] != head.hash:
        _remove_database(place.folder / _INDEX)


def _wait_for_index(index: Database, processes: Processes) -> None:
    """Waits until the index can answer; it says itself why it cannot."""
    while True:
        processes.check()
        with suppress(DatabaseFailed, Problem), index.reading() as database:
            read_head(database)
            return
        time.sleep(_PAUSE)


def _start_till(place: Place, anvil: Anvil, processes: Processes, account: str) -> None:
    """The merchant's till on this device; the relay sends what it settles."""
    folder = place.folder / _TILL
    (folder / SERVICE).unlink(missing_ok=True)
    at = "--till", str(folder)
    limits = (part for limit in _TILL_LIMITS for part in ("--limit", limit))
    opening = ("till", "open", *limits, "--relay", f"http://127.0.0.1:{place.address.port}", *at)
    processes.finish("till", _zegel(place, anvil, *opening, account=account), place.log("till"))
    running = _zegel(place, anvil, "till", "run", "--port", "0", *at, account=account)
    processes.start("till", running, place.log("till"))


def _wait_for_till(place: Place, processes: Processes) -> str:
    """The link to the till's page."""
    while True:
        processes.check()
        with suppress(ConfigError):
            return page_of(place.folder / _TILL)
        time.sleep(_PAUSE)


def _zegel(place: Place, anvil: Anvil, *command: str, account: str = "") -> list[str]:
    """A command on this chain."""
    options = {
        **({"--account": account} if account else {}),
        "--rpc": anvil.url,
        "--deployments": str(place.deployments),
        "--index": str(place.folder / _INDEX),
    }
    return [*ZEGEL, *(part for option in options.items() for part in option), *command]


def _tell_done(line: str, tell: Tell) -> None:
    if not line.startswith("skip"):
        tell(line)


def _tell_links(place: Place, connection: Connection, till: str, tell: Tell) -> None:
    origin = place.address.origin
    who = world.accounts(list(connection.web3.eth.accounts))
    tell(f"wallet    {origin}/")
    tell(f"till      {till}")
    tell(f"console   {origin}/console")
    tell(f"API       {origin}/docs")
    tell(f"issuer    {who.issuers[SHOP]} of {SHOP}, on chain {connection.chain_id}")
    tell(f"merchant  {who.merchant}, {world.MERCHANT}")
    tell("Ctrl-C stops it all.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps others out of the folder as long as this process lives."""
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(
                f"{folder} is in use by another `zegel up`: stop that one, or name another --folder"
            ) from None
        yield


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        _remove(path.with_name(path.name + suffix))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
