"""Collects which instructions of the contracts the tests run; `make coverage` reads what it writes.

Every transaction and every call is run once more on the node, under a tracer that notes
instructions and the ways that conditional jumps took. A contract is told by its code: tests deploy
many.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from web3.middleware import Web3Middleware

from zegel.chain import artifacts

# Per frame: each instruction as its place, each jump as `j`, its place and `t` or `f`.
TRACER = """{
  seen: {}, frames: [], frame: null, jump: -1,
  in: function (name) { this.frame = name; if (!this.seen[name]) this.seen[name] = {} },
  enter: function (call) {
    this.frames.push(this.frame);
    var creates = call.getType().indexOf("CREATE") == 0;
    this.in(creates ? toHex(call.getInput()) + " creation" : toHex(call.getTo()));
  },
  exit: function () { this.frame = this.frames.pop(); },
  step: function (log) {
    if (this.frame === null) this.in("top");
    var pc = log.getPC(), marks = this.seen[this.frame];
    marks[pc] = 1;
    if (this.jump >= 0) marks["j" + this.jump + (pc == this.jump + 1 ? "f" : "t")] = 1;
    this.jump = log.op.toNumber() == 0x57 ? pc : -1;
  },
  fault: function () {},
  result: function () { return this.seen; }
}"""

# Its answer is a receipt, or a hash.
SENDING = ("eth_sendRawTransactionSync", "eth_sendTransaction")

# Code as it stands on chain, or the code and arguments of a ` creation` => the tracer's marks.
Marks = dict[str, set[str]]


class Collector:
    """What was seen so far, by code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marks: Marks = defaultdict(set)
        self._harness = "0x" + artifacts.load("LibraryHarness").deployed_bytecode.hex()

    def middleware(self) -> type[Web3Middleware]:
        collector = self

        class Tracing(Web3Middleware):
            def wrap_make_request(self, make_request: Callable[..., Any]) -> Callable[..., Any]:
                def request(method: str, params: Any) -> Any:
                    answer = make_request(method, params)
                    if method in SENDING and "result" in answer:
                        made = answer["result"]
                        made = made if isinstance(made, str) else made["transactionHash"]
                        sent = make_request("eth_getTransactionByHash", [made])["result"]
                        collector.trace(
                            make_request,
                            "debug_traceTransaction",
                            [made, {"tracer": TRACER}],
                            {"to": sent["to"], "data": sent["input"]},
                        )
                    elif method in ("eth_call", "eth_estimateGas"):
                        call = [params[0], "latest", {"tracer": TRACER}]
                        collector.trace(make_request, "debug_traceCall", call, params[0])
                    return answer

                return request

        return Tracing

    def trace(
        self, ask: Callable[..., Any], method: str, params: list[Any], top: dict[str, Any]
    ) -> None:
        """Runs a transaction or a call once more; `top` is what it asks for."""
        if top.get("to") and self._is_harness(ask, top["to"]):
            return
        answer = ask(method, params)
        assert "result" in answer, answer
        for frame, seen in answer["result"].items():
            name = frame
            if frame == "top":
                name = top.get("to") or f"{top['data']} creation"
            if not name.endswith(" creation"):
                name = ask("eth_getCode", [name, "latest"])["result"]
            self.marks[name].update(seen)

    def _is_harness(self, ask: Callable[..., Any], to: str) -> bool:
        """Ten thousand calls go there, and its code is not ours."""
        return bool(ask("eth_getCode", [to, "latest"])["result"] == self._harness)

    def write(self) -> None:
        marks = {code: sorted(seen) for code, seen in self.marks.items() if len(code) > 20}
        self.folder.mkdir(parents=True, exist_ok=True)
        # A file for each process.
        (self.folder / f"{os.getpid()}.json").write_text(json.dumps(marks))
