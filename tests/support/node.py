"""A node asked directly: one connection, no receipts to wait for, some 2 ms a transaction.

Brownie and web3 do much for a user that ten thousand random steps have no use for. Addresses are in
lower case here, structs are tuples, and an outcome is the returned value with all events, or a
named error with its arguments.
"""

import json
import socket
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic, function_abi_to_4byte_selector

from zegel.chain import artifacts

GAS = hex(16_000_000)

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


class Node:
    """JSON-RPC over one connection that is kept."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._http = HTTPConnection(str(place.hostname), place.port)
        self._http.connect()
        self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, *params: object) -> Any:
        answer = self._post(_request(0, method, params))
        if "error" in answer:
            raise _failure(answer["error"])
        return answer["result"]

    def ask_all(self, method: str, params: list[tuple[object, ...]]) -> list[Any]:
        """Many requests in one message; answers in the same order."""
        answers = self._post([_request(number, method, each) for number, each in enumerate(params)])
        failed = [answer["error"] for answer in answers if "error" in answer]
        if failed:
            raise _failure(failed[0])
        return [answer["result"] for answer in sorted(answers, key=lambda answer: answer["id"])]

    def travel_to(self, moment: int) -> None:
        self.ask("evm_setNextBlockTimestamp", moment)
        self.ask("evm_mine")

    def _post(self, content: Json | list[Json]) -> Any:
        body = json.dumps(content).encode()
        self._http.request("POST", "/", body, {"Content-Type": "application/json"})
        return json.loads(self._http.getresponse().read())


class Contract:
    """A contract at an address."""

    def __init__(self, node: Node, name: str, address: str) -> None:
        self._node = node
        self._functions = _functions(name)
        self._events = _events(name)
        self.address = address.lower()

    @classmethod
    def deploy(cls, node: Node, sender: str, name: str, *args: object) -> "Contract":
        artifact = artifacts.load(name)
        inputs = [entry["inputs"] for entry in artifact.abi if entry["type"] == "constructor"]
        code = artifact.bytecode + encode(_types(inputs[0] if inputs else []), args)
        return cls(node, name, deploy_code(node, sender, code))

    def calldata(self, function: str, *args: object) -> str:
        entry = self._functions[function]
        return "0x" + (entry.selector + encode(entry.inputs, args)).hex()

    def call(self, function: str, *args: object, sender: str | None = None) -> Any:
        request = {"to": self.address, "data": self.calldata(function, *args), "gas": GAS}
        if sender:
            request["from"] = sender
        returned = decode(
            self._functions[function].outputs, _bytes(self._node.ask(*_call(request)))
        )
        return returned if len(returned) > 1 else next(iter(returned), None)

    def send(self, sender: str, function: str, *args: object) -> tuple[Any, list[Json]]:
        """What a transaction returned, and its raw logs; raises `Reverted` and sends nothing."""
        returned = self.call(function, *args, sender=sender)
        request = {"from": sender, "to": self.address, "data": self.calldata(function, *args)}
        return returned, _receipt(self._node, request)["logs"]

    def log(self, raw: Json) -> Log:
        """An event of this contract."""
        topics = [_bytes(topic) for topic in raw["topics"]]
        name, inputs = self._events[topics[0]]
        plain = [part for part in inputs if not part["indexed"]]
        values = iter(decode(_types(plain), _bytes(raw["data"])))
        keys = iter(topics[1:])
        arguments = tuple(
            decode([part["type"]], next(keys))[0] if part["indexed"] else next(values)
            for part in inputs
        )
        return Log(self.address, name, arguments)


def deploy_code(node: Node, sender: str, creation: bytes) -> str:
    """Creates a contract; returns its address."""
    receipt = _receipt(node, {"from": sender, "data": "0x" + creation.hex()})
    return str(receipt["contractAddress"]).lower()


@dataclass(frozen=True)
class _Function:
    selector: bytes
    inputs: list[str]
    outputs: list[str]


@cache
def _functions(name: str) -> dict[str, _Function]:
    return {
        entry["name"]: _Function(
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
    """The custom errors of all contracts, by selector."""
    return {
        function_abi_to_4byte_selector(entry): (  # type: ignore[arg-type]
            entry["name"],
            _types(entry["inputs"]),
        )
        for name in artifacts.names()
        for entry in artifacts.load(name).abi
        if entry["type"] == "error"
    }


def _failure(error: Json) -> Exception:
    data = error.get("data")
    if not isinstance(data, str) or not data.startswith("0x"):
        return RuntimeError(error["message"])
    raw = _bytes(data)
    if raw[:4] not in _errors():
        return RuntimeError(f"{error['message']} {data}")
    name, types = _errors()[raw[:4]]
    return Reverted(name, decode(types, raw[4:]))


def _call(request: Json) -> tuple[str, Json, str]:
    return "eth_call", request, "latest"


def _receipt(node: Node, request: Json) -> Json:
    priced = {**request, "gas": GAS, "gasPrice": "0x0"}
    receipt: Json = node.ask("eth_sendTransactionSync", priced)
    if receipt["status"] != "0x1":
        raise RuntimeError(f"a transaction failed that went well as a call: {request}")
    return receipt


def _request(number: int, method: str, params: tuple[object, ...]) -> Json:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def _types(parts: list[Json]) -> list[str]:
    return [collapse_if_tuple(part) for part in parts]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
