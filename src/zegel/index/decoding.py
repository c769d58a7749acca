"""Logs as they are kept: the event's name, and its arguments by name."""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from zegel.chain.events import Decoder, decoders

# What JSON readers take for exact.
_EXACT = 2**53

Plain = Callable[[Any], Any]


def arguments(topic: str, values: list[Any]) -> str:
    """The arguments of an event as JSON. Whole numbers beyond 53 bits are decimal text."""
    plain = _plains()[topic]
    named = {name: make(value) for (name, make), value in zip(plain, values, strict=True)}
    return orjson.dumps(named).decode()


@cache
def _plains() -> dict[str, tuple[tuple[str, Plain], ...]]:
    return {topic: _parts(decoder) for topic, decoder in decoders().items()}


def _parts(decoder: Decoder) -> tuple[tuple[str, Plain], ...]:
    return tuple((part["name"], _plain(part, part["type"])) for part in decoder.inputs)


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
