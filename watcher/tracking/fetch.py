"""One GET, with an end: nothing that the other side does makes it longer, larger or lead elsewhere.

Redirects are answers like any other; a key is never carried to another address. The proxies of the environment are
not used.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from threading import Event, Timer
from typing import Final, Self
from urllib.parse import urlsplit

from watcher.texts.fill import one_line

LIMIT: Final = 1_000_000
"""How many bytes of a body are read."""
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server is spoken to."""

    host: str
    port: int
    is_secure: bool

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the parts of an address.

        Raises:
            ValueError: it is none, it holds more than scheme, host and port, or it lies elsewhere and has no https.
        """
        parts = urlsplit(url)
        rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
        if parts.scheme not in _PORTS or not parts.hostname or rest or not url.isascii() or " " in url:
            raise ValueError(f"no bare address: {url!r}")
        if parts.scheme == "http" and not _is_on_this_machine(parts.hostname):
            raise ValueError(f"an address without https is only good for this very machine: {url!r}")
        port = parts.port or _PORTS[parts.scheme]
        return cls(host=parts.hostname, port=port, is_secure=parts.scheme == "https")

    @property
    def named(self) -> str:
        """The host as the header `Host` names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.is_secure else "http"] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes = field(repr=False)
    """At most `LIMIT` bytes of it."""
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """No answer, or the beginning of one."""

    reason: str


def fetch(address: Address, target: str, *, headers: Mapping[str, str], timeout: float) -> Reply | NoReply:
    """Ask once. What goes wrong on the way is a value; takes `timeout` seconds at most once the line is up.

    Args:
        address: the server.
        target: path and query, encoded.
        headers: what is sent along; names and values of printable ASCII.
        timeout: seconds.
    """
    late = Event()
    try:
        with _line(address, timeout) as line, _cut_after(timeout, line, late):
            reply = _spoken(line, address, target, headers)
    except ssl.SSLError as error:
        return _late(timeout) if late.is_set() else NoReply(reason=f"TLS: {error.reason or error}")
    except (OSError, HTTPException, ValueError) as error:
        too_late = late.is_set() or isinstance(error, TimeoutError)
        return _late(timeout) if too_late else NoReply(reason=_shown(error))
    # A line that was cut may look like a body that ended.
    return _late(timeout) if late.is_set() else reply


def _spoken(
    line: socket.socket, address: Address, target: str, headers: Mapping[str, str]
) -> Reply | NoReply:
    connection = HTTPConnection(address.host, address.port)
    connection.sock = line
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
    connection.request("GET", target, headers={"Host": address.named, **headers})
    with connection.getresponse() as response:
        body = response.read(LIMIT + 1)
        if len(body) <= LIMIT and response.length:
            return NoReply(reason="the line broke in the middle of the answer")
        return Reply(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=body[:LIMIT],
            is_whole=len(body) <= LIMIT,
        )


@contextmanager
def _line(address: Address, timeout: float) -> Iterator[socket.socket]:
    with socket.create_connection((address.host, address.port), timeout=timeout) as line:
        if not address.is_secure:
            yield line
            return
        trust = ssl.create_default_context()
        # The handshake comes later, once something watches over how long it takes.
        with trust.wrap_socket(line, server_hostname=address.host, do_handshake_on_connect=False) as secret:
            yield secret


@contextmanager
def _cut_after(seconds: float, line: socket.socket, late: Event) -> Iterator[None]:
    """Cut the line when the time is over: the library's own timeout starts anew with every byte."""

    def cut() -> None:
        late.set()
        try:
            # Not the TLS line's own method: that one forgets the encryption first.
            socket.socket.shutdown(line, socket.SHUT_RDWR)
        except OSError:
            pass  # it was closed already

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _late(timeout: float) -> NoReply:
    return NoReply(reason=f"no answer within {timeout:g} s")


def _shown(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return one_line(said or str(error) or type(error).__name__, limit=200)


def _is_on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
