"""Servers in the tests' own process: the API at a real address, and somebody who takes webhooks."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import orjson
import uvicorn
from fastapi import FastAPI

_SECONDS = 20.0


def free_port() -> int:
    """A port that nobody listens at, for a process that is told where to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    """While a service answers at a socket."""
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    end = time.monotonic() + _SECONDS
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def at_an_address(app: FastAPI, port: int = 0) -> Iterator[str]:
    """A service on a free port, or on this one."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with serving(app, listener):
            yield url


class Stream:
    """Server-sent events, one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()

    def next(self, name: str) -> tuple[str, Any]:
        """The id and the data of the next event of a name; others are passed over."""
        event: dict[str, str] = {}
        for line in self._lines:
            if line:
                field, _, value = line.partition(": ")
                event[field] = value
            elif event.get("event") == name:
                return event["id"], orjson.loads(event["data"])
            else:
                event = {}
        raise AssertionError(f"the stream ended before {name}")


@contextmanager
def listening(url: str, member: str, last: str | None = None) -> Iterator[Stream]:
    headers = {} if last is None else {"last-event-id": last}
    with (
        httpx.Client(base_url=url, timeout=_SECONDS) as client,
        client.stream("GET", "/v1/events", params={"member": member}, headers=headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer)


class Taker:
    """Takes webhooks, and answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.taken: list[tuple[dict[str, str], bytes]] = []
        taker = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                taker.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(taker.status)
                if taker.status == 302:
                    self.send_header("location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?from=zegel"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
