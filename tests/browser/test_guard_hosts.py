"""A visit stays on the site: nothing is loaded from other hosts, and the site does not look around on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from playwright.sync_api import Error

from tests.browser.guarded import CHROMIUM, SWITCHES, guarded, serving, until
from tests.support.every import every
from watcher.browser.guard import IGNORED_DEFAULT_ARGUMENTS, launch_arguments, write_extension
from watcher.browser.guard_rules import site_hosts
from watcher.browser.proof import WAYS, canary, prove
from watcher.browser.recorder import Recorder
from watcher.pages.addresses import origin_of, place_of


@every(
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
        (("https://shop.co.uk", "https://gateway.co.uk"), ("shop.co.uk", "gateway.co.uk")),
        (("http://[::1]:8000", "WWW.Other.example"), ("[::1]", "other.example")),
        (("https://www.münchen.example", "https://[broken", "x" * 64), ("xn--mnchen-3ya.example",)),
    ],
)
def test_a_sites_hosts_are_what_lies_under_its_name(addresses, hosts):
    assert site_hosts(*addresses) == hosts


@every(
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
        until(page, lambda: recorder.foreign["http://127.0.0.2"] >= 4)
        page.wait_for_timeout(300)
        assert seen == []
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
            until(page, lambda: seen)
            page.wait_for_timeout(200)
    assert seen == ["GET /style.css"]


@pytest.mark.browser
@pytest.mark.slow
def test_the_proof_tries_other_hosts_too_and_holds_with_a_sites_own(playwright, tmp_path):
    hosts = ("kleinanzeigen.de",)
    extension = write_extension(tmp_path / "guard", hosts=hosts)
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=CHROMIUM,
        headless=True,
        args=[*SWITCHES, *launch_arguments(extension, hosts=hosts)],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
    )
    proof = prove(context.new_page, close=context.close, hosts=hosts)
    assert proof.ok, proof
    abroad = {way.name for way in WAYS if way.name.startswith("another host")}
    assert len(abroad) > 20
    assert abroad <= set(proof.tried)


@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_that_loads_from_other_hosts_is_found_out(playwright, tmp_path):
    """The rules for writes are there, the rule for hosts is not."""
    extension = write_extension(tmp_path / "guard")
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=CHROMIUM,
        headless=True,
        args=[*SWITCHES, *launch_arguments(extension)],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
    )
    proof = prove(context.new_page, close=context.close, hosts=("kleinanzeigen.de",))
    assert not proof.ok
    assert {"another host, fetch", "another host, image", "another host, popup"} <= set(proof.leaked)
    assert all(name.startswith("another host") for name in proof.leaked)


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
            args=[*SWITCHES, *launch_arguments(extension, proxy=proxy, hosts=("site.example",))],
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
