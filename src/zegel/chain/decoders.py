"""How to read each event of our contracts, made from the packaged ABIs."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple

from eth_abi.codec import ABIDecoder
from eth_abi.decoding import StringDecoder
from eth_abi.registry import BaseEquals, registry
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic

from zegel.chain import artifacts
from zegel.chain.events import BY_NAME, Event, Terms
from zegel.errors import ChainError

# In hexadecimal digits, behind the 0x.
_WORD = 64
_ADDRESS = 40
_START = 2

CONTRACTS = (
    "PointToken",
    "PointExchange",
    "IssuerRegistry",
    "OfflineDesk",
    "AwardDrop",
    "RewardCharter",
)

# What the code that reads an event may name.
_STRUCTS: dict[str, Callable[..., Any]] = {"Terms": Terms, "fromhex": bytes.fromhex}

Log = dict[str, Any]
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


@cache
def decoders() -> dict[str, Decoder]:
    """The decoders of all events of all contracts, by topic."""
    found: dict[str, Decoder] = {}
    for name in CONTRACTS:
        for entry in artifacts.load(name).abi:
            if entry["type"] == "event":
                topic = "0x" + event_abi_to_log_topic(entry).hex()  # type: ignore[arg-type]
                event = BY_NAME.get(entry["name"], Event)
                own = len(fields(event)) - len(fields(Event))
                found[topic] = Decoder(
                    entry["name"], event, own, entry["inputs"], _reader_of(entry)
                )
    return found


def topic_of(name: str) -> str:
    """The first topic of our contracts' logs of an event."""
    return next(topic for topic, decoder in decoders().items() if decoder.name == name)


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
    """Reads the values of an event from its topics and its data, in code made for this event.

    There are millions of them, and a call for each value would take three times as long.
    """
    plain = [part for part in entry["inputs"] if not part["indexed"]]
    if any(_is_dynamic(part) for part in plain):
        return _read_by_eth_abi(entry)
    topic, place = 1, _START
    values: list[str] = []
    for part in entry["inputs"]:
        if part["indexed"]:
            values.append(_value(part, f"topics[{topic}]", _START))
            topic += 1
        else:
            values.append(_value(part, "data", place))
            place += _WORD * _words(part)
    return _made(f"lambda topics, data: [{', '.join(values)}]")  # type: ignore[no-any-return]


def _read_by_eth_abi(entry: dict[str, Any]) -> Reader:
    """For the few events with texts and lists, which tell of no points."""
    parts = entry["inputs"]
    readers = [
        _made(f"lambda topic: {_value(part, 'topic', _START)}") for part in parts if part["indexed"]
    ]
    types = [collapse_if_tuple(part) for part in parts if not part["indexed"]]

    def read(topics: Sequence[str], data: str) -> list[Any]:
        indexed = (reader(topic) for reader, topic in zip(readers, topics[1:], strict=True))
        plain = iter(_codec().decode(types, bytes.fromhex(data[2:])))
        return [next(indexed) if part["indexed"] else next(plain) for part in parts]

    return read


def _made(source: str) -> Any:
    return eval(source, dict(_STRUCTS))


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


def _value(part: dict[str, Any], text: str, start: int) -> str:
    """The expression for a value: in a text, from the 64 hexadecimal digits of its word on."""
    kind, end = part["type"], start + _WORD
    if kind == "tuple":
        inner: list[str] = []
        for component in part["components"]:
            inner.append(_value(component, text, start))
            start += _WORD * _words(component)
        struct = part["internalType"].rpartition(".")[2]
        return f"{struct if struct in _STRUCTS else ''}({', '.join(inner)},)"
    if kind == "address":
        return f"'0x' + {text}[{end - _ADDRESS}:{end}]"
    if kind == "bytes32":
        return f"fromhex({text}[{start}:{end}])"
    return f"int({text}[{start}:{end}], 16)"
