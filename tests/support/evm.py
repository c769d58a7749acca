"""An EVM in this process: no node, no blocks to wait for, some tenths of a millisecond a call.

Addresses are in lower case, structs are tuples, and what a contract refuses raises `Reverted`, as
in `support.node`. The clock stands still until somebody sets it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic, function_abi_to_4byte_selector
from eth_utils.crypto import keccak
from pyrevm import EVM, BlockEnv, CfgEnv, Env

from support.node import Log, Reverted
from zegel.chain import artifacts

GAS = 30_000_000
CHAIN_ID = 1
NOBODY = "0x" + "00" * 20

_OUTPUT = re.compile(r"output: 0x([0-9a-f]*)")

Json = dict[str, Any]


class Chain:
    """One chain and its clock."""

    def __init__(self, now: int, chain_id: int = CHAIN_ID) -> None:
        self._evm = EVM(spec_id="OSAKA", env=Env(cfg=CfgEnv(chain_id=chain_id)))
        self._block = 0
        self.travel_to(now)

    def travel_to(self, now: int) -> None:
        """Makes the next block, with this second."""
        self.now = now
        self._block += 1
        self._evm.set_block_env(BlockEnv(number=self._block, timestamp=now))

    def deploy(self, sender: str, code: bytes) -> str:
        return self._evm.deploy(sender, code).lower()

    def call(self, sender: str, to: str, data: bytes, *, is_static: bool) -> bytes:
        """What a call answers; unless it is static, it changes the chain."""
        try:
            return bytes(
                self._evm.message_call(sender, to, calldata=data, gas=GAS, is_static=is_static)
            )
        except RuntimeError as error:
            # pyrevm says it in words.
            found = _OUTPUT.search(str(error))
            raise (_reverted(bytes.fromhex(found[1])) if found else error) from None

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Takes back what happens meanwhile."""
        checkpoint = self._evm.snapshot()
        try:
            yield
        finally:
            self._evm.revert(checkpoint)

    def logs(self) -> list[Any]:
        """The raw events of the last call."""
        return list(self._evm.result.logs)


class Contract:
    """A contract at an address."""

    def __init__(self, chain: Chain, name: str, address: str) -> None:
        self._chain = chain
        self._functions = _functions(name)
        self._events = _events(name)
        self.address = address.lower()

    @classmethod
    def deploy(
        cls, chain: Chain, sender: str, name: str, *args: object, code: bytes | None = None
    ) -> "Contract":
        """Creates a contract; `code` stands in for what `make build` made of it."""
        artifact = artifacts.load(name)
        inputs = [entry["inputs"] for entry in artifact.abi if entry["type"] == "constructor"]
        arguments = encode(_types(inputs[0] if inputs else []), args)
        return cls(chain, name, chain.deploy(sender, (code or artifact.bytecode) + arguments))

    def call(self, function: str, *args: object) -> Any:
        """The answer of a view."""
        return self._run(NOBODY, True, function, args)

    def send(self, sender: str, function: str, *args: object) -> Any:
        """A transaction, and what it returned."""
        return self._run(sender, False, function, args)

    def events(self) -> Iterator[Log]:
        """The events of this contract in the last transaction."""
        for raw in self._chain.logs():
            if raw.address.lower() != self.address:
                continue
            topics = [_word(topic) for topic in raw.topics]
            name, inputs = self._events[topics[0]]
            plain = [part for part in inputs if not part["indexed"]]
            data = raw.data[1] if isinstance(raw.data, tuple) else raw.data
            values = iter(decode(_types(plain), bytes(data)))
            keys = iter(topics[1:])
            yield Log(
                self.address,
                name,
                tuple(
                    decode([part["type"]], next(keys))[0] if part["indexed"] else next(values)
                    for part in inputs
                ),
            )

    def _run(self, sender: str, is_static: bool, function: str, args: tuple[object, ...]) -> Any:
        selector, inputs, outputs = self._functions[function]
        data = selector + encode(inputs, args)
        answer = self._chain.call(sender, self.address, data, is_static=is_static)
        returned = decode(outputs, answer)
        return returned if len(returned) > 1 else next(iter(returned), None)


def address_of(public_key: bytes) -> str:
    """The account of an uncompressed public key."""
    return "0x" + keccak(public_key[1:])[12:].hex()


@cache
def _functions(name: str) -> dict[str, tuple[bytes, list[str], list[str]]]:
    return {
        entry["name"]: (
            function_abi_to_4byte_selector(entry),  # type: ignore[arg-type]
            _types(entry["inputs"]),
            _types(entry["outputs"]),
        )
        for entry in artifacts.load(name).abi
        if entry["type"] == "function"
    }


@cache
def _events(name: str) -> dict[bytes, tuple[str, list[Json]]]:
    return {
        event_abi_to_log_topic(entry): (entry["name"], entry["inputs"])  # type: ignore[arg-type]
        for entry in artifacts.load(name).abi
        if entry["type"] == "event"
    }


@cache
def _errors() -> dict[bytes, tuple[str, list[str]]]:
    return {
        function_abi_to_4byte_selector(entry): (  # type: ignore[arg-type]
            entry["name"],
            _types(entry["inputs"]),
        )
        for name in artifacts.names()
        for entry in artifacts.load(name).abi
        if entry["type"] == "error"
    }


def _reverted(data: bytes) -> Exception:
    if data[:4] not in _errors():
        return RuntimeError(f"reverted with 0x{data.hex()}")
    name, types = _errors()[data[:4]]
    return Reverted(name, decode(types, data[4:]))


def _types(parts: list[Json]) -> list[str]:
    return [collapse_if_tuple(part) for part in parts]


def _word(topic: Any) -> bytes:
    return bytes.fromhex(topic.removeprefix("0x")) if isinstance(topic, str) else bytes(topic)
