"""Pages at all addresses at which no call is."""

from collections.abc import Callable

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


def serve_pages(app: FastAPI, find: Callable[[str], Response | None]) -> None:
    """Answers with what `find` has at a path, if anything, where an app has no call.

    A route for every path would stand in front of the app's own word that a call has another
    method.
    """
    nothing = app.router.default

    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            found = await run_in_threadpool(find, scope["path"])
        await (found or nothing)(scope, receive, send)

    app.router.default = rest
