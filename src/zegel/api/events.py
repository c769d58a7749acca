"""Live updates as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import StreamingResponse

from zegel.api.feed import Feed, Listener, News, movements
from zegel.api.limiting import caller_of
from zegel.api.service import Here, Service
from zegel.api.values import Address
from zegel.deploy.suite import NOBODY
from zegel.web.problems import Problem

router = APIRouter(prefix="/v1", tags=["events"])

# Proxies end connections on which nothing is said.
_SECONDS_OF_SILENCE = 15.0
_MOST_MISSED = 10_000

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`block`, `movement`, `message` and `reset`, as they happen.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get("/events", response_class=StreamingResponse, responses=_STREAM)
async def events(
    request: Request,
    here: Here,
    member: Annotated[Address, Query(description="Whose movements and messages.")] = NOBODY,
    last: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> StreamingResponse:
    """Tells of each new block, of a member's movements as in its history, and of the states of its
    messages. Whoever comes back names the last event's id, and misses nothing. After `reset`, ask
    for everything again: the chain gave blocks up."""
    feed: Feed = request.app.state.feed
    caller = caller_of(request)
    open_now = here.streams[caller]
    if open_now >= here.settings.limits.streams:
        raise Problem(
            429, "too-many-streams", f"{caller} has {open_now} streams: close one, then try again"
        )
    whose = "" if member == NOBODY else member.lower()
    behind = int(last) if last is not None and last.isascii() and last.isdigit() else None
    return StreamingResponse(
        _told(here, feed, caller, whose, behind),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},
    )


async def _told(
    here: Service, feed: Feed, caller: str, whose: str, behind: int | None
) -> AsyncIterator[bytes]:
    here.streams[caller] += 1
    listener = feed.join(whose)
    try:
        yield b"retry: 1000\n\n"
        if whose and behind is not None:
            for news in await asyncio.to_thread(_missed, here, whose, behind):
                yield news.text()
        while (said := await _next(listener)) is not None:
            yield said
    finally:
        feed.leave(listener)
        here.streams[caller] -= 1
        if not here.streams[caller]:
            del here.streams[caller]


async def _next(listener: Listener) -> bytes | None:
    try:
        news = await asyncio.wait_for(listener.queue.get(), _SECONDS_OF_SILENCE)
    except asyncio.TimeoutError:
        return b":\n\n"
    return None if news is None else news.text()


def _missed(here: Service, whose: str, behind: int) -> list[News]:
    """What happened since a block; nothing where that is too long ago or has not been yet."""
    with here.index.reading() as database:
        head = here.snapshots.within(database).head
        if not head.number - _MOST_MISSED <= behind < head.number:
            return []
        return list(movements(database, [whose], behind, head.number))
