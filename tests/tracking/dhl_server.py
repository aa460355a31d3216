"""A server on loopback that answers like DHL's, and bodies for it; numbers, places and times are invented."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

NUMBER = "00340434999000011126"
KEY = "erfundener-Schluessel-4711"


def event(timestamp: str | None, words: str, **more: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"statusCode": "transit", "status": "NB", "description": words, **more}
    return entry if timestamp is None else {"timestamp": timestamp, **entry}


ANNOUNCED = event(
    "2026-11-20T18:02:00",
    "Die Sendung wurde elektronisch angekündigt.",
    statusCode="pre-transit",
    status="VA",
)
HANDED_IN = event(
    "2026-11-21T10:15:00", "Die Sendung wurde vom Absender in der Filiale eingeliefert.", status="ES"
)
LOADED = event("2026-11-23T08:41:00", "Die Sendung wurde in das Zustellfahrzeug geladen.", status="PO")


def shipment(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One parcel; events as DHL lists them, the newest first."""
    told = list(events or (LOADED, HANDED_IN, ANNOUNCED))
    return {
        "id": NUMBER,
        "service": "parcel-de",
        "origin": {"address": {"countryCode": "DE"}},
        "destination": {"address": {"countryCode": "DE"}},
        "status": told[0],
        "details": {"product": {"productName": "DHL Paket"}},
        "events": told,
        **more,
    }


def body(*shipments: dict[str, Any]) -> bytes:
    return json.dumps({"shipments": list(shipments or (shipment(),))}).encode()


@dataclass
class Request:
    target: str
    headers: Mapping[str, str]


@dataclass
class Dhl:
    """What the next question is answered with, and what was asked."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = field(default_factory=body)
    asked: list[Request] = field(default_factory=list)
    seconds_per_byte: float = 0.0
    closing: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, status: int, content: bytes = b"", **headers: str) -> "Dhl":
        self.status, self.content = status, content
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self


@contextmanager
def dhl() -> Iterator[Dhl]:
    ours = Dhl()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ours.asked.append(
                Request(self.path, {name.lower(): value for name, value in self.headers.items()})
            )
            self.send_response(ours.status)
            for name, value in ours.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(ours.content)))
            self.end_headers()
            try:
                self._send()
            except OSError:
                pass  # whoever asked has left

        def _send(self) -> None:
            if not ours.seconds_per_byte:
                self.wfile.write(ours.content)
                return
            for byte in ours.content:
                if ours.closing.wait(ours.seconds_per_byte):
                    return
                self.wfile.write(bytes([byte]))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ours.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield ours
    finally:
        ours.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
