"""Counts and times of requests, in the text that Prometheus reads."""

import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# A route and its method; its status comes along where it counts.
Route = tuple[str, str]


@dataclass
class Metrics:
    """Threads share it."""

    _requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    _buckets: dict[Route, list[int]] = field(default_factory=dict)
    _seconds: Counter[Route] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = method, route
        with self._lock:
            self._requests[method, route, status] += 1
            buckets = self._buckets.setdefault(key, [0] * (len(_BOUNDS) + 1))
            buckets[bisect_left(_BOUNDS, seconds)] += 1
            # Counters hold any number.
            self._seconds[key] += seconds  # type: ignore[assignment]

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """All of it; `gauges` are numbers of this moment, by name, with what they say."""
        lines = [
            "# HELP zegel_requests_total Requests answered.",
            _type("requests_total", "counter"),
        ]
        with self._lock:
            for (method, route, status), count in sorted(self._requests.items()):
                labels = f'method="{method}",route="{route}",status="{status}"'
                lines.append(f"zegel_requests_total{{{labels}}} {count}")
            lines += [
                "# HELP zegel_request_seconds Time until a request was answered.",
                _type("request_seconds", "histogram"),
            ]
            for (method, route), buckets in sorted(self._buckets.items()):
                labels = f'method="{method}",route="{route}"'
                lines += _histogram(labels, buckets, self._seconds[method, route])
        for name, (says, value) in gauges.items():
            lines += [f"# HELP zegel_{name} {says}", _type(name, "gauge"), f"zegel_{name} {value}"]
        return "\n".join(lines) + "\n"


def _type(name: str, kind: str) -> str:
    return f"# TYPE zegel_{name} {kind}"


def _histogram(labels: str, buckets: list[int], seconds: float) -> list[str]:
    lines, total = [], 0
    for bound, count in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
        total += count
        lines.append(f'zegel_request_seconds_bucket{{{labels},le="{bound}"}} {total}')
    lines.append(f"zegel_request_seconds_sum{{{labels}}} {seconds:.6f}")
    lines.append(f"zegel_request_seconds_count{{{labels}}} {total}")
    return lines
