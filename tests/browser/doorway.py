"""A small service that answers the pages as the API does, from a chain, in the tests' own process.

Tests may change every answer on its way (`bend`), so as to be hostile.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from browser.town import Town

from zegel import pages
from zegel.admin.acts import rehearsed
from zegel.chain.messages import Message, message_of
from zegel.wallet.directory import listings

# Seconds between looks for a new block.
_PAUSE = 0.2

Bend = Callable[[str, Any], Any]

# What a batch's rows have for a reference: the root that they stand under.
ROOT = "0x" + "d797aad20c39f61c" * 4

# A picture of one pixel.
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Doorway:
    """What is served, and what came in."""

    town: Town
    url: str = ""
    bend: Bend = lambda path, answer: answer
    is_away: bool = False
    has_relay: bool = True
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    is_closed: Event = field(default_factory=Event)

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """The status and the content of an answer."""
        if path == "/rpc":
            return 200, self._ask_node(body)
        if path == "/v1/network":
            return 200, self._network()
        if path == "/v1/programs":
            return 200, self._programs()
        if path == "/v1/messages" and method == "POST":
            return self._take(body)
        if path == "/v1/returns":
            return self._return(body)
        if path.startswith("/v1/messages/"):
            return 200, self.messages[path.rsplit("/", 1)[1]]
        if path.endswith("/history"):
            return 200, {"entries": self._history(path.split("/")[3]), "next": None}
        if path.startswith("/v1/members/"):
            return 200, {"programs": []}
        return 404, problem(404, "not-found", f"nothing is at {path}")

    def _ask_node(self, body: Any) -> Any:
        request = Request(
            self.town.anvil.url,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(request) as answer:
            return json.loads(answer.read())

    def _network(self) -> dict[str, Any]:
        suite = self.town.suite
        contracts = {
            "registry": suite.registry,
            "exchange": suite.exchange,
            "desk": suite.desk,
            "drop": suite.drop,
            "charter": suite.charter,
            "settlementToken": suite.settlement_token,
        }
        passkeys = suite.registry.functions.passkeys().call()
        return {
            "chainId": suite.connection.chain_id,
            "name": "Local chain",
            "rpc": "/rpc",
            "development": True,
            "firstBlock": 0,
            "block": 1,
            "time": self.town.now,
            "contracts": {name: one.address for name, one in contracts.items()}
            | {"verifier": passkeys},
            "settlement": {"symbol": "tEUR", "decimals": suite.money_decimals},
            "explorer": None,
        }

    def _programs(self) -> list[dict[str, Any]]:
        return [
            {
                "token": one.asset.address,
                "symbol": one.asset.symbol,
                "name": one.asset.name,
                "decimals": one.asset.decimals,
                "issuer": one.issuer,
                "legalName": one.legal_name or None,
                "lei": "9999ZEGELSHOP0000131",
                "domain": one.domain or None,
                "verified": bool(one.legal_name),
                "validUntil": 1_924_905_600,
                "suspended": one.state == "suspended",
                "paused": one.state == "paused",
                "transferable": True,
                "bid": str(one.bid),
                "ask": str(one.ask),
                "account": str(one.account),
                "version": 1,
                "image": None,
                "description": "Points for whoever comes back.",
                "termsHash": None,
            }
            for one in listings(self.town.suite)
        ]

    def _take(self, body: Any) -> tuple[int, Any]:
        """Sends what was signed, at once."""
        message = message_of(whole_numbers(body["typedData"]))
        call = self._call(message, bytes.fromhex(body["signature"][2:]))
        return self._send(message.digest().hex(), call)

    def _return(self, purse: Any) -> tuple[int, Any]:
        """Hands a purse back, at once."""
        if not self.has_relay:
            return 409, problem(409, "no-relay", "this API has no relay")
        values = purse["token"], purse["member"], purse["merchant"]
        return self._send(json.dumps(purse), self.town.suite.desk.functions.returnPurse(*values))

    def _send(self, identity: str, call: Any) -> tuple[int, Any]:
        with self.lock:
            if identity not in self.messages:
                relayer = self.town.sender("relayer")
                refusal = rehearsed(call, relayer.address)
                if refusal:
                    return 422, problem(422, "refused", refusal)
                receipt = relayer.send(call)
                self.messages[identity] = {
                    "id": identity,
                    "state": "mined",
                    "transaction": "0x" + receipt["transactionHash"].hex(),
                    "block": receipt["blockNumber"],
                    "reason": None,
                }
        return 202, self.messages[identity]

    def _call(self, message: Message, signature: bytes) -> Any:
        suite, values = self.town.suite, message.values
        token = suite.connection.contract("PointToken", message.domain.contract).functions
        ordered = list(message.arguments())
        match message.type:
            case "TransferWithAuthorization":
                signed = "address,address,uint256,uint256,uint256,bytes32,bytes"
                function = token[f"transferWithAuthorization({signed})"]
                return function(*ordered, signature)
            case "RedeemWithAuthorization":
                return token.redeemWithAuthorization(*ordered, signature)
            case "ConvertWithAuthorization":
                order = tuple(ordered[1:])
                return suite.exchange.functions.convertWithAuthorization(order, signature)
            case "HoldWithAuthorization":
                args = message.domain.contract, tuple(ordered[1:]), signature
                return suite.desk.functions.holdWithAuthorization(*args)
            case "ReleaseWithAuthorization":
                args = message.domain.contract, tuple(ordered[1:]), signature
                return suite.desk.functions.releaseWithAuthorization(*args)
            case "CharterSignature":
                charter = suite.charter.functions
                return charter.signFor(values["charterId"], values["party"], signature)
        raise ValueError(message.type)

    def _history(self, member: str) -> list[dict[str, Any]]:
        """Points that came and went, from the tokens' own events."""
        entries = []
        connection = self.town.suite.connection
        for listing in listings(self.town.suite):
            token = connection.contract("PointToken", listing.asset.address)
            for event in token.events.Transfer().get_logs(from_block=0):
                sides = event["args"]["from"], event["args"]["to"]
                if member not in sides:
                    continue
                came = sides[1] == member
                value = event["args"]["value"]
                time = connection.web3.eth.get_block(event["blockNumber"])["timestamp"]
                entries.append(
                    {
                        "id": f"{event['blockNumber']}-{event['logIndex']}",
                        "kind": "received" if came else "sent",
                        "token": listing.asset.address,
                        "amount": str(value if came else -value),
                        "other": sides[0] if came else sides[1],
                        "reference": ROOT if came else None,
                        "transaction": "0x" + event["transactionHash"].hex(),
                        "block": event["blockNumber"],
                        "time": time,
                    }
                )
        return sorted(entries, key=lambda entry: -entry["block"])


def whole_numbers(typed: dict[str, Any]) -> dict[str, Any]:
    """Typed data as Python has it: whole numbers, not their text."""
    fields = {field["name"]: field["type"] for field in typed["types"][typed["primaryType"]]}
    message = {
        name: int(value) if fields[name].startswith("uint") else value
        for name, value in typed["message"].items()
    }
    return {**typed, "message": message}


def problem(status: int, name: str, detail: str) -> dict[str, Any]:
    return {"type": f"urn:zegel:{name}", "title": name, "status": status, "detail": detail}


@contextmanager
def served(town: Town) -> Iterator[Doorway]:
    """The service on a free port of this machine."""
    doorway = Doorway(town)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def _serve(self, method: str) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            path = urlsplit(self.path).path
            doorway.paths.append(path)
            if doorway.is_away:
                self.close_connection = True
                return
            if path == "/v1/events":
                self._tell()
            elif path.startswith(("/v1/", "/rpc")):
                self._answer(method, path, body)
            else:
                self._page(path)

        def _answer(self, method: str, path: str, body: Any) -> None:
            status, answer = doorway.answer(method, path, body)
            self._send(
                status, "application/json", json.dumps(doorway.bend(path, answer)).encode(), {}
            )

        def _tell(self) -> None:
            """Says when there is a new block, for as long as somebody listens."""
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.close_connection = True
            last = -1
            with suppress(OSError):
                while not doorway.is_closed.wait(_PAUSE) and not doorway.is_away:
                    block = town.suite.connection.web3.eth.block_number
                    if block != last:
                        told = json.dumps({"block": block})
                        self.wfile.write(f"event: block\ndata: {told}\n\n".encode())
                    last = block

        def _page(self, path: str) -> None:
            file = pages.find(path)
            if file is None:
                return self._send(404, "text/plain", b"nothing is here", {})
            headers = pages.headers_of(file)
            return self._send(200, headers.pop("Content-Type"), file.read_bytes(), headers)

        def _send(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            # A page that was left takes no answer.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    doorway.url = f"http://localhost:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield doorway
    finally:
        doorway.is_closed.set()
        server.shutdown()
        server.server_close()
