"""The pictures of the demo's programs: small PNGs, drawn here, that fit into a contract's storage.

Each is a stamp: a coloured disc with a perforated edge and a sign on it. Pixels are indices into a
palette of four colours, so that zlib leaves a few hundred bytes of them.
"""

import json
import math
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from typing import NamedTuple

_SIZE = 96
_HALF = _SIZE / 2

Colour = tuple[int, int, int]
# Whether a point is on the sign; from -1 to 1 in both directions, downwards.
Sign = Callable[[float, float], bool]


class Emblem(NamedTuple):
    """What a program shows, and says of itself."""

    ground: Colour
    accent: Colour
    sign: Sign
    says: str


def _record(x: float, y: float) -> bool:
    r = math.hypot(x, y)
    return 0.12 < r < 0.22 or 0.30 < r < 0.62


def _plane(x: float, y: float) -> bool:
    body = abs(x) < 0.09 and -0.62 < y < 0.55
    wings = -0.2 < y - 0.5 * abs(x) < 0.06 and abs(x) < 0.68
    tail = 0.34 < y - 0.4 * abs(x) < 0.5 and abs(x) < 0.3
    return body or wings or tail


def _drop(x: float, y: float) -> bool:
    bulb = math.hypot(x, y - 0.2) < 0.4
    return bulb or (-0.65 < y <= 0.1 and abs(x) < 0.46 * (y + 0.65) / 0.75)


def _star(x: float, y: float) -> bool:
    angle = math.atan2(x, -y)
    arm = math.pi / 5
    folded = abs((angle + arm) % (2 * arm) - arm)
    return math.hypot(x, y) * math.cos(folded - 2 * arm * 0.86) < 0.27


EMBLEMS = {
    "CDNOW": Emblem((196, 54, 43), (255, 244, 230), _record, "A point for every dollar of music."),
    "MILES": Emblem((23, 84, 140), (238, 246, 255), _plane, "Fly, and fly again."),
    "FUEL": Emblem((24, 121, 78), (240, 255, 246), _drop, "Kilometers that come back."),
    "STAFF": Emblem((108, 59, 140), (250, 241, 255), _star, "Thanks, in points."),
}


def contract_uri(name: str, emblem: Emblem) -> str:
    """What a program says of itself (ERC-7572), with its picture in it."""
    told = {"name": name, "description": emblem.says, "image": _uri("image/png", png(emblem))}
    return _uri("application/json", json.dumps(told).encode())


def png(emblem: Emblem) -> bytes:
    """The picture."""
    rows = b"".join(b"\0" + bytes(_index(emblem, x, y) for x in range(_SIZE)) for y in range(_SIZE))
    palette = bytes((0, 0, 0)) + bytes(emblem.ground) + bytes(emblem.accent)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            # The first colour is none.
            _chunk(b"tRNS", b"\0"),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _index(emblem: Emblem, column: int, row: int) -> int:
    x, y = (column + 0.5 - _HALF) / _HALF, (row + 0.5 - _HALF) / _HALF
    # A stamp's edge: bites all around it.
    edge = 0.95 + 0.04 * math.cos(24 * math.atan2(y, x))
    if math.hypot(x, y) > edge:
        return 0
    return 2 if emblem.sign(x, y) else 1


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{b64encode(data).decode()}"
