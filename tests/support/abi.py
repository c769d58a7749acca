"""What the packaged ABIs say: how to encode calls, and how to read answers, events and errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic, function_abi_to_4byte_selector

from zegel.chain import artifacts

Json = dict[str, Any]


@dataclass(frozen=True)
class Log:
    """An event as it was emitted; arguments in the order of the declaration."""

    address: str
    name: str
    arguments: tuple[object, ...]


class Reverted(Exception):  # noqa: N818 -- says what happened
    """The chain refused; `error` is the custom error's name."""

    def __init__(self, error: str, arguments: tuple[object, ...]) -> None:
        super().__init__(error, *arguments)
        self.error = error
        self.arguments = arguments


@dataclass(frozen=True)
class Function:
    selector: bytes
    inputs: list[str]
    outputs: list[str]

    def data(self, args: Sequence[object]) -> bytes:
        """The data of a call."""
        return self.selector + encode(self.inputs, args)

    def returned(self, answer: bytes) -> Any:
        """What a call returned: a value, a tuple of several, or nothing."""
        values = decode(self.outputs, answer)
        return values if len(values) > 1 else next(iter(values), None)


@cache
def functions(name: str) -> dict[str, Function]:
    """The functions of a contract, by name."""
    return {
        entry["name"]: Function(
            function_abi_to_4byte_selector(entry),  # type: ignore[arg-type]
            _types(entry["inputs"]),
            _types(entry["outputs"]),
        )
        for entry in _entries(name, "function")
    }


def creation(name: str, args: Sequence[object], code: bytes | None = None) -> bytes:
    """What creates a contract; `code` stands in for what `make build` made of it."""
    inputs = [part for entry in _entries(name, "constructor") for part in entry["inputs"]]
    return (code or artifacts.load(name).bytecode) + encode(_types(inputs), args)


def log(name: str, address: str, topics: Sequence[bytes], data: bytes) -> Log:
    """An event of the contract `name`."""
    event, inputs = _events(name)[topics[0]]
    values = iter(decode(_types([part for part in inputs if not part["indexed"]]), data))
    keys = iter(topics[1:])
    arguments = tuple(
        decode([part["type"]], next(keys))[0] if part["indexed"] else next(values)
        for part in inputs
    )
    return Log(address, event, arguments)


def failure(data: bytes, what: str) -> Exception:
    """The custom error that a contract answered with, or else `what` in words."""
    if data[:4] not in _errors():
        return RuntimeError(f"{what} 0x{data.hex()}")
    name, types = _errors()[data[:4]]
    return Reverted(name, decode(types, data[4:]))


def bytes_of(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


@cache
def _events(name: str) -> dict[bytes, tuple[str, list[Json]]]:
    return {
        event_abi_to_log_topic(entry): (entry["name"], entry["inputs"])  # type: ignore[arg-type]
        for entry in _entries(name, "event")
    }


@cache
def _errors() -> dict[bytes, tuple[str, list[str]]]:
    """The custom errors of all contracts, by selector."""
    return {
        function_abi_to_4byte_selector(entry): (  # type: ignore[arg-type]
            entry["name"],
            _types(entry["inputs"]),
        )
        for name in artifacts.names()
        for entry in _entries(name, "error")
    }


def _entries(name: str, kind: str) -> list[Json]:
    return [entry for entry in artifacts.load(name).abi if entry["type"] == kind]


def _types(parts: list[Json]) -> list[str]:
    return [collapse_if_tuple(part) for part in parts]
