"""How the API is served. Nothing here is a secret."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from zegel.errors import ConfigError

_PLAIN = frozenset({"http", "https"})


@dataclass(frozen=True)
class Limits:
    """What one caller's address may ask: so much a second, and so much at once.

    A batch of JSON-RPC counts as what is in it. `body` is the most bytes of a request, `files` that
    of an award file.
    """

    reads: float = 50
    reads_at_once: int = 200
    rpc: float = 200
    rpc_at_once: int = 1_000
    writes: float = 10
    writes_at_once: int = 60
    streams: int = 20
    body: int = 256 * 1024
    files: int = 16 * 1024 * 1024


_ANY = 10**9
# Bodies have their bounds all the same.
UNLIMITED = Limits(_ANY, _ANY, _ANY, _ANY, _ANY, _ANY, _ANY)


@dataclass(frozen=True)
class Settings:
    """`origin` is where people reach the API, as their browsers name it: signing in is bound to it.

    Pages of `allowed_origins` may call the API too; `other_origins` are names of the same place.
    `rpc` is a node that browsers may ask themselves; without one they ask through `/rpc`. Requests
    for webhooks go to private addresses only if `private_webhooks` says so. A `demo` also signs by
    the accounts of a local chain, which everyone knows.
    """

    origin: str = "http://localhost:8080"
    other_origins: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    rpc: str = "/rpc"
    explorer: str | None = None
    network_name: str = ""
    private_webhooks: bool = False
    demo: bool = False
    limits: Limits = Limits()
    # Seconds.
    session: int = 12 * 3600
    node_answer: float = 10.0

    def __post_init__(self) -> None:
        for origin in (self.origin, *self.other_origins, *self.allowed_origins):
            parts = urlsplit(origin)
            is_bare = not (parts.path or parts.query or parts.fragment)
            if parts.scheme not in _PLAIN or not parts.hostname or not is_bare:
                raise ConfigError(
                    f"origin: {origin!r} is none: write it like https://points.example"
                )

    @property
    def own_origins(self) -> tuple[str, ...]:
        return (self.origin, *self.other_origins)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that a message for signing in may name (ERC-4361)."""
        return tuple(urlsplit(origin).netloc for origin in self.own_origins)

    @property
    def is_secure(self) -> bool:
        return self.origin.startswith("https:")
