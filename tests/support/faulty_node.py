"""A node that fails as real ones do: a proxy between our code and Anvil.

Whether a request fails, and how, follows from the seed, the request itself, and how often it was
asked before: neither threads nor the clock have a say. So a seed tells a whole run again, and
whoever asks often enough gets an answer.

    with FaultyNode(anvil.url, seed=7, rate=0.2) as node:
        connection = Connection(node.url)

A test that is about one fault plants it: `node.plant("lost", "eth_sendRawTransaction")`.
`node.told` counts the faults that came up.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from zegel.chain.node import Node

Json = dict[str, Any]

# What any request may meet.
TRANSPORT = (
    "error",  # an error of the node
    "429",  # too many requests
    "502",  # no node behind the gateway
    "stall",  # an answer that comes after the caller's patience
    "lost",  # done, but the answer is lost
    "cut",  # half an answer
)
# What only questions about logs may meet.
LOGS = ("empty", "truncated", "doubled", "reordered", "too large", "other fork")
# A replica that is some blocks behind.
STALE = "stale"
# A node of another chain.
WRONG_CHAIN = "wrong chain"

FAULTS = (*TRANSPORT, *LOGS, STALE)

_BLOCKS_BEHIND = 5
_READS_BLOCKS = ("eth_blockNumber", "eth_getBlockByNumber", "eth_getLogs")


class FaultyNode:
    """A context in which the node at `upstream` is reached with faults, at `url`.

    `rate` is the share of requests that fail, `faults` are those that may come up, and `stall` is
    how many seconds a stalled answer takes.
    """

    def __init__(
        self,
        upstream: str,
        seed: int = 0,
        rate: float = 0.0,
        faults: tuple[str, ...] = FAULTS,
        stall: float = 1.0,
    ) -> None:
        self.seed, self.rate, self.faults, self.stall = seed, rate, faults, stall
        self.told: Counter[str] = Counter()
        self._upstream = urlsplit(upstream)
        self._planted: list[tuple[str, str | None]] = []
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._local = threading.local()
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                node._serve(self, json.loads(body))

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "FaultyNode":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def plant(self, fault: str, method: str | None = None, times: int = 1) -> None:
        """Has the next requests (of one method) fail in this way."""
        with self._lock:
            self._planted += [(fault, method)] * times

    def stand_before(self, *nodes: Node) -> None:
        """Has others ask this one from now on."""
        for node in nodes:
            Node.__init__(node, self.url, node.patience)

    def fault_of(self, request: Any) -> str | None:
        """How a request fails, if it does, this time."""
        parts: list[Json] = request if isinstance(request, list) else [request]
        methods = {part["method"] for part in parts}
        key = json.dumps([[part["method"], part.get("params")] for part in parts], sort_keys=True)
        with self._lock:
            for number, (fault, method) in enumerate(self._planted):
                if method is None or method in methods:
                    del self._planted[number]
                    self.told[fault] += 1
                    return fault
            turn = self._asked[key]
            self._asked[key] += 1
        dice = random.Random(f"{self.seed} {turn} {key}")
        if dice.random() >= self.rate:
            return None
        fitting = [fault for fault in self.faults if _fits(fault, methods)]
        if not fitting:
            return None
        fault = dice.choice(fitting)
        with self._lock:
            self.told[fault] += 1
        return fault

    def _serve(self, handler: BaseHTTPRequestHandler, request: Any) -> None:
        fault = self.fault_of(request)
        if fault == "error":
            _send(handler, 200, _each(request, _error(-32603, "internal error")))
        elif fault == "too large":
            told = "query returned more than 10000 results"
            _send(handler, 200, _each(request, _error(-32005, told)))
        elif fault in ("429", "502"):
            _send(handler, int(fault), {"error": "not now"})
        elif fault == "stall":
            time.sleep(self.stall)
            _hang_up(handler)
        elif fault == "lost":
            self._ask(request)
            _hang_up(handler)
        elif fault == "cut":
            _send(handler, 200, self._ask(request), cut=True)
        else:
            _send(handler, 200, self._spoiled(fault, request))

    def _spoiled(self, fault: str | None, request: Any) -> Any:
        """An answer that looks well."""
        if fault == STALE:
            return self._behind(request)
        answer = self._ask(request)
        if fault is None:
            return answer
        parts = request if isinstance(request, list) else [request]
        for part, told in zip(parts, answer if isinstance(answer, list) else [answer], strict=True):
            if part["method"] == "eth_getLogs" and isinstance(told.get("result"), list):
                told["result"] = _spoiled_logs(fault, told["result"])
            elif part["method"] == "eth_chainId" and fault == WRONG_CHAIN:
                told["result"] = hex(int(told["result"], 16) + 1)
        return answer

    def _behind(self, request: Any) -> Any:
        """What a node says that has not seen the last blocks."""
        head = self._ask({"jsonrpc": "2.0", "id": 0, "method": "eth_blockNumber", "params": []})
        last = max(0, int(head["result"], 16) - _BLOCKS_BEHIND)
        if isinstance(request, list):
            return [self._behind_one(part, last) for part in request]
        return self._behind_one(request, last)

    def _behind_one(self, request: Json, last: int) -> Json:
        method, params = request["method"], list(request.get("params") or [])
        if method == "eth_blockNumber":
            return {"jsonrpc": "2.0", "id": request["id"], "result": hex(last)}
        if method == "eth_getBlockByNumber":
            if params[0] == "latest":
                params[0] = hex(last)
            elif params[0].startswith("0x") and int(params[0], 16) > last:
                return {"jsonrpc": "2.0", "id": request["id"], "result": None}
        if method == "eth_getLogs" and "toBlock" in params[0]:
            if int(params[0]["fromBlock"], 16) > last:
                return {"jsonrpc": "2.0", "id": request["id"], "result": []}
            params[0] = {**params[0], "toBlock": hex(min(last, int(params[0]["toBlock"], 16)))}
        answer: Json = self._ask({**request, "params": params})
        return answer

    def _ask(self, request: Any) -> Any:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(
                str(self._upstream.hostname), self._upstream.port or 80, timeout=120
            )
            self._local.connection = connection
        connection.request(
            "POST", self._upstream.path, json.dumps(request), {"Content-Type": "application/json"}
        )
        return json.loads(connection.getresponse().read())


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Callers that lose patience hang up."""


def _fits(fault: str, methods: set[str]) -> bool:
    if fault in LOGS:
        return methods == {"eth_getLogs"}
    if fault == STALE:
        return methods <= set(_READS_BLOCKS)
    if fault == WRONG_CHAIN:
        return methods == {"eth_chainId"}
    return True


def _spoiled_logs(fault: str, logs: list[Json]) -> list[Json]:
    if fault == "empty":
        return []
    if fault == "truncated":
        return logs[: len(logs) // 2]
    if fault == "doubled":
        return [log for log in logs for _ in range(2)]
    if fault == "reordered":
        return logs[::-1]
    if fault == "other fork":
        other = {"blockHash": "0x" + "f0" * 32, "transactionHash": "0x" + "f1" * 32}
        return [{**log, **other} for log in logs]
    return logs


def _error(code: int, message: str) -> Json:
    return {"error": {"code": code, "message": message}}


def _each(request: Any, answer: Json) -> Any:
    if isinstance(request, list):
        return [_each(part, answer) for part in request]
    return {"jsonrpc": "2.0", "id": request["id"], **answer}


def _send(handler: BaseHTTPRequestHandler, status: int, answer: Any, cut: bool = False) -> None:
    body = json.dumps(answer).encode()
    if cut:
        body = body[: len(body) // 2]
    try:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
