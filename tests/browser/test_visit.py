"""A visit's captures: each shows its own page, or nothing."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.picture import USUAL_VIEWPORT
from watcher.browser.recorder import Recorder
from watcher.browser.visit import BrowserVisit

pytestmark = pytest.mark.browser
SITE = "http://site.example"
BOX = """<span id='user-email'>angemeldet als: x</span>
<div data-testid='conversation-wrapper'><ul class='MessageList'><li>Hallo</li></ul></div>"""
LYING = """<!-- before --><script>
XMLSerializer.prototype.serializeToString = () => 'made up';
Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'made up'});
Object.defineProperty(Document.prototype, 'documentElement', {get: () => null});
</script>"""
ASKS = f"<script>fetch('{SITE}/messagebox/api/users/1/conversations/answered').then(came => came.text())</script>"


@pytest.fixture
def visit(chromium: Browser, tmp_path: Path) -> Iterator[BrowserVisit]:
    """A visit to a site of which two conversations come, one with its data, and no other ever answers."""

    def answer(route: Route) -> None:
        if "/conversations/" in route.request.url:
            route.fulfill(json={"messages": []})
        elif "lying" in route.request.url:
            route.fulfill(content_type="text/html", body=f"<!doctype html>{LYING}{BOX}{ASKS}")
        elif "comes" in route.request.url:
            route.fulfill(content_type="text/html", body=BOX)
        elif "answered" in route.request.url:
            route.fulfill(content_type="text/html", body=BOX + ASKS)

    page = chromium.new_page(viewport=USUAL_VIEWPORT)
    page.route(f"{SITE}/**", answer)
    yield BrowserVisit(
        account="main",
        settings=BrowserSettings(base_url=SITE, storage=tmp_path, settle_seconds=3),
        page=page,
        recorder=Recorder(page),
        clock=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        new_id=lambda: "capture-1",
        deadline=time.monotonic() + 60,
        browser="a browser",
    )
    page.unroute_all(behavior="ignoreErrors")
    page.close()


def test_a_page_that_never_comes_is_not_pictured_by_the_one_before_it(visit: BrowserVisit) -> None:
    came = visit.details(visit.open_thread("comes"))
    assert (came.failure, bool(came.screenshot), bool(came.preview)) == (None, True, True)
    stalled = visit.open_thread("stalls")
    assert stalled.failure is not None
    assert (stalled.screenshot, stalled.html, stalled.bodies) == (b"", "", ())
    assert visit.details(stalled) == stalled


def test_a_page_at_which_the_parser_breaks_down_is_captured_all_the_same(
    visit: BrowserVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = []

    def breaks_down(markup: str) -> None:
        met.append(markup)
        raise AssertionError("a bug in the parser")

    monkeypatch.setattr("watcher.browser.visit.parse_ahead", breaks_down)
    # Whatever keeps the data from coming, they come while the page still has to stand still: only then is anything parsed ahead.
    monkeypatch.setattr("watcher.browser.rest.STEADY", 2.0)
    visit.settings = replace(visit.settings, settle_seconds=30)
    came = visit.open_thread("answered")
    assert met
    assert (came.failure, came.settled, "Hallo" in came.html) == (None, True, True)


def test_the_markup_is_written_out_by_the_browser_whatever_a_page_says_of_itself(visit: BrowserVisit) -> None:
    came = visit.open_thread("lying")
    begin, rest = "<!DOCTYPE html>", visit.page.content()
    assert rest.startswith(begin)
    assert came.html == f"{begin}<!-- before -->{rest.removeprefix(begin)}", (
        "a comment before it all is kept as well"
    )
    assert "Hallo" in came.html


def test_without_a_line_of_our_own_the_markup_is_asked_for_another_way(
    visit: BrowserVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BrowserVisit, "_line", lambda _self: None)
    assert "Hallo" in visit.open_thread("answered").html


def test_a_visit_that_has_lasted_too_long_says_so(visit: BrowserVisit) -> None:
    assert visit.has_time()
    visit.deadline = time.monotonic()
    assert not visit.has_time()
