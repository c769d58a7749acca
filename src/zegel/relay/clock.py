"""What time it is on the chain, without asking for every message."""

import threading
import time

from zegel.chain.connection import Connection
from zegel.chain.node import Node

# How long an answer is good, in seconds.
_KEPT = 0.5


class ChainClock:
    """The time of the block that comes next, in Unix seconds."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._node = Node(connection.url)
        self._lock = threading.Lock()
        self._asked, self._told = float("-inf"), 0

    def moment(self) -> int:
        with self._lock:
            if time.monotonic() - self._asked > _KEPT:
                self._told, self._asked = self._ask(), time.monotonic()
            return self._told

    def _ask(self) -> int:
        # A local chain may have a time of its own, and makes no block while nothing happens.
        if self._connection.is_development:
            asked = [("eth_getBlockByNumber", [name, False]) for name in ("latest", "pending")]
            latest, pending = self._node.ask_all(asked)
            return max(_time(latest) + 1, _time(pending) if pending else 0)
        return max(_time(self._node.ask("eth_getBlockByNumber", "latest", False)) + 1, _now())


def _time(block: dict[str, str]) -> int:
    return int(block["timestamp"], 16)


def _now() -> int:
    return int(time.time())
