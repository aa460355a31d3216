"""The passive mode: the human browses in a visible window, and what the human opens of the message box is captured.

Nothing here navigates, scrolls, clicks, types or resizes. What is asked of a page is how it stands (how many rows, is a
skeleton visible), its text and a picture of what is visible. The read-only guard is off: what the human clicks is the
human's, and the window's first page says so.
"""

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Error, Page, Playwright, Request, Response, sync_playwright

from watcher import __version__
from watcher.browser.finder import find_browser, sandbox_works
from watcher.browser.launch_fault import launch_fault
from watcher.browser.ownership import remember_user, require_usable
from watcher.browser.profile import KEEP_SESSION_COOKIES, profile_of
from watcher.browser.recorder import Recorder
from watcher.browser.rest import NO_ANSWER_PATIENCE, State, state_of
from watcher.browser.visit import BrowserSettings
from watcher.domain.capture import Body, Capture, PageKind
from watcher.pages.addresses import MESSAGE_BOX, is_list_answer, is_thread_answer
from watcher.texts.language import Language, _

_PUMP_MILLISECONDS = 100
_STEADY_SECONDS = 0.4
_PICTURE_MILLISECONDS = 5_000
_LAUNCH_MILLISECONDS = 60_000


def accompany(
    account: str,
    *,
    settings: BrowserSettings,
    on_capture: Callable[[Capture], None],
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    language: Language,
    visible: bool = True,
    playwright: Playwright | None = None,
    stop: threading.Event | None = None,
    human: Callable[[BrowserContext], None] | None = None,
) -> None:
    """Open a window on the account's profile, and capture what the human opens until the last window is closed.

    Args:
        account: whose profile it is.
        settings: where the site is, and which browser to use.
        on_capture: called with each list or conversation that the human has opened and that has come to rest; the same
            state of a page is never given twice.
        clock: the present moment.
        new_id: an id that nobody has used before.
        language: in which the window's first page speaks.
        visible: whether there is a window; without one only a program can be the human.
        playwright: the driver, where the process holds one already.
        stop: set to end it from outside.
        human: called between two looks, for whoever acts in the human's place.

    Raises:
        BrowserError: there is no browser or no display, or the profile belongs to another browser.
        BusyError: a check or a login window holds the profile.
    """
    with profile_of(account, settings.storage) as profile, _driver(playwright) as driver:
        browser = find_browser(
            settings.executable,
            channel=settings.channel,
            downloaded=Path(driver.chromium.executable_path),
        )
        require_usable(profile, browser)
        context = _open_window(driver, browser, profile, visible=visible)
        watch = _Watch(account, settings, on_capture, clock, new_id)
        try:
            context.on("page", watch.take)
            for page in context.pages:
                watch.take(page)
            first = context.pages[0] if context.pages else context.new_page()
            first.goto(welcome(settings.base_url, language=language))
            while _is_open(context) and not (stop is not None and stop.is_set()):
                if human is not None:
                    human(context)
                watch.look()
        except Error:
            pass  # the human has closed the window in the middle of a look
        finally:
            _close(context)
            remember_user(profile, browser)


def welcome(base_url: str, *, language: Language) -> str:
    """Return the address of the page that a window begins with: what is recorded, and that clicks are real here."""
    page = Template(files(__package__).joinpath("welcome.html").read_text(encoding="utf-8"))
    words = {
        "language": language,
        "title": _("Stornowacht looks over your shoulder"),
        "what": _(
            "Browse your messages as always. Whatever list or conversation you open here is archived as proof and read; "
            "all other pages are left alone, and so is your password."
        ),
        "warning": _("The read-only guard is off in this window: whatever you click here really happens."),
        "address": base_url.rstrip("/") + MESSAGE_BOX,
        "go": _("To my messages"),
        "end": _("Close this window when you are done."),
    }
    html = page.substitute({name: escape(value) for name, value in words.items()})
    return "data:text/html;charset=utf-8;base64," + base64.b64encode(html.encode()).decode()


@contextmanager
def _driver(given: Playwright | None) -> Iterator[Playwright]:
    if given is not None:
        yield given
        return
    with sync_playwright() as playwright:
        yield playwright


def _open_window(playwright: Playwright, browser: Path, profile: Path, *, visible: bool) -> BrowserContext:
    try:
        return playwright.chromium.launch_persistent_context(
            profile,
            executable_path=browser,
            headless=not visible,
            chromium_sandbox=sandbox_works(),
            args=[KEEP_SESSION_COOKIES],
            no_viewport=True,
            locale="de-DE",
            timeout=_LAUNCH_MILLISECONDS,
        )
    except Error as error:
        raise launch_fault(error, browser=browser, profile=profile) from error


def _is_open(context: BrowserContext) -> bool:
    """Whether a window is left; events only arrive while the driver is asked for something."""
    for page in context.pages:
        try:
            page.wait_for_timeout(_PUMP_MILLISECONDS)
        except Error:
            continue  # this one was closed meanwhile
        return True
    return False


def _close(context: BrowserContext) -> None:
    try:
        context.close()
    except Error:
        pass  # the human was quicker


# Playwright keeps notes on the objects whose methods it calls: neither of these can have slots, or be frozen.


@dataclass
class _Tab:
    """One tab, and what it has received since its document was loaded."""

    page: Page
    recorder: Recorder
    status: int | None = None
    loaded_at: float = 0.0
    changed_at: float = 0.0
    state: State | None = None
    given: set[str] = field(default_factory=set)
    """Digests of what was captured already."""

    def begin(self, request: Request) -> None:
        """Forget the last document when another one is asked for."""
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.recorder.forget()
            self.status, self.loaded_at = None, time.monotonic()

    def note(self, response: Response) -> None:
        """Note the status of the tab's own document."""
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status


@dataclass
class _Watch:
    """Looks at every tab in turn."""

    account: str
    settings: BrowserSettings
    on_capture: Callable[[Capture], None]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    tabs: dict[Page, _Tab] = field(default_factory=dict)

    def take(self, page: Page) -> None:
        """Watch one more tab, from its first request on."""
        tab = _Tab(page, Recorder(page, origin=self.settings.gateway_url), loaded_at=time.monotonic())
        self.tabs[page] = tab
        page.on("request", tab.begin)
        page.on("response", tab.note)
        page.on("close", self._forget)

    def _forget(self, page: Page) -> None:
        self.tabs.pop(page, None)

    def look(self) -> None:
        """Capture what has come to rest in any tab since the last look."""
        for tab in list(self.tabs.values()):
            try:
                for capture in self._captures(tab):
                    self.on_capture(capture)
            except Error:
                continue  # closed, or on its way to another page: there will be another look

    def _captures(self, tab: _Tab) -> Iterator[Capture]:
        address = urlsplit(tab.page.url)
        if f"{address.scheme}://{address.netloc}" != self.settings.base_url or address.path != MESSAGE_BOX:
            return
        tab.recorder.collect()
        settled = self._is_settled(tab)
        if not settled and time.monotonic() - tab.loaded_at < self.settings.settle_seconds:
            return
        conversation = parse_qs(address.query).get("conversationId", [None])[0]
        listed = tuple(body for body in tab.recorder.bodies if is_list_answer(body.url))
        shown = tuple(body for body in tab.recorder.bodies if is_thread_answer(body.url, conversation))
        wanted: list[tuple[PageKind, str | None, tuple[Body, ...]]] = []
        if conversation is not None and (shown or not listed):
            wanted.append((PageKind.CONVERSATION, conversation, shown))
        if listed or conversation is None:
            wanted.append((PageKind.CONVERSATION_LIST, None, listed))
        for kind, name, bodies in wanted:
            digest = _digest(kind, name, bodies, loaded_at=tab.loaded_at)
            if digest not in tab.given:
                tab.given.add(digest)
                yield self._capture(tab, kind, name, bodies, settled=settled)

    def _is_settled(self, tab: _Tab) -> bool:
        now, state = time.monotonic(), state_of(tab.page)
        if state != tab.state or tab.recorder.waiting:
            tab.state, tab.changed_at = state, now
            return False
        answered = bool(tab.recorder.bodies)
        patience = _STEADY_SECONDS if answered else NO_ANSWER_PATIENCE
        return state["complete"] and not state["skeletons"] and now - tab.changed_at >= patience

    def _capture(
        self, tab: _Tab, kind: PageKind, conversation: str | None, bodies: tuple[Body, ...], *, settled: bool
    ) -> Capture:
        html = tab.page.content()
        try:
            picture = tab.page.screenshot(
                type="png", animations="allow", caret="initial", timeout=_PICTURE_MILLISECONDS
            )
        except Error:
            picture = b""
        return Capture(
            id=self.new_id(),
            account=self.account,
            kind=kind,
            conversation=conversation,
            taken_at=self.clock(),
            url=tab.page.url,
            final_url=tab.page.url,
            status=tab.status,
            html=html,
            screenshot=picture,
            screenshot_type="image/png",
            preview=picture,
            bodies=bodies,
            lost_bodies=tuple(tab.recorder.lost),
            settled=settled,
            facts=(("mode", "passive"), ("program", f"stornowacht {__version__}")),
        )


def _digest(kind: PageKind, conversation: str | None, bodies: tuple[Body, ...], *, loaded_at: float) -> str:
    """Return what tells one state of a page from another: its answers; of a page without any, its loading."""
    told = hashlib.sha256(f"{kind} {conversation} {'' if bodies else loaded_at}".encode())
    for body in bodies:
        told.update(f"{body.url} {body.status}\n".encode())
        told.update(body.content)
    return told.hexdigest()
