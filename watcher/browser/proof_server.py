"""The loopback server of the proof: serves the proof page and notes every write that reaches it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_PAGES: Final = Path(__file__).with_name("proof_page")
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_LOGIN: Final = "/.well-known/web-identity"
# Preconnected sockets say nothing; they must not hold a thread for longer than this, in seconds.
_SILENCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Loopback:
    """A running proof server: its origins, its datagram ports and what arrived so far."""

    address: str
    other_address: str
    stranger_address: str
    """Where everything that arrives counts as a write; empty where there is none."""
    ports: dict[str, int]
    _books: "_Books"
    _datagrams: dict[str, socket.socket]

    def writes(self) -> frozenset[str]:
        """Return the names of the ways that reached the server; a write of unknown origin is named by its request."""
        arrived = {name for name, port in self._datagrams.items() if _anything(port)}
        with self._books.lock:
            self._books.writes |= arrived
            return frozenset(self._books.writes)

    def reads(self, path: str) -> int:
        """Return how often this path (without query) was read."""
        with self._books.lock:
            return self._books.reads.get(path, 0)


@contextmanager
def serve(*, stranger: str | None = None) -> Iterator[Loopback]:
    """Run the server on free loopback ports; every socket and thread is gone afterwards.

    `stranger` is a further loopback address that nothing may be read from; a machine without it has no stranger.
    """
    books = _Books()
    with ExitStack() as stack:
        datagrams = {}
        for name in ("WebTransport", "WebRTC"):
            datagrams[name] = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            datagrams[name].bind(("127.0.0.1", 0))
            datagrams[name].setblocking(False)
        port = stack.enter_context(_running("127.0.0.1", books))
        stranger_port = None
        if stranger is not None:
            with suppress(OSError):  # macOS has 127.0.0.1 alone
                stranger_port = stack.enter_context(_running(stranger, books, may_be_read=False))
        yield Loopback(
            address=f"http://127.0.0.1:{port}",
            other_address=f"http://localhost:{port}",
            stranger_address=f"http://{stranger}:{stranger_port}" if stranger_port else "",
            ports={name: port.getsockname()[1] for name, port in datagrams.items()},
            _books=books,
            _datagrams=datagrams,
        )


@contextmanager
def _running(host: str, books: "_Books", *, may_be_read: bool = True) -> Iterator[int]:
    with closing(_Server((host, 0), books, may_be_read=may_be_read)) as server:
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="proof-server"
        )
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@dataclass(slots=True, kw_only=True)
class _Books:
    """What was counted; the one thing that the server's threads share."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    writes: set[str] = field(default_factory=set)
    reads: dict[str, int] = field(default_factory=dict)


class _Server(ThreadingHTTPServer):
    """A threading server that closes with its connections instead of waiting for them."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], books: _Books, *, may_be_read: bool) -> None:
        self.books, self.may_be_read = books, may_be_read
        self.open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, client = super().get_request()
        self.open.add(connection)
        return connection, client

    def shutdown_request(self, request: "socket.socket | tuple[bytes, socket.socket]") -> None:
        super().shutdown_request(request)
        self.open.discard(request)

    def close(self) -> None:
        """Hang up on everybody, then wait for the threads."""
        for connection in tuple(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # it went by itself
                continue
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that hangs up halfway is a browser that is being closed."""


class _Handler(BaseHTTPRequestHandler):
    """Answers like a small site; the books come from the server it belongs to."""

    # One request per connection: nothing lingers between ways, and closing is quick.
    protocol_version = "HTTP/1.0"
    timeout = _SILENCE
    server: _Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Take every method that is no read for a write, whatever it is called."""
        if name.startswith("do_"):
            return self.take_write
        raise AttributeError(name)

    def do_GET(self) -> None:
        path, query = self.parts()
        if "upgrade" in self.headers or not self.server.may_be_read or path.startswith("/.well-known/"):
            self.take_write()
            return
        with self.server.books.lock:
            self.server.books.reads[path] = self.server.books.reads.get(path, 0) + 1
        if "to" in query and path == "/redirect":
            self.answer(302, {"Location": query["to"]})
        elif "report" in query:
            policy = f"img-src 'none'; report-uri {query['report']}"
            self.answer(
                200, {"Content-Type": _TYPES[".html"], "Content-Security-Policy": policy}, b"<img src=x>"
            )
        else:
            self.answer_with_file(path)

    do_HEAD = do_GET  # noqa: N815  the name is http.server's

    def do_OPTIONS(self) -> None:
        allow = {"Access-Control-Allow-Headers": "authorization", "Access-Control-Allow-Methods": "*"}
        self.answer(204, allow)

    def take_write(self) -> None:
        path, query = self.parts()
        # A write to the redirecting page counts for the way it stands for, before it goes anywhere; a browser that asks
        # who may log in is about to post.
        target = {"/redirect": urlsplit(query.get("to", path)).path, _LOGIN: "/write/login by FedCM"}.get(
            path, path
        )
        way = (
            unquote(target.removeprefix("/write/"))
            if target.startswith("/write/")
            else f"{self.command} {path}"
        )
        with self.server.books.lock:
            self.server.books.writes.add(way)
        self.answer(307 if "to" in query else 204, {"Location": query["to"]} if "to" in query else {})

    def parts(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

    def answer_with_file(self, path: str) -> None:
        # Served by name from one folder: no path of the request is ever joined to it.
        files = {f"/{file.name}": file for file in _PAGES.iterdir() if file.suffix in _TYPES}
        if path not in files:
            self.answer(404, {})
            return
        headers = {"Content-Type": _TYPES[files[path].suffix], "Cache-Control": "max-age=600"}
        self.answer(200, headers, files[path].read_bytes())

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**headers, "Access-Control-Allow-Origin": "*"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Say nothing: the books are the log."""


def _anything(port: socket.socket) -> bool:
    try:
        return bool(port.recv(65536))
    except BlockingIOError:
        return False
