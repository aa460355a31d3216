"""Looking at browser and profiles without a visit."""

import re
import subprocess
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.app.doctor.folder import bytes_in, mode_of
from watcher.app.doctor.visiting import BrowserFacts, ProfileFacts
from watcher.browser import guard
from watcher.browser.finder import find_browser
from watcher.browser.ownership import holder_of, version_of_profile
from watcher.browser.profile import PROFILES
from watcher.errors import BrowserError
from watcher.scratch import scratch
from watcher.system import is_linux, is_windows

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

    from watcher.browser.browser_settings import BrowserSettings

_VERSION = re.compile(r"\b\d{1,5}(?:\.\d{1,5}){1,3}\b")
_PRODUCTS = ("Chrome", "HeadlessChrome", "Edg")
"""What browsers of this family call themselves over the DevTools protocol, before a slash and their version."""


def examine_browser(executable: Path | None, channel: str | None, *, seconds: float) -> BrowserFacts:
    """Return which browser visits would use, and the version that it says it has, if it does within `seconds`.

    Raises:
        BrowserError: there is none.
    """
    program = _found(executable, channel)
    chosen_by = "executable" if executable else "channel" if channel else "itself"
    return BrowserFacts(program=program, chosen_by=chosen_by, version=_version(program, seconds=seconds))


def examine_profile(account: str, storage: Path, *, is_held: bool) -> ProfileFacts:
    """Return how an account's profile stands; `is_held` says whether its lock is taken."""
    folder = storage / PROFILES / account
    if not folder.is_dir():
        return ProfileFacts(account=account, folder=folder, is_there=False)
    return ProfileFacts(
        account=account,
        folder=folder,
        is_there=True,
        is_held=is_held,
        holder=holder_of(folder),
        written_by=version_of_profile(folder),
        mode=mode_of(folder),
        size=bytes_in(folder),
    )


def lock_of_profile(account: str, storage: Path) -> Path:
    """Return the file that is locked while an account's profile is in use."""
    return storage / PROFILES / f"{account}.lock"


def proof_keys(version: str, *, allow: Sequence[str], hosts: Sequence[str], headless: bool) -> list[str]:
    """Return under which names a proof of the guard in this browser may be remembered, with the rules in force."""
    with scratch("doctor") as folder:
        fingerprint = guard.fingerprint(guard.write_extension(folder, allow=allow, hosts=hosts))
    return [guard.proof_key(f"{product}/{version}", fingerprint, headless=headless) for product in _PRODUCTS]


def prove_guard(settings: "BrowserSettings", *, playwright: "Playwright | None" = None) -> None:
    """Prove the guard now, with a profile and an extension that are thrown away; only pages on loopback are opened.

    Raises:
        BrowserError: there is no browser, or the guard does not hold in it.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - 0.2 s that only a proof needs

    from watcher.browser import visitor  # noqa: PLC0415

    program = _found(settings.executable, settings.channel)
    with (
        nullcontext(playwright) if playwright else sync_playwright() as driver,
        scratch("doctor") as folder,
    ):
        extension = guard.write_extension(folder, allow=settings.allow, hosts=settings.hosts)
        visitor.prove_guard(driver, settings, program, extension)


def _found(executable: Path | None, channel: str | None) -> Path:
    """Return the browser; the driver, which takes half a second, is only asked for its own where that matters."""
    if is_linux():
        try:
            return find_browser(executable, channel=channel)
        except BrowserError:
            if executable is not None:
                raise
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as driver:
        downloaded = Path(driver.chromium.executable_path)
    return find_browser(executable, channel=channel, downloaded=downloaded)


def _version(program: Path, *, seconds: float) -> str | None:
    """Return the version that a browser tells; `None` where it does not (on Windows it would open a window)."""
    if is_windows():
        return None
    try:
        told = subprocess.run(
            [str(program), "--version"], capture_output=True, timeout=seconds, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(told.decode(errors="replace"))
    return found[0] if found else None
