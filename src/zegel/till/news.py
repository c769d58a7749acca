"""Tells pages and cash registers at once what the till writes down, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson

from zegel.till.queue import Record

# Whoever has not read so many is not listening.
_MOST = 1_000

# Seconds after which an idle reader is told that the till is there.
_IDLE = 15.0


@dataclass(frozen=True)
class _Reader:
    loop: asyncio.AbstractEventLoop
    waiting: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(_MOST))

    def put(self, event: str) -> None:
        if not self.waiting.full():
            self.waiting.put_nowait(event)


@dataclass
class News:
    """What happens, for everyone who reads. Any thread may tell."""

    _readers: list[_Reader] = field(default_factory=list)

    def tell(self, record: Record) -> None:
        event = _event(record)
        for reader in list(self._readers):
            try:
                reader.loop.call_soon_threadsafe(reader.put, event)
            except RuntimeError:
                # Its loop has ended, and it with it.
                self._readers.remove(reader)

    async def read(self) -> AsyncIterator[str]:
        """Everything from now on, as text of a `text/event-stream`."""
        reader = _Reader(asyncio.get_running_loop())
        self._readers.append(reader)
        try:
            yield ": the till is here\n\n"
            while not reader.waiting.full():
                try:
                    yield await asyncio.wait_for(reader.waiting.get(), _IDLE)
                except asyncio.TimeoutError:
                    yield ": the till is here\n\n"
        finally:
            if reader in self._readers:
                self._readers.remove(reader)


def _event(record: Record) -> str:
    """Which sale has become what; whoever wants to know more asks."""
    told = {"record": record.number, "at": record.at, "kind": record.kind}
    if "serial" in record.values:
        told["serial"] = record.values["serial"]
    kind = "sale" if "serial" in told else "till"
    return f"id: {record.number}\nevent: {kind}\ndata: {orjson.dumps(told).decode()}\n\n"
