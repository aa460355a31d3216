"""The circumstances of a capture that stand in its facts: when, with what, and under which options."""

import platform
from datetime import datetime
from urllib.parse import urlsplit

from playwright.sync_api import ViewportSize

from watcher import __version__
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.picture import USUAL_VIEWPORT
from watcher.domain.picture_size import size_of


def program_facts(*, browser: str) -> dict[str, str]:
    """Return with which programs a page was looked at."""
    return {
        "browser": browser,
        "program": f"stornowacht {__version__}",
        "system": f"{platform.system()} {platform.machine()}".strip(),
    }


def time_facts(taken_at: datetime, clock_offset: float | None) -> dict[str, str]:
    """Return when a page was looked at by the wall clock, and how far that clock was off, as far as the server told."""
    facts = {"taken_at_local": taken_at.astimezone().isoformat()}
    if clock_offset is not None:
        facts["clock_offset_seconds"] = f"{clock_offset:+.1f}"
        facts["clock_offset_source"] = "the Date header of an answer; positive: the server's clock is ahead"
    return facts


def window_facts(opened: ViewportSize | None, picture: bytes) -> dict[str, str]:
    """Return how large the window was, how tall it was made for the picture, and how many pixels one CSS pixel is."""
    facts = {"viewport": _size(USUAL_VIEWPORT)}
    if opened is not None and opened != USUAL_VIEWPORT:
        facts["viewport_opened_to"] = _size(opened)
    size = size_of(picture)
    if size is not None and opened is not None:
        facts["device_scale"] = f"{size[0] / opened['width']:g}"
    return facts


def settings_facts(settings: BrowserSettings) -> dict[str, str]:
    """Return the options in force."""
    return {
        "headless": str(settings.headless).lower(),
        "channel": settings.channel or "",
        "proxy": shown_proxy(settings.proxy),
        "hosts": " ".join(settings.hosts),
        "allow": " ".join(settings.allow),
        "settle_seconds": f"{settings.settle_seconds:g}",
    }


def shown_proxy(proxy: str) -> str:
    """Return a proxy's address without the name and the password that may stand in it."""
    try:
        parts = urlsplit(proxy)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "?"
    if not host:
        return f"{parts.scheme}://" if parts.scheme else "?"
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _size(viewport: ViewportSize) -> str:
    return f"{viewport['width']}x{viewport['height']}"
