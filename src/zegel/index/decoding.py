"""Blocks as they are kept: what each event says, by name, and what follows from it.

Nothing here knows the database, so that it may happen in another process.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from sys import intern
from typing import Any, NamedTuple

import orjson

from zegel.chain.decoders import decoder_of, decoders
from zegel.chain.events import Event, ProgramCreated
from zegel.index.fetching import Block
from zegel.index.rows import Row

# What JSON readers take for exact.
_EXACT = 2**53

Plain = Callable[[Any], Any]


class Decoded(NamedTuple):
    """A block. `events` and `programs` are rows of the tables of these names.

    `followed` are the events from which more follows: the name of their class, their place in the
    block, and the values of their fields. (Events themselves take ten times as long from one
    process to another.)
    """

    number: int
    hash: str
    parent: str
    timestamp: int
    events: list[Row]
    programs: list[Row]
    followed: list[tuple[Any, ...]]


def decoded(block: Block, kinds: Mapping[str, str]) -> Decoded:
    """What a block's logs say; `kinds` are those of the contracts."""
    number, timestamp = block.number, block.timestamp
    events: list[Row] = []
    programs: list[Row] = []
    followed: list[tuple[Any, ...]] = []
    transaction = ""
    for log in block.logs:
        decoder = decoder_of(log)
        topics, place = log["topics"], int(log["logIndex"], 16)
        values = decoder.read(topics, log["data"])
        # Equal texts are one object: there are as many as logs.
        contract = intern(log["address"])
        if log["transactionHash"] != transaction:
            transaction = log["transactionHash"]
        name = decoder.name
        told = arguments(topics[0], values)
        events.append((number, place, transaction, contract, kinds[contract], name, told))
        if decoder.event is ProgramCreated:
            programs.append(_program(block, place, values))
        if decoder.event is not Event:
            own = values[: decoder.own]
            followed.append((name, place, contract, number, timestamp, transaction, *own))
    return Decoded(number, block.hash, block.parent, timestamp, events, programs, followed)


def _program(block: Block, place: int, values: list[Any]) -> Row:
    token, issuer, exchange, desk, settings = values
    name, symbol, _, _, _, decimals, months, lifetime, _ = settings
    return (
        block.number,
        place,
        token,
        issuer,
        exchange,
        desk,
        # PostgreSQL has no place for it in a text.
        symbol.replace("\0", "\ufffd"),
        name.replace("\0", "\ufffd"),
        decimals,
        months,
        lifetime,
        block.timestamp,
    )


def arguments(topic: str, values: list[Any]) -> str:
    """The arguments of an event as JSON. Whole numbers beyond 53 bits are decimal text."""
    names, changes, template, numbers = _writers()[topic]
    if template and max(map(values.__getitem__, numbers), default=0) < _EXACT:
        return template % tuple(values)
    named = dict(zip(names, values, strict=True))
    for name, change in changes:
        named[name] = change(named[name])
    return orjson.dumps(named).decode()


@cache
def _writers() -> dict[str, tuple[list[str], list[tuple[str, Plain]], str, list[int]]]:
    """By topic: the names, how to change what is not as JSON has it, and the short way.

    That is for addresses and numbers only: the finished text with gaps for the values, and which of
    them are numbers.
    """
    return {topic: _writer(decoder.inputs) for topic, decoder in decoders().items()}


def _writer(
    inputs: Sequence[dict[str, Any]],
) -> tuple[list[str], list[tuple[str, Plain]], str, list[int]]:
    changes = [
        (part["name"], _plain(part, part["type"]))
        for part in inputs
        if part["type"] not in ("address", "string")
    ]
    numbers = [number for number, part in enumerate(inputs) if _is_number(part["type"])]
    gaps = [
        f'"{part["name"]}":' + ("%d" if number in numbers else '"%s"')
        for number, part in enumerate(inputs)
        if number in numbers or part["type"] == "address"
    ]
    template = "{" + ",".join(gaps) + "}" if len(gaps) == len(inputs) else ""
    return [part["name"] for part in inputs], changes, template, numbers


def _is_number(kind: str) -> bool:
    return kind.startswith("uint") and not kind.endswith("]")


def _plain(part: dict[str, Any], kind: str) -> Plain:
    """Makes a value of an ABI type one of JSON's."""
    if kind.endswith("]"):
        inner = _plain(part, kind[: kind.rindex("[")])
        return lambda values: [inner(value) for value in values]
    if kind == "tuple":
        named = [(inner["name"], _plain(inner, inner["type"])) for inner in part["components"]]
        return lambda values: {
            name: make(value) for (name, make), value in zip(named, values, strict=True)
        }
    if kind == "bool":
        return bool
    if kind.startswith("bytes"):
        return lambda value: "0x" + value.hex()
    if kind.startswith(("uint", "int")):
        return lambda value: value if -_EXACT < value < _EXACT else str(value)
    return lambda value: value
