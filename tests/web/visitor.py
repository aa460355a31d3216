"""Somebody with a real browser in front of a dashboard; what the browser complains of is kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.web.conftest import Dashboard
from watcher.web.gate import COOKIE

PHONE, WIDE, NARROWEST = (375, 812), (1280, 900), (360, 740)


class Complaints:
    """What pages wrote to the console as errors, refusals of the content security policy among them."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.told.append(f"{page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.told.append(f"{message.location.get('url', '')}: {message.text}")


@contextmanager
def let_in(
    browser: Browser, *dashboards: Dashboard, size: tuple[int, int] = WIDE
) -> Iterator[BrowserContext]:
    """Open a browser window that these dashboards let in."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="de-DE")
    context.set_default_timeout(15_000)
    for dashboard in dashboards:
        context.add_cookies(
            [{"name": COOKIE, "value": dashboard.client.token, "url": dashboard.client.address}]
        )
    yield context
    context.close()


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
