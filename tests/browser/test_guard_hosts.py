"""A visit stays on the site: nothing is loaded from other hosts, and the site does not look around on this machine."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from playwright.sync_api import Error

from watcher.browser.guard import IGNORED_DEFAULT_ARGUMENTS, launch_arguments, write_extension
from watcher.browser.guard_rules import site_hosts
from watcher.browser.proof import canary, prove
from watcher.browser.recorder import OTHERS, Recorder
from watcher.pages.addresses import origin_of, place_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_SANDBOX = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


@pytest.mark.parametrize(
    ("addresses", "hosts"),
    [
        (("https://www.kleinanzeigen.de", "https://gateway.kleinanzeigen.de"), ("kleinanzeigen.de",)),
        (
            ("https://kleinanzeigen.de", "https://gateway.other.example"),
            ("kleinanzeigen.de", "gateway.other.example"),
        ),
        (("http://127.0.0.1:8000", "http://127.0.0.1:8001"), ("127.0.0.1",)),
        (("http://127.0.0.1:8000", "http://localhost:8001"), ("127.0.0.1", "localhost")),
        (
            ("https://www.a.example", "https://a.example", "static.b.example"),
            ("a.example", "static.b.example"),
        ),
        (("https://nota.example", "https://a.example"), ("nota.example", "a.example")),
    ],
)
def test_a_sites_hosts_are_what_lies_under_its_name(addresses, hosts):
    assert site_hosts(*addresses) == hosts


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://gateway.example/messagebox/api/users/4815/conversations/read?ids=a:b", "https://gateway.example/messagebox/api/users/…/conversations/read"),
        ("https://a.example/x/5p123:456/y#z", "https://a.example/x/…/y"),
        ("https://a.example/erika%40mail.example", "https://a.example/…"),
        ("https://user:secret@a.example:8443/p", "https://a.example/p"),
        ("https://a.example/" + "x" * 41, "https://a.example/…"),
        ("https://[broken/x", "?"),
        ("data:text/plain,erika", "data://"),
    ],
)  # fmt: skip
def test_what_was_stopped_is_named_without_what_may_name_a_person(url, place):
    assert place_of(url) == place
    assert "secret" not in origin_of(url)


@contextmanager
def serving(host: str, pages: dict[str, str], port: int = 0) -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that notes what reaches it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.command} {self.path}")
            kind = "text/javascript" if self.path.endswith(".js") else "text/html"
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def guarded(playwright, folder, *, hosts, allow=(), more=()):
    extension = write_extension(folder / "guard", hosts=hosts, allow=allow)
    context = playwright.chromium.launch_persistent_context(
        folder / "profile",
        executable_path=CHROMIUM,
        headless=True,
        args=[*NO_SANDBOX, *launch_arguments(extension), *more],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
    )
    try:
        page = context.pages[0]
        assert canary(page, timeout=5)
        yield context, page
    finally:
        context.close()


def everything_from(foreign: str) -> str:
    """A page that loads from another host whatever a page can load, and reads from its own."""
    return f"""<!doctype html><title>site</title>
<link rel="stylesheet" href="{foreign}/style.css"><link rel="prefetch" href="{foreign}/prefetch">
<link rel="preconnect" href="{foreign}"><link rel="dns-prefetch" href="{foreign}">
<script src="{foreign}/script.js"></script><img src="{foreign}/image.svg"><iframe src="{foreign}/frame"></iframe>
<script type="speculationrules">{{"prerender":[{{"urls":["{foreign}/prerender"]}}]}}</script>
<a id="away" href="{foreign}/away">away</a>
<script>
const to = {foreign!r};
fetch(to + "/fetch").catch(() => 0);
navigator.sendBeacon(to + "/beacon", "x");
const worker = new Worker(URL.createObjectURL(new Blob([`fetch("${{to}}/worker").catch(() => 0)`])));
new EventSource(to + "/events");
fetch("/own").then(answer => answer.text()).then(text => document.title = "own " + text);
</script>"""


@pytest.mark.browser
def test_nothing_is_loaded_from_another_host_and_the_page_works(playwright, tmp_path):
    with (
        serving("127.0.0.2", {}) as (foreign, seen),
        serving("127.0.0.1", {"/": everything_from(foreign), "/own": "works"}) as (site, _),
        guarded(playwright, tmp_path, hosts=("127.0.0.1",)) as (_context, page),
    ):
        recorder = Recorder(page)
        page.goto(site)
        page.wait_for_function("document.title === 'own works'")
        page.wait_for_timeout(300)
        assert seen == []
        assert recorder.foreign["http://127.0.0.2"] >= 4
        with pytest.raises(Error):
            page.goto(f"{foreign}/away")
        assert seen == []


@pytest.mark.browser
def test_without_the_rule_the_same_page_loads_all_of_it(playwright, tmp_path):
    with (
        serving("127.0.0.2", {}) as (foreign, seen),
        serving("127.0.0.1", {"/": everything_from(foreign), "/own": "works"}) as (site, _),
        guarded(playwright, tmp_path, hosts=()) as (_context, page),
    ):
        page.goto(site)
        page.wait_for_function("document.title === 'own works'")
        wanted = {"/style.css", "/script.js", "/image.svg", "/frame", "/fetch", "/worker", "/events"}
        paths: set[str] = set()
        for _ in range(100):
            paths = {entry.split()[1] for entry in seen}
            if wanted <= paths:
                break
            page.wait_for_timeout(50)
        assert wanted <= paths
        assert "/beacon" not in paths


@pytest.mark.browser
def test_one_address_of_another_host_can_be_let_through(playwright, tmp_path):
    with (
        serving("127.0.0.2", {}) as (foreign, seen),
        serving("127.0.0.1", {"/": everything_from(foreign), "/own": "works"}) as (site, _),
    ):
        allow = (f"GET {foreign}/style.css",)
        with guarded(playwright, tmp_path, hosts=("127.0.0.1",), allow=allow) as (_context, page):
            page.goto(site)
            page.wait_for_function("document.title === 'own works'")
            page.wait_for_timeout(200)
    assert seen == ["GET /style.css"]


@pytest.mark.browser
def test_a_page_of_the_site_does_not_look_around_on_this_machine(playwright, tmp_path):
    with (
        serving("127.0.0.1", {}) as (machine, seen),
        serving("127.0.0.1", {"/": everything_from(machine), "/own": "works"}) as (site, _),
    ):
        named = site.replace("127.0.0.1", "www.site.example")
        resolver = ["--host-resolver-rules=MAP *.site.example 127.0.0.1"]
        with guarded(playwright, tmp_path, hosts=("site.example",), more=resolver) as (_context, page):
            page.goto(named)
            page.wait_for_function("document.title === 'own works'")
            page.wait_for_timeout(300)
    assert seen == []


@pytest.mark.browser
@pytest.mark.slow
def test_the_proof_holds_with_a_sites_hosts_as_well(playwright, tmp_path):
    extension = write_extension(tmp_path / "guard", hosts=("kleinanzeigen.de",))
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=CHROMIUM,
        headless=True,
        args=[*NO_SANDBOX, *launch_arguments(extension)],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
    )
    proof = prove(context.new_page, close=context.close)
    assert proof.ok, proof


@pytest.mark.browser
def test_a_page_cannot_fill_the_books_with_made_up_addresses(playwright, tmp_path):
    flood = "<script>for (let n = 0; n < 120; n++) fetch('/' + 'abcdefghij'[n % 10] + 'xyz'.repeat(n / 10), {method: 'POST'}).catch(() => 0)</script>"
    with (
        serving("127.0.0.1", {"/": flood}) as (site, seen),
        guarded(playwright, tmp_path, hosts=("127.0.0.1",)) as (_context, page),
    ):
        recorder = Recorder(page)
        page.goto(site)
        page.wait_for_timeout(400)
        assert len(recorder.stopped) <= 51
        assert recorder.stopped[OTHERS] > 0
        assert sum(recorder.stopped.values()) == recorder.blocked == 120
        assert not [entry for entry in seen if entry.startswith("POST")]


@contextmanager
def a_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that notes what it is asked for, and refuses."""
    asked: list[str] = []

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline().decode(errors="replace").strip()
            if line:
                asked.append(line)
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.browser
def test_behind_a_proxy_the_canary_sings_and_only_the_site_is_asked_for(playwright, tmp_path):
    """Chromium calls its maker soon after its start: with a proxy that would be seen here."""
    with a_proxy() as (proxy, asked):
        extension = write_extension(tmp_path / "guard", hosts=("site.example",))
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            headless=True,
            args=[*NO_SANDBOX, *launch_arguments(extension, proxy=proxy, hosts=("site.example",))],
            ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
        )
        try:
            page = context.pages[0]
            assert canary(page, timeout=5)
            with pytest.raises(Error):  # the proxy refuses, as it does everybody
                page.goto("http://www.site.example/")
            page.wait_for_timeout(3000)
        finally:
            context.close()
    assert asked
    assert all("site.example" in line for line in asked), asked
