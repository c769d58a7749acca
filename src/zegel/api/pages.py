"""The wallet, the till page and the console: files as they were built, for all other addresses."""

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from zegel import pages
from zegel.errors import ConfigError
from zegel.web.problems import Problem

router = APIRouter(include_in_schema=False)


@router.get("/{path:path}")
def page(path: str, request: Request) -> Response:
    """A file, or the page behind a door."""
    file = _found(f"/{path}")
    if file is not None:
        return FileResponse(file, headers=pages.headers_of(file))
    if f"/{path}".rstrip("/") in (door.rstrip("/") for door in pages.DOORS):
        try:
            pages.check_built()
        except ConfigError:
            return PlainTextResponse("The pages are not built: run `make build`, then reload.\n")
    raise Problem(404, "not-found", f"nothing is at {request.url.path}")


def _found(path: str) -> Path | None:
    try:
        return pages.find(path)
    except (OSError, ValueError):
        # What no file can be called.
        return None
