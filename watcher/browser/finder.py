"""Which browser to use."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from watcher.errors import BrowserError
from watcher.system import is_mac, is_root, is_windows
from watcher.texts.language import _

# Chromium first: branded Chrome and Edge are said to ignore --load-extension, and then the proof of the guard fails.
_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
)
_MAC = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    r"Chromium\Application\chrome.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)


def sandbox_works() -> bool:
    """Whether Chromium's own sandbox can stay on: it refuses to start with it for root."""
    return not is_root()


def how_to_get_one() -> str:
    """Say how a usable browser is had."""
    return _(
        "Install Chromium (Debian, Ubuntu: `sudo apt install chromium`), or run `playwright install chromium`, "
        'or name your browser in the config: [browser] executable = "/path/to/chromium".'
    )


def find_browser(
    configured: Path | None, *, channel: str | None = None, downloaded: Path | None = None
) -> Path:
    """Return the browser to start: the configured one, else the first that is installed.

    Args:
        configured: `[browser] executable`; it is never silently replaced by another one.
        channel: `[browser] channel`; then only browsers of that name are looked for.
        downloaded: where Playwright would put its own Chromium.

    Raises:
        BrowserError: there is none, or the configured one is not a program.
    """
    if configured is not None:
        if not configured.is_file() or not os.access(configured, os.X_OK):
            raise BrowserError(
                _("[browser] executable: {path} is not a program.").format(path=configured),
                advice=how_to_get_one(),
            )
        return configured
    if channel is not None:
        found = next((path for path in _candidates(downloaded) if _channel_of(path) == channel), None)
        if found is None:
            raise BrowserError(
                _("[browser] channel: {channel} is not installed.").format(channel=channel),
                advice=how_to_get_one(),
            )
        return found
    found = next(_candidates(downloaded), None)
    if found is None:
        raise BrowserError(_("No browser was found (Chromium, Chrome or Edge)."), advice=how_to_get_one())
    return found


def _channel_of(path: Path) -> str:
    """Return which browser a program is, by its place: installers choose the names."""
    told = "/".join(path.parts[-4:]).lower()
    if "edge" in told:
        return "msedge"
    return "chrome" if "google" in told else "chromium"


def _candidates(downloaded: Path | None) -> Iterator[Path]:
    for command in _COMMANDS:
        path = shutil.which(command)
        if path is not None:
            yield Path(path)
    if downloaded is not None and downloaded.is_file():
        yield downloaded
    if is_mac():
        yield from (place for name in _MAC if (place := Path("/Applications") / name).is_file())
    if is_windows():
        folders = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        yield from (
            place
            for folder in folders
            if folder
            for name in _WINDOWS
            if (place := Path(folder) / name).is_file()
        )
