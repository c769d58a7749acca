"""Logs as they are kept: the event's name, and its arguments by name."""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from zegel.chain.events import decoders

# What JSON readers take for exact.
_EXACT = 2**53

Plain = Callable[[Any], Any]


def arguments(topic: str, values: list[Any]) -> str:
    """The arguments of an event as JSON. Whole numbers beyond 53 bits are decimal text."""
    names, changes = _plains()[topic]
    named = dict(zip(names, values, strict=True))
    for name, change in changes:
        named[name] = change(named[name])
    return orjson.dumps(named).decode()


@cache
def _plains() -> dict[str, tuple[list[str], list[tuple[str, Plain]]]]:
    """By topic: the names, and how to change what is not as JSON has it."""
    return {
        topic: (
            [part["name"] for part in decoder.inputs],
            [
                (part["name"], _plain(part, part["type"]))
                for part in decoder.inputs
                if part["type"] not in ("address", "string")
            ],
        )
        for topic, decoder in decoders().items()
    }


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
