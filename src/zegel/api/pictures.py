"""What programs say of themselves (ERC-7572): a description, a picture, a link.

Only data: URIs are read here. Whatever stands elsewhere is the wallet's to fetch, or not: a server
that fetches what issuers name can be made to knock on any door. Of pictures the first bytes must be
those of their type; SVG is refused, since it can carry a program.
"""

import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

LONGEST_URI = 512 * 1024
LARGEST_PICTURE = 256 * 1024
LONGEST_TEXT = 500
LONGEST_LINK = 2_000

_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+)?((?:;[a-z-]+=[\w.+-]+)*)(;base64)?,", re.I)
_MAGIC = {
    "image/png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "image/webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
}


@dataclass(frozen=True)
class About:
    """What may be shown; `image` is a data: URI or an https address, and safe to put into `src`."""

    image: str | None = None
    description: str | None = None
    link: str | None = None


NOTHING = About()


def about(uri: str) -> About:
    """What a contract's URI says, as far as it can be read without asking anyone."""
    found = _decoded(uri)
    if found is None or found[0] not in ("application/json", "text/plain"):
        return NOTHING
    try:
        told = orjson.loads(found[1])
    except orjson.JSONDecodeError:
        return NOTHING
    if not isinstance(told, dict):
        return NOTHING
    return About(_picture(told.get("image")), _text(told.get("description")), _link(told))


def _picture(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if _is_address(value):
        return value
    found = _decoded(value)
    if found is None:
        return None
    kind, data = found
    is_known = kind in _MAGIC and _MAGIC[kind](data)
    return value if is_known and len(data) <= LARGEST_PICTURE else None


def _link(told: dict[str, Any]) -> str | None:
    link = told.get("external_link")
    return link if isinstance(link, str) and _is_address(link) else None


def _is_address(text: str) -> bool:
    is_plain = text.isascii() and text.isprintable() and " " not in text
    return text.startswith("https://") and len(text) <= LONGEST_LINK and is_plain


def _text(value: Any) -> str | None:
    return value[:LONGEST_TEXT] if isinstance(value, str) and value.strip() else None


def _decoded(uri: str) -> tuple[str, bytes] | None:
    """The media type and the bytes of a data: URI; None if it is none that can be read."""
    match = _DATA.match(uri) if len(uri) <= LONGEST_URI else None
    if match is None:
        return None
    kind, rest = (match[1] or "text/plain").lower(), uri[match.end() :]
    try:
        raw = unquote_to_bytes(rest)
        return kind, b64decode(raw, validate=True) if match[3] else raw
    except (Error, ValueError):
        return None
