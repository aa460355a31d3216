"""One visit: pages are loaded by their address, looked at, and captured.

It scrolls. It presses nothing and types nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Error, Page, Response

from watcher import __version__
from watcher.browser.picture import (
    LITTLE_PATIENCE,
    PATIENCE,
    USUAL_VIEWPORT,
    open_up,
    try_picture,
    try_preview,
)
from watcher.browser.recorder import Recorder
from watcher.browser.rest import state_of, wait_for_rest, wait_for_silence
from watcher.domain.capture import AddedPage, Capture, PageKind
from watcher.pages.addresses import message_box
from watcher.pages.signals import SHIPPED, Signals

_MOST_LIST_PAGES = 40
_GROWTH_PATIENCE = 1.0
# What Playwright says when a page goes elsewhere while it is being looked at.
_INTERRUPTED = "interrupted by another navigation"
_LEADING_ON = ("Execution context was destroyed", "page is navigating", "Cannot find context", _INTERRUPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSettings:
    """How visits are made."""

    base_url: str
    storage: Path
    executable: Path | None = None
    channel: str | None = None
    """`chromium`, `chrome` or `msedge`: which of the installed browsers."""
    headless: bool = True
    gateway_url: str = ""
    """Where the page gets its JSON from; answers from elsewhere are not kept. Empty: from anywhere."""
    settle_seconds: float = 20
    visit_seconds: float = 240
    """After this nothing further is opened; what was seen by then counts."""
    allow: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """The hosts that belong to the site; nothing else is loaded. Empty: no host is refused."""
    signals: Signals = SHIPPED
    """By which marks pages show that they have come to rest."""
    proxy: str = "direct://"
    """The guard replaces the system's proxy settings; whoever needs a proxy names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The page that is to be opened."""

    kind: PageKind
    url: str
    conversation: str | None = None
    page: str | None = None


@dataclass(slots=True, kw_only=True)
class BrowserVisit:
    """One visit, from the first page to the last."""

    account: str
    settings: BrowserSettings
    page: Page
    recorder: Recorder
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    deadline: float
    browser: str
    is_shown: bool = False
    """Whether the page that was opened last has come."""

    def open_list(self, enough: Callable[[Capture], bool]) -> Capture:
        """Open the message box and capture the conversation list, as many pages of it as it takes."""
        url = message_box(self.settings.base_url)
        return self._open(_Target(kind=PageKind.CONVERSATION_LIST, url=url), enough=enough)

    def open_thread(self, conversation: str) -> Capture:
        """Open one conversation by its address and capture it."""
        url = message_box(self.settings.base_url, conversation)
        return self._open(_Target(kind=PageKind.CONVERSATION, url=url, conversation=conversation))

    def open_page(self, page: AddedPage) -> Capture:
        """Open a page that the seller added and capture it."""
        return self._open(_Target(kind=PageKind.ADDED, url=page.url, page=page.name))

    def has_time(self) -> bool:
        """Whether a further page may be opened before the visit has lasted too long."""
        return time.monotonic() < self.deadline

    def preview(self) -> bytes:
        """Return a PNG of the open thread's latest part, of the page's top where no thread is open; empty for no page."""
        return try_preview(self.page, self.settings.signals.thread) if self.is_shown else b""

    def _open(self, target: "_Target", enough: Callable[[Capture], bool] = lambda _: True) -> Capture:
        url, before = target.url, self.page.url
        self.recorder.forget()
        answer: Response | None = None
        failure: str | None = None
        settled, html, hidden, shapes = False, "", 0, tuple[str, ...]()
        deadline = min(time.monotonic() + self.settings.settle_seconds, self.deadline)
        try:
            if self.page.viewport_size != USUAL_VIEWPORT:
                self.page.set_viewport_size(USUAL_VIEWPORT)
            answer = self._go_to(url)
            settled, hidden, html = self._settle(target, enough, deadline)
            shapes = () if self._is_answered(target) else self.recorder.shapes()
        except Error as error:
            failure = _reason(error)
        taken_at = self.clock()
        self.is_shown = failure is None
        picture, picture_type = b"", "image/webp"
        if self.is_shown or self.page.url != before:  # else there is still the page from before
            patience = PATIENCE if self.is_shown else LITTLE_PATIENCE
            picture, picture_type = try_picture(self.page, milliseconds=patience)
        lost = [*self.recorder.lost, *self.recorder.unanswered(target.conversation or "")]
        facts = {
            "browser": self.browser,
            "program": f"stornowacht {__version__}",
            "viewport": f"{USUAL_VIEWPORT['width']}x{USUAL_VIEWPORT['height']}",
        }
        if hidden:
            facts["hidden_pixels"] = str(hidden)
        return Capture(
            id=self.new_id(),
            account=self.account,
            kind=target.kind,
            conversation=target.conversation,
            page=target.page,
            taken_at=taken_at,
            url=url,
            final_url=self.page.url if failure is None else url,
            status=answer.status if answer is not None else None,
            html=html,
            screenshot=picture,
            screenshot_type=picture_type,
            bodies=tuple(self.recorder.bodies),
            lost_bodies=tuple(lost),
            shapes=shapes,
            blocked_requests=self.recorder.blocked,
            stopped=tuple(sorted(self.recorder.stopped.items())),
            foreign=tuple(sorted(self.recorder.foreign.items())),
            settled=settled,
            failure=failure,
            facts=tuple(facts.items()),
        )

    def _is_answered(self, target: "_Target") -> bool:
        """Whether the page received what its readers look for, whatever it says; of a strange page nobody knows."""
        if target.kind is PageKind.CONVERSATION_LIST:
            return self.recorder.has_list()
        return target.conversation is None or self.recorder.has_thread(target.conversation)

    def _go_to(self, url: str) -> Response | None:
        """Load an address. A page that leads on by itself while it loads is no failure: where it leads is the answer."""
        milliseconds = self.settings.settle_seconds * 1000
        try:
            return self.page.goto(url, wait_until="domcontentloaded", timeout=milliseconds)
        except Error as error:
            if _INTERRUPTED not in error.message:
                raise
        self.page.wait_for_load_state("domcontentloaded", timeout=milliseconds)
        return None

    def _settle(
        self, target: "_Target", enough: Callable[[Capture], bool], deadline: float
    ) -> tuple[bool, int, str]:
        """Wait until the page rests; return whether it does, what stayed hidden (in pixels), and its markup.

        A page may lead on by itself at any moment, to the login for instance; then it is waited for anew.
        """
        while True:
            try:
                if target.kind is PageKind.ADDED:
                    settled = wait_for_silence(self.page, deadline=deadline)
                else:
                    settled = wait_for_rest(
                        self.page,
                        self.recorder,
                        conversation=target.conversation,
                        deadline=deadline,
                        signals=self.settings.signals,
                    )
                if target.kind is PageKind.CONVERSATION_LIST and settled:
                    self._scroll_through_list(deadline, enough)
                whole = target.kind is not PageKind.CONVERSATION
                hidden = open_up(self.page, "" if whole else self.settings.signals.thread)
                self.recorder.collect()
                return settled, hidden, self.page.content()
            except Error as error:
                if time.monotonic() >= deadline or not any(word in error.message for word in _LEADING_ON):
                    raise
                self.page.wait_for_load_state(
                    "domcontentloaded", timeout=max(deadline - time.monotonic(), 0.1) * 1000
                )

    def _scroll_through_list(self, deadline: float, enough: Callable[[Capture], bool]) -> None:
        """Scroll the list until enough of its pages are loaded: scrolling is the only gesture."""
        for _ in range(_MOST_LIST_PAGES):
            rows = state_of(self.page, self.settings.signals)["rows"]
            if enough(self._so_far()) or not rows or time.monotonic() >= deadline:
                return
            self.page.locator(self.settings.signals.rows).last.scroll_into_view_if_needed()
            if not self._list_grew(rows):
                return

    def _list_grew(self, rows: int) -> bool:
        patience = time.monotonic() + _GROWTH_PATIENCE
        while time.monotonic() < patience or self.recorder.waiting:
            self.recorder.collect()
            if state_of(self.page, self.settings.signals)["rows"] > rows and not self.recorder.waiting:
                return True
            if time.monotonic() >= self.deadline:
                return False
            self.page.wait_for_timeout(40)
        return False

    def _so_far(self) -> Capture:
        return Capture(
            id="",
            account=self.account,
            kind=PageKind.CONVERSATION_LIST,
            taken_at=self.clock(),
            url="",
            final_url="",
            status=None,
            bodies=tuple(self.recorder.bodies),
        )


def _reason(error: Error) -> str:
    """Return a browser's error in one line, without Playwright's call log."""
    return error.message.splitlines()[0].strip() or type(error).__name__
