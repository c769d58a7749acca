"""Our contracts' events, read from the node and decoded into typed rows.

Decoders are made from the packaged ABIs: a field of a class here takes the value of the event's
input at the same place. Addresses are in lower case; amounts are in base units.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, NamedTuple

from eth_utils.abi import event_abi_to_log_topic

from zegel.chain import artifacts
from zegel.chain.connection import Connection
from zegel.errors import ChainError
from zegel.report.raw import ask

ZERO = "0x" + 40 * "0"

# A few dozen blocks full of awards make an answer of some ten megabytes.
_BLOCKS_AT_ONCE = 20

_WORD = 64

# Lots as events show them.
_LANE_BITS = 48
_LANES = 4
_LANE_MAX = 2**_LANE_BITS - 1

Log = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Where an event stands. `contract` is the address that it came from."""

    contract: str
    block: int
    timestamp: int
    transaction: str


@dataclass(frozen=True, slots=True)
class ProgramCreated(Event):
    """The settings come last and are left out: the token tells them itself."""

    token: str
    issuer: str
    exchange: str
    desk: str


@dataclass(frozen=True, slots=True)
class Transfer(Event):
    sender: str
    receiver: str
    amount: int


@dataclass(frozen=True, slots=True)
class Awarded(Event):
    awarder: str
    member: str
    ref: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class BatchAwarded(Event):
    awarder: str
    batch_id: bytes
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Redeemed(Event):
    member: str
    ref: bytes
    amount: int
    lots: int


@dataclass(frozen=True, slots=True)
class Refunded(Event):
    operator: str
    member: str
    ref: bytes
    amount: int
    lots: int


@dataclass(frozen=True, slots=True)
class Corrected(Event):
    operator: str
    member: str
    ref: bytes
    amount: int
    reason: bytes


@dataclass(frozen=True, slots=True)
class Expired(Event):
    member: str
    amount: int


@dataclass(frozen=True, slots=True)
class Recovered(Event):
    operator: str
    old_member: str
    new_member: str
    amount: int
    reason: bytes


@dataclass(frozen=True, slots=True)
class Frozen(Event):
    operator: str
    member: str
    reason: bytes


@dataclass(frozen=True, slots=True)
class Unfrozen(Event):
    operator: str
    member: str
    reason: bytes


@dataclass(frozen=True, slots=True)
class Guaranteed(Event):
    member: str
    merchant: str
    amount: int


@dataclass(frozen=True, slots=True)
class Held(Event):
    """Comes behind its transfer; `merchant` is zero for the shared purse."""

    token: str
    member: str
    merchant: str
    lots: int


@dataclass(frozen=True, slots=True)
class Released(Event):
    """Comes before its transfer."""

    token: str
    member: str
    merchant: str
    receiver: str
    lots: int


@dataclass(frozen=True, slots=True)
class VoucherSettled(Event):
    """Comes before the one transfer of all vouchers that were settled with it."""

    token: str
    member: str
    merchant: str
    till: str
    serial: int
    amount: int
    shared: int


@dataclass(frozen=True, slots=True)
class Overspent(Event):
    """Follows the `VoucherSettled` that it is about."""

    token: str
    member: str
    merchant: str
    serial: int
    guaranteed: int
    unpaid: int


@dataclass(frozen=True, slots=True)
class DropOpened(Event):
    drop_id: bytes
    token: str
    awarder: str
    root: bytes
    total: int
    claimable_until: int


@dataclass(frozen=True, slots=True)
class Claimed(Event):
    drop_id: bytes
    member: str
    ref: bytes
    index: int
    recipient: str
    amount: int


@dataclass(frozen=True, slots=True)
class Converted(Event):
    member: str
    source: str
    target: str
    recipient: str
    amount: int
    out: int
    value: int
    source_version: int
    target_version: int


@dataclass(frozen=True, slots=True)
class FeeTaken(Event):
    """Comes before the `Converted` that it is about."""

    source: str
    target: str
    amount: int


@dataclass(frozen=True, slots=True)
class PricesSet(Event):
    program: str
    old_bid: int
    old_ask: int
    new_bid: int
    new_ask: int
    version: int


@dataclass(frozen=True, slots=True)
class PricesScheduled(Event):
    program: str
    new_bid: int
    new_ask: int
    effective_at: int


class Terms(NamedTuple):
    """What holds for points of one partner; see `IPointExchange.Terms`."""

    ask: int
    valid_from: int
    valid_until: int
    closed: int


@dataclass(frozen=True, slots=True)
class TermsSet(Event):
    program: str
    partner: str
    old_terms: Terms
    new_terms: Terms
    version: int


@dataclass(frozen=True, slots=True)
class Funded(Event):
    program: str
    payer: str
    amount: int


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    program: str
    operator: str
    recipient: str
    amount: int


@dataclass(frozen=True, slots=True)
class FeesWithdrawn(Event):
    recipient: str
    amount: int


# Events that tell nothing about points or money (roles, budgets, switches, approvals) are left out,
# and so are those that only repeat what the token tells (rewards by charters, expiries in purses).
READ: tuple[type[Event], ...] = (
    ProgramCreated,
    Transfer,
    Awarded,
    BatchAwarded,
    Redeemed,
    Refunded,
    Corrected,
    Expired,
    Recovered,
    Frozen,
    Unfrozen,
    Guaranteed,
    Held,
    Released,
    VoucherSettled,
    Overspent,
    DropOpened,
    Claimed,
    Converted,
    FeeTaken,
    PricesSet,
    PricesScheduled,
    TermsSet,
    Funded,
    Withdrawn,
    FeesWithdrawn,
)

_CONTRACTS = ("PointToken", "PointExchange", "IssuerRegistry", "OfflineDesk", "AwardDrop")

_STRUCTS: dict[str, Callable[..., Any]] = {"struct IPointExchange.Terms": Terms}


class Decoder(NamedTuple):
    """How to read one kind of event: a function for each input, and where each is found."""

    event: type[Event]
    inputs: tuple[tuple[bool, int, Callable[[str], Any]], ...]


def read_events(
    connection: Connection, contracts: Sequence[str], first_block: int, last_block: int
) -> Iterator[Event]:
    """The events of some contracts in a range of blocks, both ends included, in their order."""
    return decode(connection, read_logs(connection, contracts, first_block, last_block))


def read_logs(
    connection: Connection, contracts: Sequence[str], first_block: int, last_block: int
) -> Iterator[Log]:
    """The same as the node tells them."""
    for start in range(first_block, last_block + 1, _BLOCKS_AT_ONCE):
        end = min(start + _BLOCKS_AT_ONCE - 1, last_block)
        question = {"address": list(contracts), "fromBlock": hex(start), "toBlock": hex(end)}
        yield from ask(connection, "eth_getLogs", question)


def decode(connection: Connection, logs: Iterable[Log]) -> Iterator[Event]:
    """The events that logs stand for. The node is asked for times that it has not told."""
    known = decoders()
    timestamps: dict[str, int] = {}
    for log in logs:
        decoder = known.get(log["topics"][0])
        if decoder is None:
            raise ChainError(
                f"{log['address']} emitted an event in block {int(log['blockNumber'], 16)} "
                "that no contract here has: run `make build`, or connect to another chain"
            )
        if decoder.event is not Event:
            yield _decoded(decoder, log, _timestamp(connection, log, timestamps))


def lots_of(lots: int, epoch: int) -> Iterator[tuple[int, int]]:
    """Lots by generation: four lanes, the first of the epoch in which the event stands."""
    for lane in range(_LANES):
        amount = lots >> (_LANE_BITS * lane) & _LANE_MAX
        if amount:
            yield epoch - lane, amount


def total(lots: int) -> int:
    """The points in lots."""
    return sum(amount for _, amount in lots_of(lots, 0))


def with_following(
    events: Iterable[Event],
) -> Iterator[tuple[Event, Event | None]]:
    """Each event with the one behind it."""
    waiting: Event | None = None
    for event in events:
        if waiting is not None:
            yield waiting, event
        waiting = event
    if waiting is not None:
        yield waiting, None


@cache
def decoders() -> dict[str, Decoder]:
    """Decoders by the event's topic. Events that are not read have one that makes nothing."""
    classes = {event.__name__: event for event in READ}
    found: dict[str, Decoder] = {}
    for name in _CONTRACTS:
        for entry in artifacts.load(name).abi:
            if entry["type"] == "event":
                topic = "0x" + event_abi_to_log_topic(entry).hex()  # type: ignore[arg-type]
                event = classes.get(entry["name"], Event)
                found[topic] = Decoder(event, _inputs(entry)[: _own_fields(event)])
    return found


def _own_fields(event: type[Event]) -> int:
    return len(fields(event)) - len(fields(Event))


def _inputs(entry: dict[str, Any]) -> tuple[tuple[bool, int, Callable[[str], Any]], ...]:
    """For each input: whether it is a topic, the place of its first word, its reader."""
    topic, word = 1, 0
    inputs: list[tuple[bool, int, Callable[[str], Any]]] = []
    for part in entry["inputs"]:
        if part["indexed"]:
            inputs.append((True, topic, _reader(part)))
            topic += 1
        else:
            inputs.append((False, word, _reader(part)))
            word += len(part.get("components", (part,)))
    return tuple(inputs)


def _reader(part: dict[str, Any]) -> Callable[[str], Any]:
    """Reads a value from the 64 hexadecimal digits of its word, or of its words from there on."""
    kind = part["type"]
    if kind == "tuple" and part["internalType"] in _STRUCTS:
        struct = _STRUCTS[part["internalType"]]
        count = len(part["components"])
        return lambda words: struct(
            *(int(words[_WORD * i : _WORD * (i + 1)], 16) for i in range(count))
        )
    if kind == "address":
        return _address
    if kind == "bytes32":
        return lambda words: bytes.fromhex(words[:_WORD])
    return lambda words: int(words[:_WORD], 16)


def _address(words: str) -> str:
    return "0x" + words[24:_WORD]


def _decoded(decoder: Decoder, log: Log, timestamp: int) -> Event:
    topics, data = log["topics"], log["data"]
    return decoder.event(
        log["address"],
        int(log["blockNumber"], 16),
        timestamp,
        log["transactionHash"],
        *(
            read(topics[place][2:]) if indexed else read(data[2 + _WORD * place :])
            for indexed, place, read in decoder.inputs
        ),
    )


def _timestamp(connection: Connection, log: Log, known: dict[str, int]) -> int:
    """The time of a log's block, which some nodes tell with the log."""
    if "blockTimestamp" in log:
        return int(log["blockTimestamp"], 16)
    block = log["blockNumber"]
    if block not in known:
        header = ask(connection, "eth_getBlockByNumber", block, False)
        known[block] = int(header["timestamp"], 16)
    return known[block]
