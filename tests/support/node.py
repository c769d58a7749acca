"""A node asked directly: one connection, no receipts to wait for, some 2 ms a transaction.

Brownie and web3 do much for a user that ten thousand random steps have no use for. Addresses are in
lower case here, structs are tuples, and an outcome is the returned value with all events, or a
named error with its arguments.
"""

import json
import socket
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from support import abi
from support.abi import Json, Log, bytes_of

GAS = hex(16_000_000)


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
        self._name = name
        self._functions = abi.functions(name)
        self.address = address.lower()

    @classmethod
    def deploy(cls, node: Node, sender: str, name: str, *args: object) -> "Contract":
        return cls(node, name, deploy_code(node, sender, abi.creation(name, args)))

    def calldata(self, function: str, *args: object) -> str:
        return "0x" + self._functions[function].data(args).hex()

    def call(self, function: str, *args: object, sender: str | None = None) -> Any:
        request = {"to": self.address, "data": self.calldata(function, *args), "gas": GAS}
        if sender:
            request["from"] = sender
        answer = self._node.ask("eth_call", request, "latest")
        return self._functions[function].returned(bytes_of(answer))

    def send(self, sender: str, function: str, *args: object) -> tuple[Any, list[Json]]:
        """What a transaction returned, and its raw logs; raises `Reverted` and sends nothing."""
        returned = self.call(function, *args, sender=sender)
        request = {"from": sender, "to": self.address, "data": self.calldata(function, *args)}
        return returned, _receipt(self._node, request)["logs"]

    def log(self, raw: Json) -> Log:
        """An event of this contract."""
        topics = [bytes_of(topic) for topic in raw["topics"]]
        return abi.log(self._name, self.address, topics, bytes_of(raw["data"]))


def deploy_code(node: Node, sender: str, creation: bytes) -> str:
    """Creates a contract; returns its address."""
    receipt = _receipt(node, {"from": sender, "data": "0x" + creation.hex()})
    return str(receipt["contractAddress"]).lower()


def _failure(error: Json) -> Exception:
    data = error.get("data")
    if not isinstance(data, str) or not data.startswith("0x"):
        return RuntimeError(error["message"])
    return abi.failure(bytes_of(data), error["message"])


def _receipt(node: Node, request: Json) -> Json:
    priced = {**request, "gas": GAS, "gasPrice": "0x0"}
    receipt: Json = node.ask("eth_sendTransactionSync", priced)
    if receipt["status"] != "0x1":
        raise RuntimeError(f"a transaction failed that went well as a call: {request}")
    return receipt


def _request(number: int, method: str, params: tuple[object, ...]) -> Json:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
