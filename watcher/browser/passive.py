"""The passive mode: the human browses in a visible window, and what the human opens of the message box is captured.

Nothing here navigates, scrolls, clicks, types or resizes; only the window's first page is ours. The read-only guard is
off: what the human clicks is the human's, and that first page says so. Dialogs and downloads are left to the human.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Dialog, Error, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as NothingHappenedError

from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.circumstances import program_facts, time_facts
from watcher.browser.events import listen
from watcher.browser.finder import find_browser, sandbox_works
from watcher.browser.launch_fault import launch_fault
from watcher.browser.login import require_display
from watcher.browser.ownership import remember_user, require_usable
from watcher.browser.profile import KEEP_SESSION_COOKIES, profile_of
from watcher.browser.tab import Memory, Sight, Tab
from watcher.browser.welcome import write_welcome
from watcher.domain.capture import Capture
from watcher.pages.cleaning import clean
from watcher.texts.language import Language

_PUMP_MILLISECONDS = 100
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
            state of a page is never given twice. What it raises ends the window.
        clock: the present moment.
        new_id: an id that nobody has used before.
        language: in which the window's first page speaks.
        visible: whether there is a window; without one only a program can be the human.
        playwright: the driver, where the process holds one already.
        stop: set to end it from outside.
        human: called between two looks, for whoever acts in the human's place.

    Raises:
        BrowserError: there is no browser or no display, or the profile belongs to another browser.
        BusyError: a check, a login window or another browser holds the profile.
        StorageError: the profile cannot be written.
    """
    if visible:
        require_display()
    with profile_of(account, settings.storage) as profile, _driver(playwright) as driver:
        browser = find_browser(
            settings.executable,
            channel=settings.channel,
            downloaded=Path(driver.chromium.executable_path),
        )
        require_usable(profile, browser)
        first_page = write_welcome(profile, base_url=settings.base_url, language=language)
        context = _open_window(driver, browser, profile, visible=visible)
        try:
            try:
                version = _settle_in(context, first_page)
                tabs = _watch(context, settings)
            except Error as error:
                if context.pages:
                    raise launch_fault(error, browser=browser, profile=profile) from error
                return  # the human was quicker
            while _is_open(context) and not (stop is not None and stop.is_set()):
                if human is not None:
                    human(context)
                for sight in [sight for tab in list(tabs.values()) for sight in tab.sights()]:
                    on_capture(_capture(sight, account, version, id_=new_id(), taken_at=clock()))
        finally:
            _close(context)
            remember_user(profile, browser)


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
            # Light or dark, moving or still, as the human has set the desktop.
            color_scheme="null",
            reduced_motion="null",
            forced_colors="null",
            contrast="null",
            timeout=_LAUNCH_MILLISECONDS,
        )
    except Error as error:
        raise launch_fault(error, browser=browser, profile=profile) from error


def _settle_in(context: BrowserContext, first_page: str) -> str:
    """Hand the window to the human, show its first page, and return the browser's version."""
    context.on("dialog", _leave_to_the_human)
    page = context.pages[0] if context.pages else context.new_page()
    session = context.new_cdp_session(page)
    # Playwright would keep downloads to itself and delete them in the end; the human wants the shipping label.
    session.send("Browser.setDownloadBehavior", {"behavior": "default"})
    version = str(session.send("Browser.getVersion")["product"])
    session.detach()
    page.goto(first_page)
    return version


def _leave_to_the_human(_dialog: Dialog) -> None:
    """Do nothing: a dialog that nobody listens for is dismissed by Playwright, whatever the human was about to say."""


def _watch(context: BrowserContext, settings: BrowserSettings) -> dict[Page, Tab]:
    """Watch all tabs, those to come as well; return those that are open, at any time."""
    memory, tabs = Memory(), dict[Page, Tab]()

    def take(page: Page) -> None:
        tabs[page] = Tab(page, settings=settings, memory=memory)
        page.on("close", forget)

    def forget(page: Page) -> None:
        tabs.pop(page, None)

    # Asked for at the window, so that not one request of a new tab comes before its listeners.
    listen(context, "request", _let_pass)
    listen(context, "response", _let_pass)
    listen(context, "requestfinished", _let_pass)
    listen(context, "requestfailed", _let_pass)
    context.on("page", take)
    for page in context.pages:
        take(page)
    return tabs


def _let_pass(_event: object) -> None:
    """Do nothing: the tabs' own listeners hear it as well."""


def _is_open(context: BrowserContext) -> bool:
    """Whether a window is left, after a moment: events only arrive while the driver is asked for something."""
    try:
        context.wait_for_event("close", timeout=_PUMP_MILLISECONDS)
    except NothingHappenedError:
        return bool(context.pages)
    except Error:
        return False
    return False


def _close(context: BrowserContext) -> None:
    try:
        context.close()
    except Error:
        pass  # the human was quicker


def _capture(sight: Sight, account: str, browser: str, *, id_: str, taken_at: datetime) -> Capture:
    facts = {
        "mode": "passive",
        **program_facts(browser=browser),
        **time_facts(taken_at, None),
        "viewport": sight.viewport,
    }
    capture = Capture(
        id=id_,
        account=account,
        kind=sight.kind,
        conversation=sight.conversation,
        taken_at=taken_at,
        url=sight.url,
        final_url=sight.url,
        status=sight.status,
        html=sight.html,
        screenshot=sight.picture,
        screenshot_type="image/png",
        preview=sight.picture,
        bodies=sight.heard.bodies,
        lost_bodies=sight.heard.lost,
        settled=sight.settled,
        facts=tuple(facts.items()),
        document=sight.document,
        extras=sight.extras,
        missing=sight.missing,
    )
    return clean(capture, sight.scrubber)
