"""Save the practice shop's pages in each layout, and what they show, under fixtures/pages; needs a browser.

Look at the difference before you commit it: these files say what a layout must find.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from fixtures.shop import LAYOUTS, Shop, five_orders
from watcher.browser.finder import find_browser
from watcher.domain.capture import Capture, PageKind
from watcher.pages.layout import all_layouts
from watcher.pages.page import parse

FOLDER = Path(__file__).parent.parent / "fixtures" / "pages"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
THREADS = ("friteuse", "jacke", "brettspiel", "buch")
_REST = "document.querySelectorAll('.ConversationListSkeleton, .ConversationSkeleton').length === 0"


def main() -> None:
    """Render and write."""
    with sync_playwright() as playwright, Shop(five_orders(NOW), clock=lambda: NOW) as shop:
        shop.delay = 0
        browser = playwright.chromium.launch(executable_path=find_browser(None), args=["--no-sandbox"])
        for layout in LAYOUTS:
            shop.layout = layout  # type: ignore[assignment]
            context = browser.new_context()
            context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
            page = context.new_page()
            page.clock.set_fixed_time(NOW)
            _save(page, shop, layout, "list", None)
            for deal_id in THREADS:
                _save(page, shop, layout, f"thread-{deal_id}", shop.deal(deal_id).conversation_id)
            context.close()
        browser.close()


def _save(page: Page, shop: Shop, layout: str, name: str, conversation: str | None) -> None:
    page.goto(
        f"{shop.base_url}/m-nachrichten.html" + (f"?conversationId={conversation}" if conversation else "")
    )
    page.wait_for_selector("article")
    if conversation:
        page.wait_for_selector(".ReplyBox")
    page.wait_for_function(_REST)
    # The port is another in each run.
    html = (
        page.content()
        .replace(shop.base_url, "https://shop.example")
        .replace(shop.gateway_url, "https://gateway.example")
    )
    folder = FOLDER / layout
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html").write_text(html + "\n", encoding="utf-8")
    shown = json.dumps(_shown(html, layout, conversation), ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(shown + "\n", encoding="utf-8")


def _shown(html: str, layout: str, conversation: str | None) -> object:
    found = next(known for known in all_layouts() if known.name == layout)
    capture = Capture(
        id="",
        account="main",
        kind=PageKind.CONVERSATION if conversation else PageKind.CONVERSATION_LIST,
        conversation=conversation,
        taken_at=NOW,
        url="",
        final_url="",
        status=200,
        html=html,
    )
    page = parse(capture)
    if conversation is None:
        return [asdict(row) for row in found.rows(page)]
    thread = found.thread(page)
    return asdict(thread) if thread else None


if __name__ == "__main__":
    main()
