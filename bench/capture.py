"""One full capture of a thread against the bare Playwright calls that fetch the same bytes, side by side in one browser.

The thread has five payment cards. Both open it by its address, wait for the same marks and open up its inner scroller. Then:

- ours: picture, markup, JSON, page archive, outline, preview, thumbnail, map of texts, a picture of each card and of the thread,
  the connections' facts; secrets taken out of all of it, and every file written to the staging area.
- the same bytes: the obvious calls for the same pictures and texts, and the files written. It has neither secrets to look
  for nor a map of texts to make.
- the four: picture, page archive, markup and JSON alone, as a quick script would.
"""

import itertools
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, Response, sync_playwright

from bench.bare_playwright import TALLEST, everything_else
from bench.results import Sheet, keep
from fixtures.shop import Shop, five_orders
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.finder import find_browser
from watcher.browser.picture import USUAL_VIEWPORT
from watcher.browser.recorder import Recorder
from watcher.browser.visit import BrowserVisit
from watcher.storage.vault import FileVault

RUNS = 15
WANTED = 1.5


def main() -> None:
    """Measure and print."""
    with (
        TemporaryDirectory(prefix="stornowacht-bench-") as name,
        Shop(deals=five_orders(datetime.now(UTC))) as shop,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_browser(None), args=arguments)
        ways: dict[str, Callable[[], float]] = {
            "ours": _ours(_context(browser, shop), shop, folder),
            "the same bytes": _bare(_context(browser, shop), shop, folder, everything=True),
            "the four": _bare(_context(browser, shop), shop, folder, everything=False),
        }
        for take in ways.values():
            take()
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(RUNS):
            for way, take in ways.items():
                taken[way].append(take())
        sheet = Sheet(
            title=f"One capture of a thread with five cards (milliseconds; medians of {RUNS} runs in turns)",
            compared="The same bytes: the obvious calls for the same pictures and texts. The four: picture, page archive, markup and JSON.",
            columns=("way", "ms", "ours / it"),
        )
        for way, times in taken.items():
            low, high = min(times) * 1000, max(times) * 1000
            ratio = statistics.median(a / b for a, b in zip(taken["ours"], times, strict=True))
            wanted = f" (wanted: at most {WANTED:.2f})" if way == "the same bytes" else ""
            sheet.add(
                way,
                f"{statistics.median(times) * 1000:.0f} ({low:.0f} to {high:.0f})",
                f"{ratio:.2f}{wanted}",
            )
        sheet.show()
        keep(sheet)
        browser.close()


def _context(browser: Browser, shop: Shop) -> BrowserContext:
    context = browser.new_context(viewport=USUAL_VIEWPORT)
    context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
    return context


def _ours(context: BrowserContext, shop: Shop, folder: Path) -> Callable[[], float]:
    page, ids, vault = context.new_page(), itertools.count(), FileVault(folder / "ours")
    settings = BrowserSettings(base_url=shop.base_url, gateway_url=shop.gateway_url, storage=folder)
    visit = BrowserVisit(
        account="main",
        settings=settings,
        page=page,
        recorder=Recorder(page, origin=shop.gateway_url),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: f"capture-{next(ids)}",
        deadline=time.monotonic() + 3600,
        browser="a browser",
    )

    def take() -> float:
        page.bring_to_front()
        begin = time.perf_counter()
        capture = visit.details(visit.open_thread(shop.deal("friteuse").conversation_id))
        vault.stage(capture)
        seconds = time.perf_counter() - begin
        if not capture.is_complete:
            raise SystemExit(f"the capture is not complete: {', '.join(capture.lacks)}")
        return seconds

    return take


def _bare(context: BrowserContext, shop: Shop, folder: Path, *, everything: bool) -> Callable[[], float]:
    page = context.new_page()
    answers: list[Response] = []
    page.on(
        "response", lambda response: answers.append(response) if "/conversations" in response.url else None
    )
    target = folder / ("everything" if everything else "four")
    target.mkdir()
    url = f"{shop.base_url}/m-nachrichten.html?conversationId={shop.deal('friteuse').conversation_id}"

    def take() -> float:
        page.bring_to_front()
        begin = time.perf_counter()
        answers.clear()
        page.set_viewport_size(USUAL_VIEWPORT)
        page.goto(url, wait_until="domcontentloaded")
        page.wait_for_selector("#conversation-list article")
        page.wait_for_selector(".ReplyBox")
        page.set_viewport_size({"width": 1280, "height": 900 + page.evaluate(TALLEST)})
        files = [page.screenshot(type="webp", full_page=True), page.content().encode()]
        files.extend(answer.body() for answer in answers if answer.request.method == "GET")
        if everything:
            files.extend(everything_else(page, answers))
        else:
            session = context.new_cdp_session(page)
            files.append(session.send("Page.captureSnapshot", {"format": "mhtml"})["data"].encode())
            session.detach()
        for number, content in enumerate(files):
            (target / str(number)).write_bytes(content)
        return time.perf_counter() - begin

    return take


if __name__ == "__main__":
    main()
