"""Bytes as text for a QR code: what it is, and capitals and digits, for which such a code has room.

    ZEGELPAY:AAAAAAAAPJUQ...

The last four bytes are a checksum of the others, so that text which was cut or mistyped is told
from text of somebody else.
"""

import base64
import binascii

from eth_utils.crypto import keccak

_CHECKSUM = 4
_GROUP = 8

_SPOILT = "was cut or mistyped"


def compact(kind: str, content: bytes) -> str:
    return f"{kind}:{_encoded(content + _checksum(kind, content))}"


def expand(kind: str, text: str) -> bytes:
    """The content of a text of some kind; raises `ValueError`, with the reason."""
    found, mark, digits = text.strip().upper().partition(":")
    if not mark or found != kind:
        raise ValueError(f"begins with {text.strip()[:12]!r}, not with {kind + ':'!r}")
    try:
        whole = base64.b32decode(digits + "=" * (-len(digits) % _GROUP))
    except binascii.Error:
        raise ValueError(_SPOILT) from None
    content, checksum = whole[:-_CHECKSUM], whole[-_CHECKSUM:]
    # Of the last digit not all bits count, so that others would mean the same.
    if checksum != _checksum(kind, content) or digits != _encoded(whole):
        raise ValueError(_SPOILT)
    return content


def _encoded(whole: bytes) -> str:
    return base64.b32encode(whole).decode().rstrip("=")


def _checksum(kind: str, content: bytes) -> bytes:
    return keccak(kind.encode() + content)[:_CHECKSUM]
