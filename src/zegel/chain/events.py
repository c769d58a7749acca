"""Our contracts' events, read from the node and decoded into typed rows.

Decoders are made from the packaged ABIs: a field of a class here takes the value of the event's
input at the same place. Addresses are in lower case; amounts are in base units.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, NamedTuple

from eth_abi.codec import ABIDecoder
from eth_abi.decoding import StringDecoder
from eth_abi.registry import BaseEquals, registry
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic

from zegel.chain import artifacts
from zegel.chain.connection import Connection
from zegel.chain.raw import ask
from zegel.errors import ChainError

ZERO = "0x" + 40 * "0"

# A few dozen blocks full of awards make an answer of some ten megabytes.
_BLOCKS_AT_ONCE = 20

# In hexadecimal digits, behind the 0x.
_WORD = 64
_ADDRESS = 40
_START = 2

# In place of a topic's number.
_DATA = 0

# Lots as events show them.
_LANE_BITS = 48
_LANES = 4
_LANE_MAX = 2**_LANE_BITS - 1

Log = dict[str, Any]


@dataclass(slots=True)
class Event:
    """Where an event stands. `contract` is the address that it came from.

    Nobody changes an event. It is not frozen, since there are millions of them and making a frozen
    one takes three times as long.
    """

    contract: str
    block: int
    timestamp: int
    transaction: str


@dataclass(slots=True)
class ProgramCreated(Event):
    """The settings come last and are left out: the token tells them itself."""

    token: str
    issuer: str
    exchange: str
    desk: str


@dataclass(slots=True)
class Transfer(Event):
    sender: str
    receiver: str
    amount: int


@dataclass(slots=True)
class Awarded(Event):
    awarder: str
    member: str
    ref: bytes
    amount: int


@dataclass(slots=True)
class BatchAwarded(Event):
    awarder: str
    batch_id: bytes
    count: int
    total: int


@dataclass(slots=True)
class Redeemed(Event):
    member: str
    ref: bytes
    amount: int
    lots: int


@dataclass(slots=True)
class Refunded(Event):
    operator: str
    member: str
    ref: bytes
    amount: int
    lots: int


@dataclass(slots=True)
class Corrected(Event):
    operator: str
    member: str
    ref: bytes
    amount: int
    reason: bytes


@dataclass(slots=True)
class Expired(Event):
    member: str
    amount: int


@dataclass(slots=True)
class Recovered(Event):
    operator: str
    old_member: str
    new_member: str
    amount: int
    reason: bytes


@dataclass(slots=True)
class Frozen(Event):
    operator: str
    member: str
    reason: bytes


@dataclass(slots=True)
class Unfrozen(Event):
    operator: str
    member: str
    reason: bytes


@dataclass(slots=True)
class Guaranteed(Event):
    member: str
    merchant: str
    amount: int


@dataclass(slots=True)
class Held(Event):
    """Comes behind its transfer; `merchant` is zero for the shared purse."""

    token: str
    member: str
    merchant: str
    lots: int


@dataclass(slots=True)
class Released(Event):
    """Comes before its transfer."""

    token: str
    member: str
    merchant: str
    receiver: str
    lots: int


@dataclass(slots=True)
class VoucherSettled(Event):
    """Comes before the one transfer of all vouchers that were settled with it."""

    token: str
    member: str
    merchant: str
    till: str
    serial: int
    amount: int
    shared: int


@dataclass(slots=True)
class Overspent(Event):
    """Follows the `VoucherSettled` that it is about."""

    token: str
    member: str
    merchant: str
    serial: int
    guaranteed: int
    unpaid: int


# Events of the desk that are about a token's points.
OF_DESK = (Held, Released, VoucherSettled, Overspent)


@dataclass(slots=True)
class DropOpened(Event):
    drop_id: bytes
    token: str
    awarder: str
    root: bytes
    total: int
    claimable_until: int


@dataclass(slots=True)
class Claimed(Event):
    drop_id: bytes
    member: str
    ref: bytes
    index: int
    recipient: str
    amount: int


@dataclass(slots=True)
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


@dataclass(slots=True)
class FeeTaken(Event):
    """Comes before the `Converted` that it is about."""

    source: str
    target: str
    amount: int


@dataclass(slots=True)
class ExpiryCarried(Event):
    """Stands between the transfers of a conversion; `lots` are of the target."""

    source: str
    target: str
    lots: int


@dataclass(slots=True)
class PricesSet(Event):
    program: str
    old_bid: int
    old_ask: int
    new_bid: int
    new_ask: int
    version: int


@dataclass(slots=True)
class PricesScheduled(Event):
    program: str
    new_bid: int
    new_ask: int
    effective_at: int


@dataclass(slots=True)
class ScheduledPricesCancelled(Event):
    program: str
    bid: int
    ask: int


class Terms(NamedTuple):
    """What holds for points of one partner; see `IPointExchange.Terms`."""

    ask: int
    valid_from: int
    valid_until: int
    closed: int


@dataclass(slots=True)
class TermsSet(Event):
    program: str
    partner: str
    old_terms: Terms
    new_terms: Terms
    version: int


@dataclass(slots=True)
class Funded(Event):
    program: str
    payer: str
    amount: int


@dataclass(slots=True)
class Withdrawn(Event):
    program: str
    operator: str
    recipient: str
    amount: int


@dataclass(slots=True)
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
    ExpiryCarried,
    PricesSet,
    PricesScheduled,
    ScheduledPricesCancelled,
    TermsSet,
    Funded,
    Withdrawn,
    FeesWithdrawn,
)

CONTRACTS = (
    "PointToken",
    "PointExchange",
    "IssuerRegistry",
    "OfflineDesk",
    "AwardDrop",
    "RewardCharter",
)

_STRUCTS: dict[str, Callable[..., Any]] = {"struct IPointExchange.Terms": Terms}


Reader = Callable[[Sequence[str], str], list[Any]]


class Decoder(NamedTuple):
    """How to read one kind of event.

    `event` is `Event` itself where there is no class for it; a class takes the first `own` values.
    """

    name: str
    event: type[Event]
    own: int
    inputs: Sequence[dict[str, Any]]
    read: Reader


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
    timestamps: dict[str, int] = {}
    for log in logs:
        decoder = decoder_of(log)
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


@cache
def decoders() -> dict[str, Decoder]:
    """The decoders of all events of all contracts, by topic."""
    classes = {event.__name__: event for event in READ}
    found: dict[str, Decoder] = {}
    for name in CONTRACTS:
        for entry in artifacts.load(name).abi:
            if entry["type"] == "event":
                topic = "0x" + event_abi_to_log_topic(entry).hex()  # type: ignore[arg-type]
                event = classes.get(entry["name"], Event)
                own = len(fields(event)) - len(fields(Event))
                found[topic] = Decoder(
                    entry["name"], event, own, entry["inputs"], _reader_of(entry)
                )
    return found


def decoder_of(log: Log) -> Decoder:
    """How to read a log; raises if none of our contracts has such an event."""
    decoder = decoders().get(log["topics"][0])
    if decoder is None:
        raise ChainError(
            f"{log['address']} emitted an event in block {int(log['blockNumber'], 16)} "
            "that no contract here has: run `make build`, or connect to another chain"
        )
    return decoder


def _reader_of(entry: dict[str, Any]) -> Reader:
    """Reads the values of an event from its topics and its data."""
    plain = [part for part in entry["inputs"] if not part["indexed"]]
    if any(_is_dynamic(part) for part in plain):
        return _read_by_eth_abi(entry)
    topic, place = 1, _START
    inputs: list[tuple[int, Callable[[str], Any]]] = []
    for part in entry["inputs"]:
        if part["indexed"]:
            inputs.append((topic, _reader(part, _START)))
            topic += 1
        else:
            inputs.append((_DATA, _reader(part, place)))
            place += _WORD * _words(part)

    def read(topics: Sequence[str], data: str) -> list[Any]:
        return [reader(topics[topic] if topic else data) for topic, reader in inputs]

    return read


def _read_by_eth_abi(entry: dict[str, Any]) -> Reader:
    """For the few events with texts and lists, which tell of no points."""
    parts = entry["inputs"]
    readers = [_reader(part, _START) for part in parts if part["indexed"]]
    types = [collapse_if_tuple(part) for part in parts if not part["indexed"]]

    def read(topics: Sequence[str], data: str) -> list[Any]:
        indexed = (reader(topic) for reader, topic in zip(readers, topics[1:], strict=True))
        plain = iter(_codec().decode(types, bytes.fromhex(data[2:])))
        return [next(indexed) if part["indexed"] else next(plain) for part in parts]

    return read


@cache
def _codec() -> ABIDecoder:
    """eth_abi's, except that it passes over what is no text: a name is anyone's to choose."""
    known = registry.copy()  # type: ignore[no-untyped-call]
    known.unregister_decoder("string")
    lenient = StringDecoder(handle_string_errors="replace")  # type: ignore[no-untyped-call]
    known.register_decoder(BaseEquals("string"), lenient)  # type: ignore[no-untyped-call]
    return ABIDecoder(known)


def _is_dynamic(part: dict[str, Any]) -> bool:
    return (
        part["type"] in ("string", "bytes")
        or part["type"].endswith("]")
        or any(_is_dynamic(inner) for inner in part.get("components", ()))
    )


def _words(part: dict[str, Any]) -> int:
    return sum(map(_words, part["components"])) if "components" in part else 1


def _reader(part: dict[str, Any], start: int) -> Callable[[str], Any]:
    """Reads a value from the 64 hexadecimal digits of its word, or of its words from there on."""
    kind, end = part["type"], start + _WORD
    if kind == "tuple":
        struct: Callable[..., Any] = _STRUCTS.get(part["internalType"], _plain_struct)
        inner: list[Callable[[str], Any]] = []
        for component in part["components"]:
            inner.append(_reader(component, start))
            start += _WORD * _words(component)
        return lambda text: struct(*(read(text) for read in inner))
    if kind == "address":
        return lambda text: "0x" + text[end - _ADDRESS : end]
    if kind == "bytes32":
        return lambda text: bytes.fromhex(text[start:end])
    return lambda text: int(text[start:end], 16)


def _plain_struct(*values: Any) -> tuple[Any, ...]:
    return values


def _decoded(decoder: Decoder, log: Log, timestamp: int) -> Event:
    values = decoder.read(log["topics"], log["data"])[: decoder.own]
    block = int(log["blockNumber"], 16)
    return decoder.event(log["address"], block, timestamp, log["transactionHash"], *values)


def _timestamp(connection: Connection, log: Log, known: dict[str, int]) -> int:
    """The time of a log's block, which some nodes tell with the log."""
    if "blockTimestamp" in log:
        return int(log["blockTimestamp"], 16)
    block = log["blockNumber"]
    if block not in known:
        header = ask(connection, "eth_getBlockByNumber", block, False)
        known[block] = int(header["timestamp"], 16)
    return known[block]
