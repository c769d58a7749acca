"""How much one caller's address may ask: buckets that fill again, in this process's memory.

Each process counts for itself. Callers behind one address share it; name the proxy in front by
uvicorn's `--forwarded-allow-ips`, or all callers have the proxy's.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request

from zegel.api.settings import Limits
from zegel.web.problems import Problem

# Whoever has not asked for longest is forgotten, and begins with a full bucket.
_CALLERS = 20_000


@dataclass
class Buckets:
    """One bucket a caller: `rate` tokens a second, at most `most`."""

    rate: float
    most: int
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str, count: int = 1) -> float:
        """Takes tokens; the seconds until there will be enough, or 0 if there were."""
        now = self.clock()
        with self._lock:
            left, since = self._known.pop(caller, (float(self.most), now))
            left = min(self.most, left + (now - since) * self.rate)
            missing = min(count, self.most) - left
            self._known[caller] = (left if missing > 0 else left - count, now)
            if len(self._known) > _CALLERS:
                self._known.popitem(last=False)
        return missing / self.rate if missing > 0 else 0.0


@dataclass
class Limiter:
    """The buckets of each kind of call."""

    kinds: dict[str, Buckets]

    @classmethod
    def of(cls, limits: Limits) -> "Limiter":
        return cls(
            {
                "reads": Buckets(limits.reads, limits.reads_at_once),
                "rpc": Buckets(limits.rpc, limits.rpc_at_once),
                "writes": Buckets(limits.writes, limits.writes_at_once),
            }
        )

    def check(self, kind: str, caller: str, count: int = 1) -> None:
        """Raises a problem for a caller that asks too much."""
        seconds = self.kinds[kind].take(caller, count)
        if seconds:
            wait = math.ceil(seconds)
            raise Problem(
                429,
                "too-many-requests",
                f"too many requests of {caller}: wait {wait} s, and ask for more at once",
                {"Retry-After": str(wait)},
            )


def caller_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"
