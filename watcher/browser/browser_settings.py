"""How the browser is used."""

from dataclasses import dataclass
from pathlib import Path

from watcher.pages.signals import SHIPPED, Signals


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
    switches: tuple[str, ...] = ()
    """Further switches for the browser. No config sets them: tests do, for a certificate of their own."""
