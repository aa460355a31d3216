"""A visitor whose browser is open already: for tests of what is read on a page, not of how a browser is started."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from fixtures.shop import Shop
from watcher.bootstrap import House, new_id, now
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.guard import write_extension
from watcher.browser.proof import canary
from watcher.browser.recorder import Recorder
from watcher.browser.visit import BrowserVisit
from watcher.browser.visitor import launch


@contextmanager
def open_browser(playwright: Playwright, executable: Path, folder: Path) -> Iterator[BrowserContext]:
    """Start a browser as a visit to a practice shop does; it lasts as long as the block."""
    extension = write_extension(folder / "guard", hosts=("127.0.0.1",))
    settings = BrowserSettings(
        base_url="http://127.0.0.1", gateway_url="http://127.0.0.1", storage=folder, hosts=("127.0.0.1",)
    )
    context = launch(playwright, settings, executable, profile=folder / "profile", extension=extension)
    try:
        assert canary(context.pages[0], timeout=5)
        yield context
    finally:
        context.close()
        shutil.rmtree(folder / "profile", ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHouse(House):
    """A house whose visits are made in that browser: each has a page of its own, and the cookies of the shop's login."""

    context: BrowserContext
    shop: Shop

    @classmethod
    def of(cls, our: House, context: BrowserContext, shop: Shop) -> "OpenHouse":
        """Return the same house with that browser.

        Its bound on memory is lifted: it would count the test process and all its browsers, and end them.
        """
        browser = our.config.browser.model_copy(update={"memory": "999 GB"})
        config = our.config.model_copy(update={"browser": browser})
        return cls(config=config, store=our.store, vault=our.vault, context=context, shop=shop)

    @contextmanager
    def visitor(self) -> Iterator["OpenHouse"]:
        """Be the visitor as well."""
        yield self

    @contextmanager
    def visit(self, account: str) -> Iterator[BrowserVisit]:
        """Open a page for the length of the block."""
        settings = self.browser_settings()
        self.context.clear_cookies()
        self.context.add_cookies(self.shop.login_cookies())  # type: ignore[arg-type]
        page = self.context.new_page()
        try:
            yield BrowserVisit(
                account=account,
                settings=settings,
                page=page,
                recorder=Recorder(page, origin=settings.gateway_url, site=settings.base_url),
                clock=now,
                new_id=new_id,
                deadline=time.monotonic() + settings.visit_seconds,
                browser="a browser",
            )
        finally:
            page.close()
