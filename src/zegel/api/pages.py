"""The wallet, the till page and the console: files as they were built, for all other addresses."""

from starlette.responses import FileResponse, PlainTextResponse, Response

from zegel import pages
from zegel.errors import ConfigError


def page(path: str) -> Response | None:
    """A file, or the page behind a door."""
    file = pages.find(path)
    if file is not None:
        return FileResponse(file, headers=pages.headers_of(file))
    if path.rstrip("/") in (door.rstrip("/") for door in pages.DOORS):
        try:
            pages.check_built()
        except ConfigError:
            return PlainTextResponse("The pages are not built: run `make build`, then reload.\n")
    return None
