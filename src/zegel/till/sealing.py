"""Lines of JSON that end with the hash of all that stands before it, so that no byte of them can
change unseen."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

_MARK = b',"hash":"'
_END = b'"}'
_DIGITS = 64
_TAIL = len(_MARK) + _DIGITS + len(_END)


def seal(values: Mapping[str, Any]) -> bytes:
    """A line of JSON, without a line break."""
    body = orjson.dumps(values)[:-1]
    return body + _MARK + sha256(body).hexdigest().encode() + _END


def seal_of(line: bytes) -> str:
    """The hash at the end of a sealed line."""
    return line[-len(_END) - _DIGITS : -len(_END)].decode()


def unseal(line: bytes) -> dict[str, Any]:
    """What `seal` was given; raises `ValueError` if the line is not as it was written."""
    body = line[:-_TAIL]
    if line != body + _MARK + sha256(body).hexdigest().encode() + _END:
        raise ValueError("does not match its hash")
    values = orjson.loads(line)
    if not isinstance(values, dict):
        raise ValueError("is no record")
    del values["hash"]
    return values
