"""A browser profile per account: private to its owner, used by one browser at a time."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from watcher.errors import BusyError, StorageError
from watcher.system import is_linux, is_mac
from watcher.texts.language import _

PROFILES = "profiles"

# A cookie without an expiry ends with the browser unless the browser means to restore its last session. With this
# switch it keeps them, in a window of the human as in a visit; and with no session file there are no tabs to restore.
KEEP_SESSION_COOKIES = "--restore-last-session"
_CONTINUE = 1


@contextmanager
def profile_of(account: str, storage: Path) -> Iterator[Path]:
    """Hold an account's profile folder (0700, made if missing) for the length of the block.

    Raises:
        BusyError: another check or a login window holds it.
        StorageError: the folder cannot be made.
    """
    folder = storage / PROFILES / account
    try:
        for part in (folder.parent, folder):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.chmod(0o700)
    except OSError as error:
        raise StorageError(
            _("The browser profile {folder} cannot be written: {reason}.").format(
                folder=folder, reason=error.strerror or error
            ),
            advice=_("Choose another one with [storage] dir in the config, or make this one writable."),
        ) from error
    try:
        with FileLock(folder.with_name(f"{account}.lock"), timeout=0):
            _keep_session_cookies(folder)
            _forget_tabs(folder)
            _forget_report_addresses(folder)
            yield folder
    except Timeout as error:
        raise BusyError(
            _("The account {account} is being visited, or its login window is still open.").format(
                account=account
            ),
            advice=_("Close the window, or try again in a minute."),
        ) from error


def password_store_arguments() -> list[str]:
    """Return the switches that let a visit read the cookies of the login window: both must encrypt them alike.

    Playwright starts Chromium with these; an ordinary window would use the desktop's key ring instead.
    """
    if is_mac():
        return ["--use-mock-keychain"]
    return ["--password-store=basic"] if is_linux() else []


def _keep_session_cookies(folder: Path) -> None:
    """Set the profile to "continue where you left off": a window that is closed would else delete them on its way out.

    A preferences file that cannot be read is left alone: it is the browser's, and it mends it by itself.
    """
    path = folder / "Default" / "Preferences"
    try:
        preferences = json.loads(path.read_bytes()) if path.is_file() else {}
    except ValueError:
        return
    session = preferences.setdefault("session", {})
    if session.get("restore_on_startup") != _CONTINUE:
        session["restore_on_startup"] = _CONTINUE
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(json.dumps(preferences), encoding="utf-8")


def _forget_tabs(folder: Path) -> None:
    """Remove the list of open tabs: a visit begins with an empty page, whatever the last window showed."""
    shutil.rmtree(folder / "Default" / "Sessions", ignore_errors=True)


def _forget_report_addresses(folder: Path) -> None:
    """Remove what an unguarded window has remembered of where sites want reports: the browser itself would post them.

    Chromium keeps it in a file of the profile (chromium/src/chrome/browser/net/profile_network_context_service.cc).
    """
    for place in (folder / "Default", folder / "Default" / "Network"):
        for path in place.glob("Reporting and NEL*"):
            path.unlink(missing_ok=True)
