"""Runs the till's service: the queue is opened, the service listens, the rounds are made."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import uvicorn

from zegel.errors import ConfigError
from zegel.files import replace_text
from zegel.till.counter import Counter
from zegel.till.guarding import token_in
from zegel.till.rounds import Rounds
from zegel.till.service import create_service

SERVICE = "service.json"
_LOOPBACK = "127.0.0.1"

# How long streams are waited for at the end.
_SECONDS_TO_END = 2


def serve(
    counter: Counter,
    rounds: Rounds,
    port: int,
    origins: tuple[str, ...] = (),
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves until it is stopped. With port 0 the system chooses one.

    Where it listens stands in the till's folder meanwhile.
    """
    folder = counter.till.queue.path.parent
    app = create_service(counter, token_in(folder), origins)
    with _listening(port) as listener:
        url = f"http://{_LOOPBACK}:{listener.getsockname()[1]}"
        replace_text(folder / SERVICE, orjson.dumps({"url": url}).decode() + "\n")
        rounds.start()
        try:
            on_ready(url)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_SECONDS_TO_END,
            )
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            rounds.stop()
            (folder / SERVICE).unlink(missing_ok=True)


def page_of(folder: Path) -> str:
    """The link to the till page of the service that runs, with the token behind the #, which
    browsers keep to themselves."""
    try:
        url = orjson.loads((folder / SERVICE).read_bytes())["url"]
    except (OSError, ValueError, KeyError):
        raise ConfigError(f"no service runs in {folder}: start it by `zegel till run`") from None
    return f"{url}/till#token={token_in(folder)}"


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_LOOPBACK, port))
        # Whoever reads where it listens may come before the service takes its first call.
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"port {port} cannot be had ({error.strerror}): choose another by --port"
        ) from None
    with listener:
        yield listener
