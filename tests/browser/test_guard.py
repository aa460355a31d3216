"""The guard in a real Chromium: nothing that writes gets out, and the proof can tell."""

import statistics
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browser.guarded import CHROMIUM, SWITCHES
from watcher.browser.guard import IGNORED_DEFAULT_ARGUMENTS, launch_arguments, write_extension
from watcher.browser.proof import WAYS, canary, prove
from watcher.browser.proof_server import serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chromium-browser on the PATH"),
]

# Cannot be relied on without the guard either (Chromium 156): a background fetch may begin only after the proof is over,
# and a browser that ends now and then takes its last words with it.
UNRELIABLE = {"background fetch"} | {way.name for way in WAYS if way.name.endswith("browser closed")}


@contextmanager
def browser(playwright, profile, *, extension=None):
    """A persistent context on the profile, guarded by the extension if there is one."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        headless=True,
        args=[*SWITCHES, *(launch_arguments(extension) if extension else [])],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS) if extension else None,
    )
    try:
        yield context
    finally:
        context.close()


def write(page, method, address):
    """Whether the page thinks that its write went through."""
    return page.evaluate(
        "([method, address]) => fetch(address, { method, body: 'write' }).then(() => true, () => false)",
        [method, address],
    )


@pytest.fixture
def extension(tmp_path) -> Path:
    return write_extension(tmp_path / "guard")


def test_no_way_to_write_gets_out_of_a_guarded_browser_and_reading_goes_on(playwright, tmp_path, extension):
    begun = time.perf_counter()
    for attempt in range(3):  # a busy machine may leave a way untried; a leak is final
        with browser(playwright, tmp_path / f"profile-{attempt}", extension=extension) as context:
            proof = prove(context.new_page, close=context.close)
        assert proof.leaked == ()
        if proof.ok:
            break
    print(f"prove: {time.perf_counter() - begun:.2f} s, {len(proof.tried)} of {len(WAYS)} ways")
    assert proof.reads_work
    assert proof.untried == ()
    assert proof.ok


def test_without_the_guard_the_same_ways_do_get_out_and_the_proof_says_so(playwright, tmp_path):
    with browser(playwright, tmp_path / "profile") as context:
        proof = prove(context.new_page, close=context.close, hosts=("127.0.0.1",))
    assert not proof.ok
    assert proof.reads_work
    assert {way.name for way in WAYS} - UNRELIABLE <= set(proof.leaked)
    assert set(proof.leaked) <= {way.name for way in WAYS}, "no write that we cannot name"


def test_the_browser_is_ended_exactly_once_when_a_proof_fails_halfway():
    closings = []

    def open_page():
        raise Error("the browser fell over")

    with pytest.raises(Error, match="fell over"):
        prove(open_page, close=lambda: closings.append("closed"))
    assert closings == ["closed"]


def test_the_cache_stays_on_so_two_pages_fetch_a_script_once(playwright, tmp_path, extension):
    with serve() as server, browser(playwright, tmp_path / "profile", extension=extension) as context:
        for _ in range(2):
            context.new_page().goto(f"{server.address}/proof.html")
        assert server.reads("/ways.js") == 1


def test_an_exception_lets_one_method_at_one_address_through_and_nothing_else(playwright, tmp_path):
    with serve() as server:
        extension = write_extension(tmp_path / "guard", allow=[f"PUT {server.address}/write/named"])
        with browser(playwright, tmp_path / "profile", extension=extension) as context:
            page = context.pages[0]
            page.goto(f"{server.address}/empty.html")
            for method, address in (
                ("POST", "/write/named"),
                ("PUT", "/write/named/deeper"),
                ("PUT", "/write/named-alike"),
                ("PUT", "/write/Named"),
                ("PUT", "/write/name"),
                ("PUT", "/write/other?/write/named"),
                ("PUT", f"{server.other_address}/write/named"),
            ):
                assert not write(page, method, address), (method, address)
            assert server.writes() == frozenset()
            assert write(page, "PUT", "/write/named")
            assert write(page, "PUT", "/write/named?query=goes-along")
            assert server.writes() == {"named"}
            assert not write(page, "PUT", "/write/named?to=/write/beyond"), (
                "redirected to where nobody let it"
            )
            assert server.writes() == {"named"}


def test_an_exception_without_a_method_holds_for_all_methods_and_ends_with_the_next_start(
    playwright, tmp_path
):
    with serve() as server:
        address = f"{server.address}/write/named"
        for allow, expected in (((), False), ((address,), True), ((), False)):
            extension = write_extension(tmp_path / "guard", allow=allow)
            with browser(playwright, tmp_path / "profile", extension=extension) as context:
                page = context.pages[0]
                page.goto(f"{server.address}/empty.html")
                assert [write(page, method, address) for method in ("POST", "PUT", "DELETE")] == [
                    expected
                ] * 3


def test_the_canary_sings_in_a_guarded_browser_from_the_first_navigation_on(playwright, tmp_path, extension):
    with browser(playwright, tmp_path / "profile", extension=extension) as context:
        seconds = []
        for _ in range(7):
            begun = time.perf_counter()
            assert canary(context.pages[0])
            seconds.append(time.perf_counter() - begun)
    print(f"canary: first {seconds[0] * 1000:.0f} ms, median {statistics.median(seconds) * 1000:.0f} ms")


def test_the_canary_falls_silent_without_the_guard(playwright, tmp_path):
    with browser(playwright, tmp_path / "profile") as context:
        assert not canary(context.pages[0], timeout=0.1)


def test_the_canary_falls_silent_when_the_extension_has_no_rules(playwright, tmp_path, extension):
    (extension / "rules.json").write_text("[]\n")
    with browser(playwright, tmp_path / "profile", extension=extension) as context:
        assert not canary(context.pages[0], timeout=0.1)


def test_the_canary_falls_silent_in_a_private_context_where_no_extension_works(playwright, extension):
    launched = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[*SWITCHES, *launch_arguments(extension)],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
    )
    try:
        assert not canary(launched.new_page(), timeout=0.1)
    finally:
        launched.close()
