"""Why a browser did not start, or broke down, in words that name the way out."""

from pathlib import Path

from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as NotInTimeError

from watcher.browser.finder import how_to_get_one
from watcher.browser.login import lacks_display
from watcher.errors import BrowserError
from watcher.texts.language import _

_ALWAYS_SAID = ":dbus/"
"""Of a browser on a machine without a system bus, which starts all the same."""


def launch_fault(error: Error, *, browser: Path, profile: Path) -> BrowserError:
    """Return the fault to raise when Playwright could not launch a browser."""
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    told = (line for line in lines if ("ERROR" in line or "cannot" in line) and _ALWAYS_SAID not in line)
    reason = next(told, lines[0] if lines else "")
    if lacks_display(error.message):
        return BrowserError(
            _("{browser} needs a display and found none.").format(browser=browser),
            advice=_("Set [browser] headless = true in the config."),
        )
    if "SingletonLock" in error.message or "already in use" in error.message:
        return BrowserError(
            _("The browser profile {profile} is open in another browser window.").format(profile=profile),
            advice=_("Close that window."),
        )
    if isinstance(error, NotInTimeError):
        # Also when it ended meanwhile: Playwright waits for one that dies early until its patience is over.
        return BrowserError(
            _("{browser} did not get ready in time.").format(browser=browser), advice=_try_again()
        )
    return BrowserError(
        _("{browser} did not start: {reason}").format(browser=browser, reason=reason[:300]),
        advice=other_browser(),
    )


def broken_down(error: Error, *, browser: Path) -> BrowserError:
    """Return the fault to raise when a browser ends, or its driver does, while it is at work."""
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    return BrowserError(
        _("{browser} broke down during the check: {reason}").format(
            browser=browser, reason=(lines or [type(error).__name__])[0][:300]
        ),
        advice=_try_again(),
    )


def _try_again() -> str:
    return _("Try again. If it happens often: is there enough memory, and is the browser up to date?")


def other_browser() -> str:
    """Say which browsers can be used, and how one is had."""
    advice = _(
        "Take a plain Chromium: branded Chrome and Edge may ignore bundled extensions, and Playwright's headless shell "
        "loads none."
    )
    return f"{advice} {how_to_get_one()}"
