"""The human browses, the program records: what the human opens of the message box, and nothing else."""

import base64
import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Shop, five_orders
from watcher.browser.passive import accompany, welcome
from watcher.browser.visit import BrowserSettings
from watcher.domain.capture import Capture, PageKind
from watcher.domain.outcome import Outcome
from watcher.texts import language

pytestmark = pytest.mark.browser
Act = Callable[[Page], object]


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(five_orders(datetime.now(UTC))) as running:
        running.delay = 0.01
        yield running


class Human:
    """Does one thing after the other, with time between them to look, and then closes the window."""

    def __init__(self, shop: Shop, *acts: Act, looks: int = 14) -> None:
        self.shop = shop
        self.acts = list(acts)
        self.looks = looks
        self._count = 0

    def __call__(self, context: BrowserContext) -> None:
        self._count += 1
        if self._count == 1:
            context.add_cookies(self.shop.login_cookies())  # type: ignore[arg-type]
        if self._count % self.looks != 2:
            return
        if self.acts:
            self.acts.pop(0)(context.pages[-1])
        else:
            context.close()


@pytest.fixture
def record(
    playwright: Playwright, a_browser: Path, tmp_path: Path, shop: Shop
) -> Callable[..., list[Capture]]:
    def run(*acts: Act, looks: int = 14, settle: float = 6) -> list[Capture]:
        captures: list[Capture] = []
        ids = itertools.count(1)
        accompany(
            "main",
            settings=BrowserSettings(
                base_url=shop.base_url,
                gateway_url=shop.gateway_url,
                storage=tmp_path / "data",
                executable=a_browser,
                settle_seconds=settle,
            ),
            on_capture=captures.append,
            clock=lambda: datetime.now(UTC),
            new_id=lambda: f"c{next(ids)}",
            language="de",
            visible=False,
            playwright=playwright,
            human=Human(shop, *acts, looks=looks),
        )
        return captures

    return run


def box(shop: Shop, deal: str | None = None) -> str:
    query = f"?conversationId={shop.deal(deal).conversation_id}" if deal else ""
    return f"{shop.base_url}/m-nachrichten.html{query}"


def test_the_list_that_the_human_opens_is_captured_with_its_answers(record, shop: Shop) -> None:
    [capture] = record(lambda page: page.goto(box(shop)))
    assert (capture.kind, capture.conversation, capture.status) == (PageKind.CONVERSATION_LIST, None, 200)
    assert len(capture.bodies) == 1
    assert capture.settled
    assert capture.screenshot[:4] == b"\x89PNG"
    assert ("mode", "passive") in capture.facts


def test_a_conversation_that_the_human_clicks_in_the_list_is_captured_as_one(record, shop: Shop) -> None:
    captures = record(
        lambda page: page.goto(box(shop)),
        lambda page: page.locator("article", has_text="Stehlampe").click(),
        lambda page: page.locator("article", has_text="Friteuse").click(),
    )
    shown = [capture.conversation for capture in captures if capture.kind is PageKind.CONVERSATION]
    assert shown == [shop.deal("lampe").conversation_id, shop.deal("friteuse").conversation_id]
    for capture in captures:
        assert len(capture.bodies) == 1
    assert len(captures) == 3


def test_what_the_human_clicks_really_happens(record, shop: Shop) -> None:
    record(
        lambda page: page.goto(box(shop)),
        lambda page: page.locator("article", has_text="Regenjacke").click(),
    )
    assert any("/conversations/read" in write.path for write in shop.writes)


def test_nothing_but_the_humans_own_requests_reaches_the_site(
    record, shop: Shop, playwright: Playwright, a_browser: Path, tmp_path: Path
) -> None:
    def asked() -> list[str]:
        return sorted(
            f"{request.method} {request.path}" for request in shop.requests if "telemetry" not in request.path
        )

    record(lambda page: page.goto(box(shop, "lampe")))
    with_us = asked()
    before = len(with_us)
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "plain", executable_path=a_browser, args=["--no-sandbox"], no_viewport=True
    )
    context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
    context.pages[0].goto(box(shop, "lampe"))
    context.pages[0].wait_for_selector(".ReplyBox")
    context.pages[0].wait_for_timeout(600)
    context.close()
    everything = asked()
    for entry in with_us:
        everything.remove(entry)
    assert everything == with_us
    assert before > 5


def test_the_same_state_of_a_page_is_captured_once(record, shop: Shop) -> None:
    assert len(record(lambda page: page.goto(box(shop, "lampe")), looks=40)) == 2


def test_a_page_that_is_loaded_again_with_news_is_captured_again(record, shop: Shop) -> None:
    def news(page: Page) -> None:
        shop.happen("lampe", "BUYER_CANCELLED")
        page.reload()

    captures = record(lambda page: page.goto(box(shop, "lampe")), news)
    threads = [capture for capture in captures if capture.kind is PageKind.CONVERSATION]
    assert len(threads) == 2
    assert threads[0].bodies != threads[1].bodies


def test_pages_beside_the_message_box_and_the_login_leave_nothing(record, shop: Shop) -> None:
    def log_in(page: Page) -> None:
        page.context.clear_cookies()
        page.goto(box(shop))
        page.fill("#username", LOGIN_EMAIL)
        page.fill("#password", LOGIN_PASSWORD)

    captures = record(lambda page: page.goto(f"{shop.base_url}/m-uebung-zahlungen.html"), log_in)
    assert captures == []


def test_a_message_box_that_never_gets_its_data_is_captured_as_it_is(record, shop: Shop) -> None:
    from watcher.app.understanding import understand

    shop.wall = "empty_shell"
    captures = record(lambda page: page.goto(box(shop)), looks=60)
    assert [capture.bodies for capture in captures] == [()]
    assert understand(captures[0]).wall is Outcome.UNREADABLE


def test_every_tab_is_watched(record, shop: Shop) -> None:
    def second_tab(page: Page) -> None:
        page.context.new_page().goto(box(shop, "friteuse"))

    captures = record(lambda page: page.goto(box(shop, "lampe")), second_tab)
    shown = {capture.conversation for capture in captures if capture.conversation}
    assert shown == {shop.deal("lampe").conversation_id, shop.deal("friteuse").conversation_id}


def test_it_ends_from_outside_when_it_is_told_to(
    playwright: Playwright, a_browser: Path, tmp_path: Path, shop: Shop
) -> None:
    stop = threading.Event()
    accompany(
        "main",
        settings=BrowserSettings(base_url=shop.base_url, storage=tmp_path, executable=a_browser),
        on_capture=lambda _: None,
        clock=lambda: datetime.now(UTC),
        new_id=lambda: "c",
        language="de",
        visible=False,
        playwright=playwright,
        stop=stop,
        human=lambda _: stop.set(),
    )


@pytest.mark.parametrize(("spoken", "sentence"), [("de", "gilt wirklich"), ("en", "really happens")])
def test_the_first_page_says_that_clicks_are_real(spoken: language.Language, sentence: str) -> None:
    language.use(spoken)
    address = welcome("https://www.site.example", language=spoken)
    language.use("de")
    html = base64.b64decode(address.partition("base64,")[2]).decode()
    assert sentence in html
    assert 'href="https://www.site.example/m-nachrichten.html"' in html
    assert f'<html lang="{spoken}">' in html
