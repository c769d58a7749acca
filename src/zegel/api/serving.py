"""Serves the API at an address until it is told to stop."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from zegel.api.app import create_app
from zegel.api.guarding import JsonLines
from zegel.api.service import Service
from zegel.errors import ConfigError

# Those who listen to events would listen for ever.
_SECONDS_TO_STOP = 2
_SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Address:
    """Where it is served. `proxies` may say for whom they ask (X-Forwarded-For)."""

    host: str = "127.0.0.1"
    port: int = 8080
    proxies: str = "127.0.0.1"

    @property
    def origin(self) -> str:
        """How browsers of this machine name it. Passkeys need a name, not a number."""
        name = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::1") else self.host
        return f"http://{name}:{self.port}"

    @property
    def other_origins(self) -> tuple[str, ...]:
        return (f"http://127.0.0.1:{self.port}",) if "localhost" in self.origin else ()


def serve(
    service: Service,
    address: Address,
    *,
    log: Path | None = None,
    ready: Callable[[], None] = lambda: None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Serves until SIGINT or SIGTERM; `check` is called now and then, and ends it by raising."""
    _log_to(log)
    config = uvicorn.Config(
        create_app(service),
        host=address.host,
        port=address.port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=address.proxies,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
    )
    server = _Server(config, ready)
    with _looking(server, check) as trouble:
        try:
            server.run()
        except SystemExit:
            raise ConfigError(
                f"{address.host}:{address.port} is taken: name another --port"
            ) from None
        except KeyboardInterrupt:
            # It has stopped in order, and repeats what stopped it.
            pass
    if trouble:
        raise trouble[0]


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._ready()


@contextmanager
def _looking(server: _Server, check: Callable[[], None]) -> Iterator[list[Exception]]:
    """Looks now and then whether all else still runs; what does not is in the list."""
    trouble: list[Exception] = []
    stopped = threading.Event()

    def look() -> None:
        while not stopped.wait(_SECONDS_BETWEEN_LOOKS):
            try:
                check()
            except Exception as error:
                trouble.append(error)
                server.should_exit = True
                return

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    try:
        yield trouble
    finally:
        stopped.set()
        looker.join()


def _log_to(path: Path | None) -> None:
    """One JSON object a line: to a file, or to the standard error."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.StreamHandler(sys.stderr) if path is None else logging.FileHandler(path)
    handler.setFormatter(JsonLines())
    for name in ("zegel", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)
    # They would tell every request once more.
    logging.getLogger("uvicorn.access").disabled = True
