"""How large what is sent may be: by its announcement, and as it comes."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zegel.web.problems import Problem


async def bounded(app: ASGIApp, most: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Has an app answer a request, unless its body has more than so many bytes."""
    told = f"the body has more than {most} bytes: send it in parts"
    length = Headers(scope=scope).get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        await Problem(413, "too-large", told).response()(scope, receive, send)
        return
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            # The only kind that FastAPI lets through while it reads a body.
            raise HTTPException(413, told)
        return message

    await app(scope, counted, send)
