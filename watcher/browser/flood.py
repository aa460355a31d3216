"""Stops the loading of a page whose answers do not end: what a page receives must fit into memory."""

from typing import Any, Final

from playwright.sync_api import Error, Page

from watcher.browser.events import listen

MOST_BYTES: Final = 50_000_000
"""What one page may receive until the next one is opened: many times what any of the site's takes."""
TOO_LARGE: Final = "too large: the page went on after 50 MB"
"""What is said of a page that was stopped."""


class Flood:
    """Counts what a page receives, unpacked; beyond the limit all its loading is stopped, whatever asked for it.

    Workers and frames of other processes are not counted: for these there is the bound on a check's memory.
    """

    def __init__(self, page: Page, *, most: int = MOST_BYTES) -> None:
        self._most = most
        self._received = 0
        self._session = page.context.new_cdp_session(page)
        listen(self._session, "Network.dataReceived", self._count)
        # This session keeps no copies: the recorder takes the answers through Playwright's own.
        self._session.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})

    @property
    def is_there(self) -> bool:
        """Whether the page was stopped since the last `forget`."""
        return self._received > self._most

    def forget(self) -> None:
        """Begin anew, with the next page."""
        self._received = 0

    def _count(self, event: dict[str, Any]) -> None:
        was_there = self.is_there
        self._received += int(event["dataLength"])
        if self.is_there and not was_there:
            self._stop()

    def _stop(self) -> None:
        try:
            self._session.send("Page.stopLoading")
        except Error:
            pass  # the page is gone already, and what it was loading with it
