"""The proof that a browser obeys the read-only guard.

What a browser's documentation promises is not taken on trust: a page on loopback tries every known way to write, also
while it is being left, closed and shut down, and only what its server has seen counts.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from playwright.sync_api import Error, Page

from .guard_rules import STRANGER
from .proof_server import Loopback, serve

# Seconds. All ways are tried at once and are over in about one; this only bounds a way that hangs.
_PATIENCE: Final = 5.0
_PATIENT_TRIES: Final = 10
_INTERRUPTED: Final = "interrupted by another navigation"
# Seconds. What was sent on the way out is on loopback within milliseconds; a slow machine gets a multiple of that.
_AFTERMATH: Final = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to write. `everywhere` is false where a browser may lack it without being a stranger to us."""

    name: str
    everywhere: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one browser did: the ways it has, those that reached the server, and whether reading still works."""

    leaked: tuple[str, ...]
    tried: tuple[str, ...]
    reads_work: bool

    @property
    def untried(self) -> tuple[str, ...]:
        """The ways that every browser has and that were not tried here: a proof with a gap proves nothing."""
        return tuple(way.name for way in WAYS if way.everywhere and way.name not in self.tried)

    @property
    def ok(self) -> bool:
        """Whether this browser may be trusted: all was tried, nothing got through, and pages can still be read."""
        return self.reads_work and not self.leaked and not self.untried


# What the page does at a word; the names are the keys of `ways` in proof_page/ways.js.
_AT_ONCE: Final = (
    Way(name="fetch POST"),
    Way(name="fetch PUT"),
    Way(name="fetch PATCH"),
    Way(name="fetch patch in lower case"),
    Way(name="fetch DELETE"),
    Way(name="fetch PROPFIND"),
    Way(name="fetch QUERY"),
    Way(name="fetch of a method nobody knows"),
    Way(name="fetch POST to another origin"),
    Way(name="fetch POST with keepalive"),
    Way(name="fetch POST, redirected"),
    Way(name="XHR POST"),
    Way(name="XHR POST, synchronous"),
    Way(name="XHR PROPFIND"),
    Way(name="beacon"),
    Way(name="fetchLater", everywhere=False),
    Way(name="form in an iframe"),
    Way(name="form into an iframe"),
    Way(name="form in a popup"),
    Way(name="form into a new tab"),
    Way(name="dedicated worker, fetch"),
    Way(name="dedicated worker, XHR"),
    Way(name="dedicated worker, WebSocket"),
    Way(name="blob worker, fetch"),
    Way(name="blob worker, WebSocket"),
    Way(name="data worker, fetch"),
    Way(name="worker in a worker, fetch"),
    Way(name="shared worker, fetch", everywhere=False),  # the guard's switches take shared workers away
    Way(name="shared worker, WebSocket", everywhere=False),
    Way(name="service worker, fetch"),
    Way(name="service worker, WebSocket"),
    Way(name="service worker, background sync", everywhere=False),
    Way(name="background fetch", everywhere=False),
    Way(name="WebSocket"),
    Way(name="WebSocketStream", everywhere=False),
    Way(name="WebTransport", everywhere=False),
    Way(name="WebRTC", everywhere=False),
    Way(name="frame from text, fetch"),
    Way(name="frame in a sandbox, fetch"),
    Way(name="frame from data, fetch"),
    Way(name="frame from a blob, fetch"),
    Way(name="link with ping"),
    Way(name="download with ping"),
    Way(name="form posted for a download"),
    Way(name="CSP report-uri"),
    Way(name="login by FedCM", everywhere=False),  # the guard's switches take it away
)
# Reads from a host that is not the site's; the last halves are the keys of `abroad` in proof_page/abroad.js. Not tried
# where a visit has no hosts, or where the machine has no second address on loopback (macOS).
_ABROAD: Final = tuple(
    Way(name=f"another host, {means}", everywhere=False)
    for means in (
        "fetch", "fetch, redirected", "EventSource", "worker", "script of a worker", "service worker", "image", "style sheet",
        "font", "script", "module", "video", "frame", "frame, redirected", "object", "icon", "manifest", "prefetch", "form",
        "link with ping",
    )
)  # fmt: skip
# On a page of their own: a popup that comes from elsewhere holds up the other ways, and only a page in front gets
# anything ahead.
_ABROAD_IN_FRONT: Final = tuple(
    Way(name=f"another host, {means}", everywhere=False)
    for means in ("prefetch by rule", "page rendered ahead", "popup")
)
_FORM: Final = Way(name="form in the page itself")
# What a page still sends as it goes; the first halves are the keys of `farewells` in proof_page/ways.js.
_FAREWELLS: Final = tuple(
    Way(name=f"{farewell}, {occasion}", everywhere=farewell != "fetchLater")
    for farewell, occasion in product(
        ("beacon", "fetch with keepalive", "fetchLater"),
        ("frame removed", "page left", "tab closed", "browser closed"),
    )
)
WAYS: Final[tuple[Way, ...]] = (*_AT_ONCE, *_ABROAD, *_ABROAD_IN_FRONT, _FORM, *_FAREWELLS)


def prove(open_page: Callable[[], Page], *, close: Callable[[], None], hosts: Sequence[str] = ()) -> Proof:
    """Try every way to write in a browser and say which ones got through.

    1. a page tries all ways it has, then the reads that must go on working;
    2. pages say farewell: with a removed frame, a navigation, a closed tab, and with the whole browser;
    3. what the server has seen by then is the proof.

    `open_page` opens a new page in the browser to be judged (``context.new_page``), `close` ends that browser
    (``context.close``) and is called exactly once, whatever happens. Use a profile made for the proof and thrown away:
    its pages leave a service worker behind. Playwright's errors pass through: a browser that fell over proved nothing.
    With the `hosts` that the extension was written with, no other host may be reached either, by whatever means.
    """
    with serve(stranger=STRANGER if hosts and STRANGER not in hosts else None) as server:
        try:
            tried, reads_work = _try_everything(open_page, server)
        finally:
            close()
        time.sleep(_AFTERMATH)
        leaked = server.writes()
    order = [way.name for way in WAYS]
    strangers = sorted(leaked.difference(order))
    return Proof(
        leaked=(*(name for name in order if name in leaked), *strangers),
        tried=tuple(name for name in order if name in tried),
        reads_work=reads_work,
    )


def canary(page: Page, *, timeout: float = 2.0) -> bool:
    """Return whether the guard is at work in this page's browser; on anything but True the visit must not go on.

    On a page on loopback a POST and a WebSocket must be stopped while a GET goes through. A browser just started gets
    up to `timeout` seconds for its rules to come into force. The page is left where it is: the visit's first navigation
    replaces it. Playwright's errors pass through.
    """
    with serve() as server:
        page.goto(f"{server.address}/canary.html")
        attempt: int = page.evaluate("patience => canary(patience)", timeout * 1000)
        # The page's own word is not enough: a request may fail for its sender and yet have arrived.
        return attempt > 0 and server.writes().isdisjoint(
            {f"canary {attempt}", f"canary {attempt} by socket"}
        )


def _try_everything(open_page: Callable[[], Page], server: Loopback) -> tuple[set[str], bool]:
    """Drive all ways up to the browser's end, which is the caller's; return what was tried and whether reads work."""
    proof_page = f"{server.address}/proof.html"
    page = open_page()
    page.goto(proof_page)
    tried = _drive(page, (*_AT_ONCE, *_ABROAD), server)
    broken: list[str] = page.evaluate("other => brokenReads(other)", server.other_address)

    tried.update(page.evaluate("removeFrame('frame removed')"))

    tried.update(page.evaluate("prepare('page left')"))
    page.evaluate("name => submit(document, writeTo(name))", _FORM.name)
    tried.add(_FORM.name)
    # A posted form that is answered with nothing, or stopped, leaves the page in place or on an error page.
    page.wait_for_timeout(100)
    _go_back_to(page, proof_page)

    tab = open_page()
    tab.goto(proof_page)
    if server.stranger_address:
        tried |= _drive(tab, _ABROAD_IN_FRONT, server)
    tried.update(tab.evaluate("prepare('tab closed')"))
    tab.close()

    tried.update(page.evaluate("prepare('browser closed')"))
    return tried, not broken


def _go_back_to(page: Page, address: str) -> None:
    """Load an address, however late the browser is with the error page of what was stopped."""
    for attempt in range(_PATIENT_TRIES):
        try:
            page.goto(address)
        except Error as error:
            if _INTERRUPTED not in error.message or attempt == _PATIENT_TRIES - 1:
                raise
            page.wait_for_timeout(100)
        else:
            return


def _drive(page: Page, ways: Sequence[Way], server: Loopback) -> set[str]:
    """Let the page try these ways at once, and return the names of those that it has."""
    world = {"ports": server.ports, "stranger": server.stranger_address}
    outcomes: dict[str, str] = page.evaluate(
        "([names, world, patience]) => drive(names, world, patience)",
        [[way.name for way in ways], world, _PATIENCE * 1000],
    )
    return {name for name, outcome in outcomes.items() if outcome != "absent"}
