"""What holds for every request: its number, how large it may be, headers, a line in the log.

The log has one JSON object a line. Neither queries, bodies, cookies nor headers stand in it, since
signatures and secrets do.
"""

import json
import logging
import secrets
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zegel import pages
from zegel.api.metrics import Metrics
from zegel.api.settings import Limits
from zegel.web.bounding import bounded
from zegel.web.problems import Problem

log = logging.getLogger("zegel.api")

_HSTS = "max-age=31536000"


class Guard:
    """The outermost layer. Nothing goes past it."""

    def __init__(self, app: ASGIApp, *, limits: Limits, metrics: Metrics, is_secure: bool) -> None:
        self._app, self._limits, self._metrics = app, limits, metrics
        self._headers = {**pages.HEADERS} | (
            {"strict-transport-security": _HSTS} if is_secure else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, begun, status = secrets.token_hex(8), time.monotonic(), 0
        scope.setdefault("state", {})["request_id"] = request_id

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if _is_call(scope["path"]):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            most = self._limits.files if scope["path"].endswith("/awards") else self._limits.body
            await bounded(self._app, most, scope, receive, answer)
        except Exception:
            log.exception("failed", extra={"told": {"request": request_id}})
            if not status:
                problem = Problem(500, "internal", f"this is a fault of ours: name {request_id}")
                await problem.response()(scope, receive, answer)
        finally:
            self._tell(scope, request_id, status, time.monotonic() - begun)

    def _tell(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "") or ("page" if status < 400 else "none")
        self._metrics.count(scope["method"], route, status, seconds)
        told = {
            "request": request_id,
            "caller": scope["client"][0] if scope.get("client") else None,
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(1000 * seconds, 1),
        }
        log.info("request", extra={"told": told})


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)


def _is_call(path: str) -> bool:
    return path.startswith("/v1/") or path in ("/rpc", "/health", "/ready", "/metrics")
