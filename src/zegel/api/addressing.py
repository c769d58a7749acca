"""Where webhooks may go: to public addresses, that are looked up once and connected to as found.

Whoever names a URL must not make the server knock on doors behind its own firewall. So a name is
looked up here, all its addresses must be public, and the connection goes to one of them and to
nothing that the name may mean a moment later. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from urllib.parse import SplitResult, urlsplit

from zegel.errors import ConfigError, ZegelError

_LONGEST = 2_000
_SECONDS = 10.0
# However slowly somebody takes it, byte by byte.
SECONDS_IN_ALL = 20
_MOST_READ = 4_096
_PORTS = {"https": 443, "http": 80}


class NotDelivered(ZegelError):  # noqa: N818 -- as the others of its tree
    """Nobody took it: it is tried again later."""


def check_url(url: str, *, private: bool) -> SplitResult:
    """The parts of a URL that webhooks may have; raises `ConfigError`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"url: {url[:80]!r} is none ({error}): mend it") from None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not is_plain or len(url) > _LONGEST or not parts.hostname or port == 0:
        raise ConfigError(f"url: {url[:80]!r} is none: write it like https://shop.example/hook")
    if parts.scheme not in _PORTS or (parts.scheme == "http" and not private):
        raise ConfigError(f"url: {url[:80]!r} is not secure: write one with https")
    if parts.username or parts.password or parts.fragment:
        raise ConfigError("url: names a user or a fragment: leave them out")
    return parts


def addresses_of(host: str, port: int, *, private: bool) -> list[str]:
    """The addresses of a host; raises `NotDelivered` if one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotDelivered(f"{host} is not found ({error}): mend the name") from None
    addresses = [str(place[0]) for *_, place in found]
    for address in addresses:
        if not private and not is_public(address):
            raise NotDelivered(f"{host} is {address}, which is not public: name another host")
    return addresses


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, also one inside another one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner: ipaddress.IPv4Address | None = None
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if inner is not None and not inner.is_global:
        return False
    return (found.is_global and not found.is_multicast and not found.is_reserved) or (
        inner is not None and inner.is_global
    )


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> None:
    """Posts a body; raises `NotDelivered` unless the answer is one of success."""
    parts = check_url(url, private=private)
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    address = addresses_of(host, port, private=private)[0]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with (
            closing(_connection(parts.scheme, host, port, address)) as connection,
            _cut_off(connection.sock),
        ):
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            answer.read(_MOST_READ)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(f"{host} did not answer: {type(error).__name__} {error}") from None
    if not 200 <= answer.status < 300:
        raise NotDelivered(f"{host} answered {answer.status}: answer 200 to 299")


@contextmanager
def _cut_off(connected: socket.socket) -> Iterator[None]:
    """Ends a connection that takes too long; each of its steps alone may be in time."""

    def cut() -> None:
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(SECONDS_IN_ALL, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection to one address, under the name that was asked for."""
    if scheme == "http":
        plain = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        plain.sock = socket.create_connection((address, port), _SECONDS)
        return plain
    context = ssl.create_default_context()
    secure = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    raw = socket.create_connection((address, port), _SECONDS)
    secure.sock = context.wrap_socket(raw, server_hostname=host)
    return secure
