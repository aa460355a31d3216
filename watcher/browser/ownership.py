"""Whose a browser profile is: whether this browser can use it, and nobody else does."""

import re
import socket
import subprocess
from pathlib import Path

from watcher.errors import BrowserError, BusyError
from watcher.system import is_windows
from watcher.texts.language import _

_VERSION = re.compile(r"\b(\d{1,5})(?:\.\d{1,5}){1,3}")
_SECONDS = 10
_NOTE = "stornowacht-browser"


def require_usable(profile: Path, browser: Path) -> None:
    """Stop where a browser would refuse the profile, or open its window in somebody else's hands.

    Raises:
        BrowserError: a newer version of the browser has written the profile; an older one would damage or refuse it.
        BusyError: a browser that this program did not start has the profile open, here or on another machine.
    """
    holder = holder_of(profile)
    if holder is not None:
        raise BusyError(
            _("The browser profile {profile} is open in another browser ({holder}).").format(
                profile=profile, holder=holder
            ),
            advice=_(
                "Close that window. If there is none (the machine had another name, or a shared folder was cut off), "
                "delete the file SingletonLock in that folder."
            ),
        )
    written = version_of_profile(profile)
    if written is None or _was_written_by(profile, browser):
        return
    present = version_of_browser(browser)
    if present is not None and written > present:
        raise BrowserError(
            _(
                "The browser profile {profile} was last used by version {written}; {browser} is version {present}."
            ).format(profile=profile, written=written, browser=browser, present=present),
            advice=_(
                "Take the newer browser again ([browser] executable), or move the profile folder aside and log in anew."
            ),
        )


def holder_of(profile: Path) -> str | None:
    """Return who has the profile open, as host and process; a lock whose process is gone counts for nothing.

    Chromium marks a profile in use by a link `SingletonLock` to `host-pid` (chrome/browser/process_singleton_posix.cc);
    on Windows it keeps a handle, and starting it is the only test.
    """
    try:
        host, _dash, number = str((profile / "SingletonLock").readlink()).rpartition("-")
    except OSError:
        return None
    if not number.isdecimal():
        return None
    if host != socket.gethostname():
        return f"{host}, {number}"
    import psutil  # noqa: PLC0415 - most profiles bear no such mark, and need not wait for it

    try:
        owner = psutil.Process(int(number))
        name = owner.name().lower()
        if owner.status() == psutil.STATUS_ZOMBIE:
            return None  # it has ended; in a container nobody may ever ask how
    except (psutil.Error, OverflowError):
        return None
    is_browser = any(
        word in name for word in ("chrom", "edge")
    )  # another program may have got the number since
    return f"{host}, {number}" if is_browser else None


def version_of_profile(profile: Path) -> int | None:
    """Return the major version of the browser that last used a profile; `None` where it does not say."""
    found = _VERSION.search(_text(profile / "Last Version"))
    return int(found[1]) if found else None


def remember_user(profile: Path, browser: Path) -> None:
    """Note which browser used a profile, so that the next start need not ask it for its version: that takes 0.3 s."""
    note = profile / _NOTE
    told = _signature(profile, browser)
    if _text(note) != told:
        note.write_text(told, encoding="utf-8")


def _was_written_by(profile: Path, browser: Path) -> bool:
    return _text(profile / _NOTE) == _signature(profile, browser)


def _signature(profile: Path, browser: Path) -> str:
    about = browser.stat()
    return f"{browser} {about.st_size} {about.st_mtime_ns} {_text(profile / 'Last Version').strip()}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def version_of_browser(browser: Path) -> int | None:
    """Return a browser's major version; `None` where it does not answer (on Windows it would open a window)."""
    if is_windows():
        return None
    try:
        told = subprocess.run(
            [str(browser), "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(told)
    return int(found[1]) if found else None
