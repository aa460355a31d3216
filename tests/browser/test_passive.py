"""The human browses, the program records: what the human opens of the message box, and nothing else."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Planting, Shop, five_orders
from tests.browser.guarded import until
from watcher.app.understanding import understand
from watcher.browser import tab
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.passive import accompany
from watcher.browser.profile import profile_of
from watcher.domain import text_map
from watcher.domain.capture import Capture, PageKind, Role
from watcher.domain.outcome import Outcome
from watcher.domain.picture_size import size_of
from watcher.errors import BrowserError, BusyError
from watcher.pages import mhtml
from watcher.pages.addresses import is_thread_answer, is_worth_keeping

pytestmark = pytest.mark.browser
PATIENCE = 30
Condition = Callable[[], object]
Script = Callable[[BrowserContext, list[Capture]], Iterator[Condition]]
Accompanied = Callable[..., list[Capture]]


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(five_orders(datetime.now(UTC))) as running:
        running.delay = 0.01
        yield running


class Human:
    """Does what a script says: it acts, gives a condition, and goes on once that is met. Then it closes the window."""

    def __init__(self, steps: Callable[[BrowserContext], Iterator[Condition]]) -> None:
        self._steps = steps
        self._running: Iterator[Condition] | None = None
        self._awaited: Condition = lambda: True
        self._since = time.monotonic()

    def __call__(self, context: BrowserContext) -> None:
        if self._running is None:
            self._running = self._steps(context)
        if not self._awaited():
            assert time.monotonic() - self._since < PATIENCE, "what the human waits for never comes"
            return
        self._since = time.monotonic()
        self._awaited = next(self._running, context.close)


def a_while(seconds: float) -> Condition:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def calm(shop: Shop, seconds: float = 1) -> Condition:
    """Once nothing has been asked of the shop for a while."""
    seen, since = -1, time.monotonic()

    def is_calm() -> bool:
        nonlocal seen, since
        if len(shop.requests) != seen:
            seen, since = len(shop.requests), time.monotonic()
        return time.monotonic() - since >= seconds

    return is_calm


def settings_of(shop: Shop, storage: Path, browser: Path | None, **more: Any) -> BrowserSettings:
    return BrowserSettings(
        base_url=shop.base_url,
        gateway_url=shop.gateway_url,
        storage=storage,
        executable=browser,
        **{"settle_seconds": 8, **more},
    )


@pytest.fixture
def accompanied(playwright: Playwright, a_browser: Path, tmp_path: Path, shop: Shop) -> Accompanied:
    def run(script: Script, *, logged_in: bool = True, **more: Any) -> list[Capture]:
        captures: list[Capture] = []
        ids = itertools.count(1)

        def steps(context: BrowserContext) -> Iterator[Condition]:
            if logged_in:
                context.add_cookies(shop.login_cookies())
            yield from script(context, captures)

        accompany(
            "main",
            settings=settings_of(shop, tmp_path / "data", a_browser, **more),
            on_capture=captures.append,
            clock=lambda: datetime.now(UTC),
            new_id=lambda: f"c{next(ids)}",
            language="de",
            visible=False,
            playwright=playwright,
            human=Human(steps),
        )
        return captures

    return run


def box(shop: Shop, deal: str | None = None) -> str:
    query = f"?conversationId={shop.deal(deal).conversation_id}" if deal else ""
    return f"{shop.base_url}/m-nachrichten.html{query}"


def threads(captures: list[Capture]) -> list[str | None]:
    return [capture.conversation for capture in captures if capture.kind is PageKind.CONVERSATION]


def test_the_list_that_the_human_opens_is_captured_with_its_answer(accompanied, shop):
    def script(context, captures):
        context.pages[0].goto(box(shop))
        yield lambda: captures

    [capture] = accompanied(script)
    assert (capture.kind, capture.conversation, capture.status) == (PageKind.CONVERSATION_LIST, None, 200)
    assert capture.url == capture.final_url == box(shop)
    assert len(capture.bodies) == 1
    assert capture.settled
    assert capture.screenshot.startswith(b"\x89PNG")
    facts = dict(capture.facts)
    assert facts["mode"] == "passive"
    assert "Chrome/" in facts["browser"]
    assert len(understand(capture).listing.entries) == len(shop.deals())


def test_the_first_page_leads_to_the_message_box_by_a_click_of_the_human(accompanied, shop):
    def script(context, captures):
        assert "Was du hier anklickst, gilt wirklich" in context.pages[0].inner_text("main")
        assert not shop.requests, "nothing is opened before the human does it"
        context.pages[0].click("a")
        yield lambda: captures

    assert [capture.kind for capture in accompanied(script)] == [PageKind.CONVERSATION_LIST]


def test_a_conversation_that_is_clicked_in_the_list_is_captured_with_its_own_answer(accompanied, shop):
    def script(context, captures):
        page = context.pages[0]
        page.goto(box(shop))
        yield lambda: captures
        page.locator("article", has_text="Stehlampe").click()
        yield lambda: len(captures) == 2
        page.locator("article", has_text="Friteuse").click()
        yield lambda: len(captures) == 3

    captures = accompanied(script)
    assert threads(captures) == [shop.deal("lampe").conversation_id, shop.deal("friteuse").conversation_id]
    for capture in captures[1:]:
        [body] = capture.bodies
        assert is_thread_answer(body.url, capture.conversation)
        assert understand(capture).thread.conversation == capture.conversation


def test_where_the_address_does_not_tell_the_answer_says_which_conversation_is_open(accompanied, shop):
    def script(context, captures):
        page = context.pages[0]
        page.add_init_script("history.pushState = () => {}")
        page.goto(box(shop))
        yield lambda: captures
        page.locator("article", has_text="Stehlampe").click()
        yield lambda: len(captures) == 2
        page.locator("article", has_text="Friteuse").click()
        yield lambda: len(captures) == 3

    captures = accompanied(script)
    assert threads(captures) == [shop.deal("lampe").conversation_id, shop.deal("friteuse").conversation_id]
    assert {capture.url for capture in captures} == {box(shop)}


@pytest.mark.slow
def test_a_conversation_that_comes_slowly_long_after_the_page_is_captured_whole(accompanied, shop):
    def script(context, captures):
        page = context.pages[0]
        page.goto(box(shop))
        yield lambda: captures
        yield a_while(1.7)
        shop.delay = 0.6
        page.locator("article", has_text="Stehlampe").click()
        yield lambda: len(captures) == 2

    thread = accompanied(script, settle_seconds=1.5)[1]
    assert thread.settled
    assert "ReplyBox" in thread.html


def test_what_the_human_clicks_really_happens(accompanied, shop):
    def script(context, _captures):
        context.pages[0].goto(box(shop))
        context.pages[0].locator("article", has_text="Regenjacke").click()
        yield lambda: shop.writes

    accompanied(script)
    assert any("/conversations/read" in write.path for write in shop.writes)


@pytest.mark.slow
def test_nothing_but_the_humans_own_requests_reaches_the_site(
    accompanied, shop, playwright, a_browser, tmp_path
):
    def browse(page):
        page.goto(box(shop))
        page.locator("article", has_text="Stehlampe").click()
        page.wait_for_selector(".ReplyBox")

    def asked():
        return Counter(f"{it.method} {it.path}" for it in shop.requests if "telemetry" not in it.path)

    def script(context, captures):
        browse(context.pages[0])
        yield lambda: len(captures) == 2
        yield calm(shop)

    accompanied(script)
    watched = asked()
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "plain", executable_path=a_browser, no_viewport=True
    )
    context.add_cookies(shop.login_cookies())
    browse(context.pages[0])
    until(context.pages[0], calm(shop))
    context.close()
    assert watched == asked() - watched
    assert watched.total() > 5


@pytest.mark.slow
def test_the_same_state_is_captured_once_however_often_and_wherever_it_is_loaded(accompanied, shop):
    def script(context, captures):
        context.pages[0].goto(box(shop))
        yield lambda: captures
        context.pages[0].reload()
        context.new_page().goto(box(shop))
        yield a_while(1.5)

    assert len(accompanied(script)) == 1


def test_a_page_that_is_loaded_again_with_news_is_captured_again(accompanied, shop):
    def script(context, captures):
        context.pages[0].goto(box(shop, "lampe"))
        yield lambda: len(captures) == 2
        shop.happen("lampe", "BUYER_CANCELLED")
        context.pages[0].reload()
        yield lambda: len(threads(captures)) == 2

    before, after = (it for it in accompanied(script) if it.kind is PageKind.CONVERSATION)
    assert before.bodies != after.bodies
    assert "storniert" in after.html


@pytest.mark.slow
def test_news_that_come_into_the_page_without_an_answer_are_captured(accompanied, shop, monkeypatch):
    monkeypatch.setattr(tab, "TEXT_PAUSE", 0.5)

    def script(context, captures):
        page = context.pages[0]
        page.goto(box(shop, "lampe"))
        yield lambda: len(captures) == 2
        page.evaluate("document.querySelector('.MessageList').append('Der Käufer hat den Kauf storniert.')")
        yield lambda: len(captures) == 3
        yield a_while(1)

    captures = accompanied(script)
    assert "Der Käufer hat den Kauf storniert." in captures[-1].html
    assert len(captures) == 3


@pytest.mark.slow
def test_a_download_leaves_the_page_as_it_was(accompanied, shop):
    def script(context, captures):
        page = context.pages[0]
        label = {"Content-Disposition": "attachment; filename=etikett.bin"}
        page.route("**/etikett.bin", lambda route: route.fulfill(body=b"label", headers=label))
        page.goto(box(shop, "lampe"))
        yield lambda: len(captures) == 2
        page.evaluate("location.href = '/etikett.bin'")
        yield a_while(3.5)

    assert len(accompanied(script)) == 2


@pytest.mark.slow
def test_pages_beside_the_message_box_leave_nothing(accompanied, shop):
    def script(context, _captures):
        context.pages[0].goto(f"{shop.base_url}/m-uebung-zahlungen.html")
        context.new_page().goto(f"{shop.base_url}/m-nachrichten.html.bak")
        yield a_while(2.5)

    assert accompanied(script) == []


@pytest.mark.slow
def test_a_human_who_logs_in_leaves_neither_password_nor_token(accompanied, shop):
    def script(context, captures):
        page = context.pages[0]
        page.goto(box(shop))
        page.fill("#username", LOGIN_EMAIL)
        page.fill("#password", LOGIN_PASSWORD)
        yield a_while(2)
        assert captures == []
        page.press("#password", "Enter")
        yield lambda: captures

    [capture] = accompanied(script, logged_in=False)
    assert capture.url == box(shop)
    assert capture.bodies
    assert all(is_worth_keeping(body.url) for body in capture.bodies)
    [told] = {repr(capture)}
    assert LOGIN_PASSWORD not in told
    assert "Bearer" not in told
    assert "Passwort" not in capture.html


@pytest.mark.slow
def test_a_list_that_never_comes_is_captured_as_not_settled(accompanied, shop):
    def script(context, captures):
        context.pages[0].goto(box(shop))
        yield lambda: captures
        yield a_while(2)

    shop.wall = "empty_shell"
    [capture] = accompanied(script, settle_seconds=1.5)
    assert (capture.settled, capture.bodies) == (False, ())
    assert understand(capture).wall is Outcome.UNREADABLE


def test_a_block_page_in_the_place_of_the_message_box_is_told_as_one(accompanied, shop):
    def script(context, captures):
        context.pages[0].goto(box(shop))
        yield lambda: captures

    shop.wall = "blocked_403"
    [capture] = accompanied(script)
    assert capture.status == 403
    assert understand(capture).wall is Outcome.BLOCKED


@pytest.mark.slow
def test_a_conversation_that_the_site_refuses_is_captured_with_its_refusal(accompanied, shop):
    def script(context, captures):
        context.pages[0].goto(box(shop, "lampe"))
        yield lambda: threads(captures)

    shop.wall = "gateway_threads_down"
    [refused] = [it for it in accompanied(script) if it.kind is PageKind.CONVERSATION]
    assert [body.status for body in refused.bodies] == [503]


@pytest.mark.slow
def test_a_tab_that_a_page_opens_is_watched_from_its_first_answer_on(accompanied, shop):
    def script(context, captures):
        page = context.pages[0]
        page.goto(box(shop))
        yield lambda: captures
        page.evaluate("address => { window.open(address) }", box(shop, "friteuse"))
        yield lambda: threads(captures)
        page.close()
        context.pages[-1].locator("article", has_text="Stehlampe").click()
        yield lambda: len(threads(captures)) == 2

    opened = [it for it in accompanied(script) if it.kind is PageKind.CONVERSATION]
    assert threads(opened) == [shop.deal("friteuse").conversation_id, shop.deal("lampe").conversation_id]
    assert [(len(it.bodies), it.status) for it in opened] == [(1, 200), (1, 200)]


@pytest.mark.slow
def test_a_dialog_is_left_to_the_human_and_the_other_tabs_are_watched_meanwhile(accompanied, shop):
    dialogs = []

    def script(context, captures):
        context.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108 - a plain function is asked for
        page = context.pages[0]
        page.goto(box(shop))
        yield lambda: captures
        page.evaluate("setTimeout(() => { document.title = confirm('Wirklich?') ? 'ja' : 'nein' })")
        yield lambda: dialogs
        context.new_page().goto(box(shop, "lampe"))
        yield lambda: threads(captures)
        dialogs[0].accept()
        yield lambda: page.title() == "ja"

    accompanied(script)


def test_it_ends_from_outside_when_it_is_told_to(playwright, a_browser, tmp_path, shop):
    stop = threading.Event()
    accompany(
        "main",
        settings=settings_of(shop, tmp_path, a_browser),
        on_capture=lambda _: None,
        clock=lambda: datetime.now(UTC),
        new_id=lambda: "c",
        language="de",
        visible=False,
        playwright=playwright,
        stop=stop,
        human=lambda _: stop.set(),
    )


def nobody_browses(playwright: Playwright, settings: BrowserSettings, *, visible: bool) -> None:
    accompany(
        "main",
        settings=settings,
        on_capture=lambda _: None,
        clock=lambda: datetime.now(UTC),
        new_id=lambda: "c",
        language="de",
        visible=visible,
        playwright=playwright,
        human=lambda context: context.close(),
    )


def test_without_a_display_no_window_is_promised(playwright, a_browser, tmp_path, shop, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(BrowserError):
        nobody_browses(playwright, settings_of(shop, tmp_path, a_browser), visible=True)


def test_a_profile_that_a_check_is_using_is_not_opened(playwright, a_browser, tmp_path, shop):
    with profile_of("main", tmp_path), pytest.raises(BusyError):
        nobody_browses(playwright, settings_of(shop, tmp_path, a_browser), visible=False)


def test_a_program_that_is_no_browser_is_told(playwright, tmp_path, shop):
    with pytest.raises(BrowserError):
        nobody_browses(playwright, settings_of(shop, tmp_path, Path("/bin/true")), visible=False)


def test_a_capture_holds_what_can_be_had_without_touching_the_window_and_no_secret(accompanied, shop):
    planted = shop.planting = Planting()

    def script(context, captures):
        page = context.pages[0]
        page.goto(box(shop, "friteuse"))
        yield lambda: threads(captures)
        assert page.evaluate("[scrollX, scrollY]") == [0, 0]

    capture = next(capture for capture in accompanied(script) if capture.conversation)
    assert {extra.role for extra in capture.extras} == {Role.TEXT_MAP, Role.MHTML, Role.OUTLINE}
    assert capture.missing == ()
    found = text_map.load(next(extra.content for extra in capture.extras if extra.role is Role.TEXT_MAP))
    assert (found.width, found.height) == size_of(capture.screenshot)
    assert capture.document is not None
    assert capture.document.address == shop.base_url.removeprefix("http://")
    held = [capture.html.encode(), repr((capture.document, capture.facts, capture.final_url)).encode()]
    held.extend(body.content for body in capture.bodies)
    held.extend(extra.content for extra in capture.extras)
    held.extend(
        part.content
        for extra in capture.extras
        if extra.role is Role.MHTML
        for part in mhtml.parts(extra.content)
    )
    assert [
        name for name, secret in planted.everything.items() if any(secret.encode() in one for one in held)
    ] == []
