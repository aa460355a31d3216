"""One request to a web server, with an end: nothing the other side does makes it longer, larger or lead elsewhere.

A redirect is an answer like any other: nothing is sent to where nobody has allowed it. The proxies of the environment are
not used.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, IncompleteRead
from pathlib import Path
from threading import Event, Timer
from typing import Final, Self
from urllib.parse import urlsplit

REPLY_LIMIT: Final = 1_000_000
"""How many bytes of an answer are read."""
_PORTS: Final = {"https": 443, "http": 80}


class NotHttpError(OSError):
    """What came back is no answer of a web server."""


class BadAuthoritiesError(OSError):
    """The file of certificate authorities is missing or is not one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServer:
    """Where a web server is spoken to.

    Attributes:
        timeout: Seconds to wait for the connection, and then for the whole exchange.
        ca_file: Trust only the certificate authorities in this PEM file; None: those of the system.
    """

    host: str
    port: int
    is_secure: bool
    timeout: float
    ca_file: Path | None

    @classmethod
    def of(cls, url: str, *, timeout: float, ca_file: Path | None) -> Self:
        """The server of an address that begins with http:// or https://.

        Raises:
            ValueError: It is no such address, or it holds a name and a password.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or not url.isascii() or not url.isprintable():
            raise ValueError("no address of the web")
        if " " in url or "@" in parts.netloc:
            raise ValueError("a name or a password in an address")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            is_secure=parts.scheme == "https",
            timeout=timeout,
            ca_file=ca_file,
        )

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.is_secure else "http"] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered.

    Attributes:
        headers: By their names in lower case.
        body: At most `REPLY_LIMIT` bytes of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether it is one of 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004  RFC 9110, 15.3

    @property
    def is_redirect(self) -> bool:
        """Whether it points elsewhere."""
        return self.status // 100 == 3  # noqa: PLR2004  RFC 9110, 15.4


def exchange(
    server: WebServer, method: str, target: str, *, headers: Mapping[str, str], body: bytes = b""
) -> Reply:
    """Ask once and return the answer, whatever it is.

    Args:
        server: Whom.
        method: Such as POST.
        target: Path and query, encoded.
        headers: Sent along; names and values of printable ASCII.
        body: Sent along.

    Raises:
        OSError: No whole answer came. `TimeoutError`: in time; `ssl.SSLError`: no encryption;
            `BadAuthoritiesError`, `NotHttpError`: what their names say.
    """
    trust = _trust(server)
    late = Event()
    try:
        with _line(server, trust) as line, _cut_after(server.timeout, line, late):
            reply = _spoken(line, server, method, target, headers=headers, body=body)
    except OSError as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    except HTTPException as error:
        if late.is_set():
            raise TimeoutError from error
        if isinstance(error, IncompleteRead):
            raise ConnectionResetError("the answer broke off") from error
        raise NotHttpError(str(error) or type(error).__name__) from error
    if late.is_set():
        raise TimeoutError  # a line that was cut may look like a body that ended
    return reply


def _trust(server: WebServer) -> ssl.SSLContext | None:
    if not server.is_secure:
        return None
    try:
        return ssl.create_default_context(cafile=None if server.ca_file is None else str(server.ca_file))
    except OSError as error:  # an SSLError is one, too
        raise BadAuthoritiesError(error.errno, error.strerror or str(error)) from error


def _spoken(
    line: socket.socket,
    server: WebServer,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
) -> Reply:
    connection = HTTPConnection(server.host, server.port)
    connection.sock = line
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
    try:
        connection.request(method, target, body=body, headers={"Host": str(server), **headers})
    except (BrokenPipeError, ConnectionResetError):
        pass  # hung up in the middle of our words; it may have said why
    with connection.getresponse() as response:
        content = response.read(REPLY_LIMIT + 1)
        if len(content) <= REPLY_LIMIT and response.length:
            raise IncompleteRead(content, response.length)
        return Reply(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=content[:REPLY_LIMIT],
        )


@contextmanager
def _line(server: WebServer, trust: ssl.SSLContext | None) -> Iterator[socket.socket]:
    with socket.create_connection((server.host, server.port), timeout=server.timeout) as line:
        if trust is None:
            yield line
            return
        # The handshake comes later, once something watches over how long it takes.
        with trust.wrap_socket(line, server_hostname=server.host, do_handshake_on_connect=False) as secret:
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
