"""Who may drive the till: whoever can read the file with its token, from pages of its own.

A web page that somebody opens on the device can send requests to any port of it, and by a name that
it points at the device (DNS rebinding) even read the answers. So requests must name the device by a
name that no page has, must not come from a foreign page, and bear the token; other users of the
device cannot read its file.
"""

import hmac
import logging
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zegel import pages
from zegel.errors import FileError
from zegel.web.bounding import bounded
from zegel.web.problems import Problem

log = logging.getLogger("zegel.till")

TOKEN = "token"

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MOST_BYTES = 64 * 1024

# Beside the pages, which hold nothing of the till.
_OPEN = ("/health", "/openapi.json")
_CALLS = "/v1/"


def token_in(folder: Path) -> str:
    """The token of the till in a folder; made if there is none. Only its user can read it."""
    path = folder / TOKEN
    try:
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_urlsafe(32) + "\n")
        if path.stat().st_mode & 0o077:
            raise FileError(path, "others on this device can read it: delete it, and start again")
        token = path.read_text().strip()
    except OSError as error:
        raise FileError(path, f"cannot be had ({error.strerror}): mend that") from None
    if len(token) < 32:
        raise FileError(path, "is no token: delete it, and start again")
    return token


class Guard:
    """The outermost layer of the service. `origins` are pages elsewhere that may call it."""

    def __init__(self, app: ASGIApp, *, token: str, origins: Collection[str] = ()) -> None:
        self._app, self._token, self._origins = app, token.encode(), frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in pages.HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_CALLS):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        problem = self._problem(scope)
        try:
            if problem is None:
                await bounded(self._app, _MOST_BYTES, scope, receive, answer)
        except Exception:
            log.exception("a request failed: %s %s", scope["method"], scope["path"])
            problem = Problem(500, "internal", "this is a fault of the till's program: see its log")
        if problem is not None and not begun:
            await problem.response()(scope, receive, answer)

    def _problem(self, scope: Scope) -> Problem | None:
        headers, path = Headers(scope=scope), scope["path"]
        host = headers.get("host", "")
        if host.rsplit(":", 1)[0] not in _LOOPBACK:
            return Problem(403, "foreign-host", f"host {host!r} is not this device: use 127.0.0.1")
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}" and origin not in self._origins:
            return Problem(
                403,
                "foreign-origin",
                f"pages of {origin!r} may not drive this till: start it with --origin for them",
            )
        if path.startswith(_CALLS) and not self._is_known(headers, scope["method"]):
            return Problem(
                401,
                "no-token",
                f"no token, or another one: send the one in the file {TOKEN!r}",
                {"www-authenticate": "Bearer"},
            )
        return None

    def _is_known(self, headers: Headers, method: str) -> bool:
        if method == "OPTIONS":
            # A browser asks, without the token, whether the page may.
            return True
        kind, _, given = headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(given.encode(), self._token)
