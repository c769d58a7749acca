"""The API in one piece."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import Depends, FastAPI, Request
from starlette.middleware.cors import CORSMiddleware

from zegel import __version__
from zegel.api import (
    awards,
    demo,
    events,
    health,
    history,
    issuers,
    members,
    merchants,
    messages,
    network,
    pages,
    programs,
    quotes,
    reference,
    returning,
    rpc,
    session,
    webhooks,
)
from zegel.api.delivering import Deliverer
from zegel.api.feed import Feed
from zegel.api.guarding import Guard
from zegel.api.limiting import caller_of
from zegel.api.service import Here, Service
from zegel.web.paging import serve_pages
from zegel.web.problems import documented, handle_problems

_ABOUT = """Points of all programs of a network: what members have, what happened, what conversions
give, who issues. Amounts are decimal text in base units, times are Unix seconds, errors are
problems (RFC 9457) whose `detail` names the remedy."""

# The calls, and as what they are counted.
_ROUTERS = (
    (network.router, "reads"),
    (programs.router, "reads"),
    (members.router, "reads"),
    (history.router, "reads"),
    (quotes.router, "reads"),
    # It counts what is in a batch.
    (rpc.router, ""),
    (events.router, "reads"),
    (messages.router, "writes"),
    (returning.router, "writes"),
    (session.router, "writes"),
    (issuers.router, "reads"),
    (awards.router, "writes"),
    (merchants.router, "reads"),
    (webhooks.router, "writes"),
    (demo.router, "writes"),
    (health.router, ""),
    (reference.router, ""),
)


def _limited(kind: str) -> Any:
    async def spend(request: Request, here: Here) -> None:
        here.limiter.check(kind, caller_of(request))

    return Depends(spend)


def create_app(service: Service) -> FastAPI:
    """The API of a service."""

    feed, deliverer = Feed(service), Deliverer(service)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(feed.run())
        if service.awards is not None:
            await asyncio.to_thread(service.awards.resume)
        deliverer.start()
        yield
        feed.close()
        await asyncio.to_thread(deliverer.stop)
        if service.awards is not None:
            service.awards.close()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening

    app = FastAPI(
        title="Zegel",
        version=__version__,
        description=_ABOUT,
        lifespan=running,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        # What every call may answer.
        responses=documented(413, 422, 429, 503),
    )
    app.state.service = service
    app.state.feed = feed
    handle_problems(app)
    for router, kind in _ROUTERS:
        app.include_router(router, dependencies=[_limited(kind)] if kind else [])
    serve_pages(app, pages.page)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(service.settings.allowed_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["content-type"],
        max_age=600,
    )
    app.add_middleware(
        Guard,
        limits=service.settings.limits,
        metrics=service.metrics,
        is_secure=service.settings.is_secure,
    )
    return app
