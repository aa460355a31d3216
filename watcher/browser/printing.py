"""The press: a browser without a net, on a profile that is thrown away, that prints pages and makes photos small."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from watcher.app.press import Piece, PressFault
from watcher.browser.features import features_left_off
from watcher.browser.finder import find_browser, sandbox_works
from watcher.browser.launch_fault import launch_fault
from watcher.browser.small_photo import PhotoTab
from watcher.scratch import scratch

_LAUNCH_MILLISECONDS = 60_000
_PAGE_MILLISECONDS = 300_000
"""A dossier of a thousand pages is laid out within a minute on a slow machine."""
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-extensions",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
"""Whatever a page names, nobody is looked up: offline contexts alone do not keep the browser itself from calling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserPress:
    """Prints in a browser that runs already."""

    printer: BrowserContext
    """Runs no scripts."""
    photos: PhotoTab

    def photo(self, picture: bytes, *, media_type: str, target: Path, widest: int) -> Piece:
        """Make a small, upright JPEG of a photo."""
        return self.photos.photo(picture, media_type=media_type, target=target, widest=widest)

    def print(self, page: Path, target: Path) -> None:
        """Print an HTML file as a tagged PDF with an outline."""
        tab: Page | None = None
        try:
            tab = self.printer.new_page()
            tab.goto(page.as_uri(), wait_until="load", timeout=_PAGE_MILLISECONDS)
            tab.set_default_timeout(_PAGE_MILLISECONDS)
            tab.pdf(path=target, tagged=True, outline=True, print_background=True, prefer_css_page_size=True)
        except Error as error:
            raise PressFault(reason_of(error)) from error
        finally:
            if tab is not None:
                _close(tab)


@contextmanager
def press(executable: Path | None, channel: str | None = None) -> Iterator[BrowserPress]:
    """Start the browser that visits use, without its profile and without a net; it is gone when the block ends.

    Raises:
        BrowserError: there is none, or it did not start.
    """
    if executable is not None:
        find_browser(
            executable
        )  # a wrong one is told before the driver is started, which takes half a second
    with (
        scratch("press") as folder,
        sync_playwright() as playwright,
    ):
        program = find_browser(
            executable, channel=channel, downloaded=Path(playwright.chromium.executable_path)
        )
        try:
            browser = playwright.chromium.launch(
                executable_path=program,
                headless=True,
                chromium_sandbox=sandbox_works(),
                args=[*_ARGUMENTS, *features_left_off()],
                timeout=_LAUNCH_MILLISECONDS,
            )
        except Error as error:
            raise launch_fault(error, browser=program, profile=folder) from error
        try:
            with press_in(browser) as built:
                yield built
        finally:
            _close(browser)


@contextmanager
def press_in(browser: Browser) -> Iterator[BrowserPress]:
    """Return a press in a browser that is there; only its own contexts end with the block."""
    printer = browser.new_context(java_script_enabled=False, offline=True, accept_downloads=False)
    painter = browser.new_context(offline=True, accept_downloads=False, service_workers="block")
    try:
        yield BrowserPress(printer=printer, photos=PhotoTab(painter))
    finally:
        _close(printer)
        _close(painter)


def reason_of(error: Error) -> str:
    """Return a browser's error in one line."""
    return (error.message.splitlines() or [""])[0].strip() or type(error).__name__


def _close(open_thing: Page | Browser | BrowserContext) -> None:
    try:
        open_thing.close()
    except Error:
        pass  # it is gone already
