"""The pages of the wallet, the till and the console, as the build leaves them in the package."""

from collections.abc import Mapping
from pathlib import Path

from zegel.errors import ConfigError

FOLDER = Path(__file__).parent / "static"

# The doors, and the page behind each.
DOORS: Mapping[str, str] = {
    "/": "index.html",
    "/till": "till.html",
    "/console": "console.html",
}

# Members may name a node of their own, so pages may ask any that has https, or runs at home.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; "
        "connect-src 'self' https: http://127.0.0.1:* http://localhost:*; "
        "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


def check_built() -> None:
    """Raises if the pages were not built."""
    if not (FOLDER / DOORS["/"]).is_file():
        raise ConfigError(f"{FOLDER} has no pages: run `make build`")


def find(path: str) -> Path | None:
    """The file that answers a request for a path; nothing outside the folder ever does."""
    name = DOORS.get(path.rstrip("/") or "/", path.lstrip("/"))
    try:
        file = (FOLDER / name).resolve()
        is_inside = file.is_relative_to(FOLDER.resolve())
        return file if is_inside and file.suffix in _TYPES and file.is_file() else None
    except (OSError, ValueError):
        # What no file can be called.
        return None


def headers_of(file: Path) -> dict[str, str]:
    """What is said about a file: names in `assets` bear a hash, so browsers may keep them."""
    lasting = file.parent.name == "assets"
    return {
        **HEADERS,
        "Content-Type": _TYPES[file.suffix],
        "Cache-Control": _FOR_EVER if lasting else _ASK_FIRST,
    }
