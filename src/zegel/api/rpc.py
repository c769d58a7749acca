"""A door to the node for browsers: questions only, few at a time. Sending is the relay's.

Blocks of logs are bounded, since a node works on them for as long as they are many. The demo's door
also signs by the accounts of its local chain; everyone knows their keys.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zegel.api.limiting import caller_of
from zegel.api.service import Here, Service
from zegel.chain.node import Json
from zegel.web.problems import Problem, documented

router = APIRouter(tags=["rpc"])

ALLOWED = frozenset(
    {
        "eth_chainId",
        "eth_blockNumber",
        "eth_call",
        "eth_getBalance",
        "eth_getCode",
        "eth_getLogs",
        "eth_getBlockByNumber",
        "eth_getTransactionReceipt",
        "eth_getTransactionByHash",
        "eth_estimateGas",
        "eth_gasPrice",
        "eth_maxPriorityFeePerGas",
        "eth_feeHistory",
        "eth_getTransactionCount",
    }
)
OF_DEMO = frozenset(
    {"eth_accounts", "eth_sendTransaction", "personal_sign", "eth_signTypedData_v4"}
)
AT_ONCE = 50
LOG_BLOCKS = 10_000

_INVALID, _NO_METHOD, _WRONG_PARAMS = -32600, -32601, -32602
_DEEPEST = 32

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": ["object", "array"]},
                "example": {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []},
            }
        },
    }
}


@router.post("/rpc", responses=documented(400, 415), openapi_extra=_BODY)
async def rpc(request: Request, here: Here) -> Response:
    """Questions to the node (JSON-RPC 2.0): one, or a batch of at most 50."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem(
            415, "json-needed", "content-type: name application/json, as JSON-RPC is written"
        )
    try:
        asked = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Problem(400, "invalid-request", f"the body is no JSON ({error}): mend it") from None
    calls = asked if isinstance(asked, list) else [asked]
    if not 0 < len(calls) <= AT_ONCE:
        raise Problem(
            400, "batch-too-large", f"{len(calls)} calls at once: send 1 to {AT_ONCE}, then more"
        )
    here.limiter.check("rpc", caller_of(request), len(calls))
    answers = await run_in_threadpool(_answers, here, calls)
    told = answers if isinstance(asked, list) else answers[0]
    return Response(orjson.dumps(told), media_type="application/json")


def _answers(here: Service, calls: Sequence[Any]) -> list[Json]:
    """The answers in the order of the calls; wrong ones never reach the node."""
    methods = ALLOWED | OF_DEMO if here.settings.demo else ALLOWED
    faults = [_fault(call, methods, here) for call in calls]
    good = [
        (call["method"], call.get("params", []))
        for call, fault in zip(calls, faults, strict=True)
        if fault is None
    ]
    told = iter(here.nodes.node.answers(good) if good else [])
    return [
        {"jsonrpc": "2.0", "id": _id(call), **({"error": fault} if fault else _outcome(next(told)))}
        for call, fault in zip(calls, faults, strict=True)
    ]


def _outcome(answer: Json) -> Json:
    name = "error" if answer.get("error") is not None else "result"
    return {name: answer.get(name)}


def _fault(call: Any, methods: frozenset[str], here: Service) -> Json | None:
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        return _error(_INVALID, "no call of JSON-RPC 2.0: name a method")
    method, params = call["method"], call.get("params", [])
    if method not in methods:
        return _error(_NO_METHOD, f"{method[:40]!r} is not answered here: use a node of your own")
    if not isinstance(params, list) or _depth(params) > _DEEPEST:
        return _error(_WRONG_PARAMS, f"params of {method}: write a list")
    return _log_fault(params, here) if method == "eth_getLogs" else None


def _log_fault(params: Sequence[Any], here: Service) -> Json | None:
    """Logs are found by a block's hash, or in a range that is not too long."""
    wanted = params[0] if len(params) == 1 else None
    if not isinstance(wanted, dict):
        return _error(_WRONG_PARAMS, "params of eth_getLogs: write one filter")
    if "blockHash" in wanted:
        return None
    newest = here.snapshots.current().head.number
    try:
        first, last = (
            _block(wanted.get(name, "latest"), newest) for name in ("fromBlock", "toBlock")
        )
    except ValueError:
        return _error(_WRONG_PARAMS, "blocks of eth_getLogs: write 0x and digits, or latest")
    if last - first >= LOG_BLOCKS:
        return _error(
            _WRONG_PARAMS, f"{last - first + 1} blocks of logs: ask for {LOG_BLOCKS} at a time"
        )
    return None


def _block(name: Any, newest: int) -> int:
    if name in ("latest", "pending", "safe", "finalized", None):
        return newest
    if name == "earliest":
        return 0
    if not isinstance(name, str) or not name.startswith("0x") or len(name) > 18:
        raise ValueError
    return int(name, 16)


def _id(call: Any) -> Any:
    found = call.get("id") if isinstance(call, dict) else None
    return found if isinstance(found, (int, str)) else None


def _error(code: int, message: str) -> Json:
    return {"code": code, "message": message}


def _depth(value: Any) -> int:
    """How deep lists and objects stand in each other, up to a bound."""
    level, depth = [value], 0
    while level and depth <= _DEEPEST:
        inner = [v.values() if isinstance(v, dict) else v for v in level]
        level = [
            part
            for some in inner
            if not isinstance(some, str)
            for part in some
            if isinstance(part, (list, dict))
        ]
        depth += 1
    return depth
