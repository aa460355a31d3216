"""The login window: an ordinary browser on the account's profile, without automation attached. It is the human's."""

import os
import subprocess
from pathlib import Path

from watcher.browser.finder import find_browser, sandbox_works
from watcher.browser.ownership import require_usable
from watcher.browser.profile import KEEP_SESSION_COOKIES, password_store_arguments, profile_of
from watcher.errors import BrowserError
from watcher.system import is_mac, is_windows
from watcher.texts.language import _


def open_login_window(
    account: str, *, url: str, storage: Path, executable: Path | None, channel: str | None = None
) -> None:
    """Open a window at `url` and wait until the human has closed it. Nothing in it is read or touched.

    Raises:
        BrowserError: there is no display or no browser, or the browser refused to start.
        BusyError: the profile is in use.
    """
    require_display()
    browser = find_browser(executable, channel=channel, downloaded=None if executable else _downloaded())
    with profile_of(account, storage) as profile:
        require_usable(profile, browser)
        command = [
            str(browser),
            f"--user-data-dir={profile}",
            "--no-first-run",
            "--no-default-browser-check",
            KEEP_SESSION_COOKIES,
            # Otherwise the window would remember where sites want reports to be posted later on.
            "--disable-features=Reporting,NetworkErrorLogging",
            *password_store_arguments(),
            *([] if sandbox_works() else ["--no-sandbox"]),
            url,
        ]
        ended = subprocess.run(
            command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    if ended.returncode != 0:
        if lacks_display(ended.stderr):
            raise no_display()
        last = ended.stderr.strip().splitlines()[-1:] or [f"exit code {ended.returncode}"]
        raise BrowserError(
            _("{browser} ended with an error: {reason}").format(browser=browser, reason=last[0][:300])
        )


def require_display() -> None:
    """Stop where no window can be shown.

    Raises:
        BrowserError: there is no display.
    """
    if not has_display():
        raise no_display()


def no_display() -> BrowserError:
    """Return the fault that there is no display."""
    return BrowserError(
        _("There is no display to open a window on."),
        advice=_(
            "Run this command on the desktop, or over `ssh -X`; the profile folder can also be copied from there."
        ),
    )


def lacks_display(said: str) -> bool:
    """Whether a browser that did not start says that it found no display, or one where nobody listens."""
    return "Missing X server" in said or "$DISPLAY" in said or "open display" in said


def has_display() -> bool:
    """Whether a window can be shown here, as far as the environment says."""
    if is_mac() or is_windows():
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _downloaded() -> Path | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - 0.2 s that only this command needs

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)
