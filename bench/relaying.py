"""Members sign, a relay pays: a hundred messages a second, on a chain with a block a second.

`python -m bench.relaying --rate 100 --minutes 10` hands messages in at an even pace, as wallets do,
while a worker in a process of its own sends them from four accounts. It fails when one is lost, one
is made twice, or fewer than 99 of 100 stand in a block within three seconds of acceptance.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from zegel.admin import limits
from zegel.admin.credentials import Identity, accredit
from zegel.admin.programs import ProgramSettings, create_program
from zegel.chain.anvil import Anvil
from zegel.chain.connection import Connection
from zegel.chain.messages import Domain, Message
from zegel.chain.node import Node
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, SuiteSettings, deploy_suite, open_suite
from zegel.outbox import states as outcomes
from zegel.relay import states
from zegel.relay.limits import Limits
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.relay.schema import messages, outgoing
from zegel.relay.working import Worker

RATE = 100
MINUTES = 1.0
# A block within so many seconds, for so large a part.
SECONDS, PART = 3.0, 0.99
# A pace that is not held says nothing.
LATE = 1.0

_MEMBERS = 1_000
_ACCOUNTS = 4
_THREADS = 8
_FOR_EVER = 2**40
_SYMBOL = "BENCH"

Signed = tuple[Message, bytes]


@dataclass
class Record:
    """When messages were accepted, how long that took, and when blocks came.

    `late` is by how many seconds each was handed in late, and how many after the first; `loops` is
    what `loop` took before and after.
    """

    accepted: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    late: list[tuple[float, float]] = field(default_factory=list)
    blocks: dict[int, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    loops: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Setting:
    """A network with members, and the queue's database."""

    url: str
    books: Path
    queue: str

    def suite(self) -> Suite:
        connection = Connection(self.url)
        return open_suite(connection, Book.open(connection, self.books))

    def relay(self) -> Relay:
        suite = self.suite()
        bounds = Limits(signer=10**12, program=10**15)
        return Relay(suite, open_queue(self.queue, suite.connection), bounds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.relaying", description=__doc__)
    parser.add_argument("--rate", type=int, default=RATE, help="messages a second")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for how long")
    parser.add_argument("--queue", default="", help="a database's URL in place of SQLite")
    options = parser.parse_args()
    count = round(options.rate * options.minutes * 60)
    with Anvil() as anvil, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        members = [person(f"member {number}") for number in range(min(_MEMBERS, count))]
        payers = [person(f"payer {number}") for number in range(_ACCOUNTS)]
        prepare(anvil, folder, members, payers, count)
        setting = Setting(anvil.url, folder, options.queue or f"sqlite:///{folder / 'relay.db'}")
        # While this process is small: a copy of a large one is slow at first.
        worker = start(setting, payers)
        try:
            signed = sign(setting.suite(), members, count)
            anvil.rpc("evm_setIntervalMining", 1)
            before = loop()
            record, accepting = run(setting, signed, options.rate)
        finally:
            sending = stop(worker)
        record.loops = before, loop()
        return 0 if report(setting, record, signed, options.rate, (accepting, sending)) else 1


def loop() -> float:
    """The seconds that this machine needs for a million additions: it is not always as fast."""
    start, total = time.perf_counter(), 0
    for number in range(1_000_000):
        total += number
    return time.perf_counter() - start


def person(name: str) -> LocalAccount:
    account: LocalAccount = Account.from_key(keccak(text=f"zegel bench {name}"))
    return account


def prepare(
    anvil: Anvil,
    folder: Path,
    members: Sequence[LocalAccount],
    payers: Sequence[LocalAccount],
    count: int,
) -> None:
    """A program, and members with as many points as they will send."""
    connection = anvil.connection
    sender = UnlockedSender(connection, connection.web3.eth.accounts[0])
    book = Book.open(connection, folder)
    suite = deploy_suite(connection, sender, SuiteSettings(), book)
    identity = Identity("Bench B.V.", "9999ZEGELSHOP0000131", "bench.example", b"x" * 32)
    accredit(sender, lambda: suite.registry, sender.address, identity).apply()
    create_program(suite, sender, ProgramSettings("Bench", _SYMBOL, decimals=2), book).apply()
    limits.set_budget(suite, sender, _SYMBOL, sender.address, 10**12, 24 * 3600).apply()
    each = -(-count // len(members))
    award = suite.token(_SYMBOL).functions.awardBatch
    for start in range(0, len(members), 500):
        words = [int(who.address, 16) << 96 | each for who in members[start : start + 500]]
        sender.send(award(os.urandom(32), words))
    for payer in payers:
        anvil.set_balance(payer.address, 10**21)


def sign(suite: Suite, members: Sequence[LocalAccount], count: int) -> list[Signed]:
    """What wallets do: each message moves one unit to the same shop."""
    token = suite.token(_SYMBOL)
    domain = Domain("Bench", suite.connection.chain_id, token.address)
    shop = person("shop").address

    def signed(number: int) -> Signed:
        who = members[number % len(members)]
        values = {
            "from": who.address,
            "to": shop,
            "value": 1,
            "validAfter": 0,
            "validBefore": _FOR_EVER,
            "nonce": (number // len(members)).to_bytes(32, "big"),
        }
        message = Message("TransferWithAuthorization", domain, values)
        return message, bytes(who.sign_message(message.signable()).signature)

    return [signed(number) for number in range(count)]


def start(setting: Setting, payers: Sequence[LocalAccount]) -> int:
    """Starts the worker; returns the number of its process."""
    worker = os.fork()
    if not worker:
        work(setting, payers)
    return worker


def stop(worker: int) -> float:
    """Ends the worker; returns the processor time that it used, in seconds."""
    os.kill(worker, signal.SIGTERM)
    _, _, used = os.wait4(worker, 0)
    return used.ru_utime + used.ru_stime


def run(setting: Setting, signed: Sequence[Signed], rate: int) -> tuple[Record, float]:
    """Hands everything in; returns when what happened, and the processor time of the relay."""
    record, over = Record(), threading.Event()
    # What was written before, by whomever, is no work of the relay's.
    os.sync()
    watcher = threading.Thread(target=watch, args=(setting, record, over))
    watcher.start()
    clock = time.process_time()
    try:
        hand_in(setting, record, signed, rate)
        accepting = time.process_time() - clock
        wait(setting, record)
    finally:
        over.set()
        watcher.join()
    return record, accepting


def work(setting: Setting, payers: Sequence[LocalAccount]) -> None:
    """The worker's process."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        suite = setting.suite()
        senders = [KeySender(suite.connection, payer) for payer in payers]
        queue = open_queue(setting.queue, suite.connection)
        Worker(suite, queue, senders, window=128).run(
            stopped.is_set, lambda line: print(f"worker: {line}", file=sys.stderr)
        )
        os._exit(0)
    except BaseException as error:
        print(f"worker: {error!r}", file=sys.stderr)
        os._exit(1)


def hand_in(setting: Setting, record: Record, signed: Sequence[Signed], rate: int) -> None:
    relay, begin = setting.relay(), time.monotonic() + 0.5

    def one(number: int) -> None:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        message, signature = signed[number]
        asked = time.monotonic()
        try:
            receipt = relay.accept(message, signature, {})
        except Exception as error:
            record.faults.append(str(error))
            return
        now = time.monotonic()
        record.accepted[receipt.id] = now
        record.took.append(now - asked)
        record.late.append((asked - due, due - begin))

    def in_turn(_: int) -> None:
        for number in numbers:
            one(number)

    # Each thread takes the next: to queue all of them up would take a second of the first ones'.
    numbers = iter(range(len(signed)))
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(in_turn, range(_THREADS)))


def watch(setting: Setting, record: Record, over: threading.Event) -> None:
    """Writes down when blocks come."""
    node, last = Node(setting.url), 0
    while not over.wait(0.05):
        number = int(node.ask("eth_blockNumber"), 16)
        for block in range(last + 1, number + 1):
            record.blocks[block] = time.monotonic()
        last = number


def wait(setting: Setting, record: Record) -> None:
    """Until nothing is on its way."""
    queue = setting.relay().queue
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with queue.reading() as database:
            left = database.scalar(select(func.count()).where(messages.c.state.in_(states.OPEN)))
        if not left:
            return
        time.sleep(0.2)
    record.faults.append(f"{left} messages are on their way after a minute")


def report(
    setting: Setting,
    record: Record,
    signed: Sequence[Signed],
    rate: int,
    spent: tuple[float, float],
) -> bool:
    """Shows the figures; returns whether they are as they should be."""
    suite = setting.suite()
    with setting.relay().queue.reading() as database:
        held = database.execute(select(messages.c.id, messages.c.state, messages.c.block)).all()
        done = (outcomes.MINED, outcomes.FINAL)
        sent = database.scalar(select(func.count()).where(outgoing.c.state.in_(done)))
    arrived = suite.token(_SYMBOL).functions.balanceOf(person("shop").address).call()
    good = [one for one in held if one.state in (states.MINED, states.FINAL)]
    waits = sorted(record.blocks[one.block] - record.accepted[one.id] for one in good)
    within = sum(wait <= SECONDS for wait in waits) / len(signed)
    took, (late, after) = sorted(record.took), max(record.late, default=(0.0, 0.0))
    table = Table(title=f"{rate} signed messages a second, {len(signed):,} in all")
    table.add_column("what", no_wrap=True)
    table.add_column("figure", justify="right")
    for name, figure in (
        ("accepted", f"{len(record.accepted):,}"),
        ("in blocks", f"{len(good):,}"),
        ("moved on the chain", f"{arrived:,}"),
        ("transactions", f"{sent:,}"),
        ("accepting: half within", _ms(took, 0.5)),
        ("accepting: 99 of 100 within", _ms(took, 0.99)),
        ("handed in late by at most", f"{1000 * late:,.0f} ms"),
        ("and that after", f"{after:,.0f} s"),
        ("in a block: half within", _ms(waits, 0.5)),
        ("in a block: 99 of 100 within", _ms(waits, 0.99)),
        ("in a block: all within", _ms(waits, 1.0)),
        (f"in a block within {SECONDS:.0f} s", f"{100 * within:.2f} %"),
        ("processor for a message, accepting", f"{1000 * spent[0] / len(signed):.1f} ms"),
        ("processor for a message, sending", f"{1000 * spent[1] / len(signed):.1f} ms"),
        ("a million additions, before", f"{1000 * record.loops[0]:.0f} ms"),
        ("a million additions, after", f"{1000 * record.loops[1]:.0f} ms"),
    ):
        table.add_row(name, figure)
    Console(width=100).print(table)
    for fault in record.faults[:5]:
        print(f"bench: {fault}", file=sys.stderr)
    taken = len(record.accepted) == len(signed)
    if not taken:
        print(f"bench: {len(signed) - len(record.accepted)} were not accepted", file=sys.stderr)
    whole = len(good) == arrived == sent == len(record.accepted)
    if not whole:
        print("bench: messages are lost, made twice, or not there yet", file=sys.stderr)
    paced = late <= LATE
    if not paced:
        print(f"bench: handed in up to {late:.1f} s late: too slow", file=sys.stderr)
    if within < PART:
        print(f"bench: {100 * within:.2f} % within {SECONDS:.0f} s", file=sys.stderr)
    return taken and whole and paced and within >= PART


def _ms(sorted_seconds: Sequence[float], part: float) -> str:
    place = min(len(sorted_seconds) - 1, int(part * len(sorted_seconds)))
    return f"{1000 * sorted_seconds[place]:,.0f} ms" if sorted_seconds else "none"


if __name__ == "__main__":
    sys.exit(main())
