"""Pages as a real browser renders them, loaded once for all tests."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from fixtures.shop import Deal, Shop, five_orders
from tests.pages.captures import NOW, capture, deal, list_answer, list_body, thread_answer, thread_body
from watcher.domain.capture import Capture
from watcher.pages.page import Page, parse


class Rendered(NamedTuple):
    """The practice shop as Chromium shows it, with the answers that the page received."""

    deals: dict[str, Deal]
    listed: Capture
    threads: dict[str, Capture]

    def thread(self, deal_id: str) -> Page:
        return parse(self.threads[deal_id])


@pytest.fixture(scope="session")
def rendered(chromium: Browser) -> Rendered:
    deals = five_orders(NOW)
    again = deal("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "BUYER_CANCELLED")
    again.id = "storno"
    deals.append(again)
    dated = deal("REQUESTED", "ACCEPTED", "PAID_WITH_DATE")
    dated.id = "frist"
    deals.append(dated)
    with Shop(deals=deals, clock=lambda: NOW) as shop:
        shop.delay = 0
        return _load(shop, chromium)


def _load(shop: Shop, browser: Browser) -> Rendered:
    context = browser.new_context()
    context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
    page = context.new_page()
    box = f"{shop.base_url}/m-nachrichten.html"
    page.goto(box)
    page.wait_for_selector("#conversation-list article")
    deals = {one.id: one for one in shop.deals()}
    listed = capture(page.content(), list_body(list_answer(list(deals.values()))), final_url=page.url)
    threads = {}
    for one in deals.values():
        page.goto(f"{box}?conversationId={one.conversation_id}")
        page.wait_for_selector("[data-testid='conversation-wrapper'] .ReplyBox")
        body = thread_body(thread_answer(one), one.conversation_id)
        threads[one.id] = capture(page.content(), body, conversation=one.conversation_id, final_url=page.url)
    context.close()
    return Rendered(deals, listed, threads)
