"""Plays the human at the practice shop's login form. The program itself never types anything anywhere."""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from watcher.browser.features import features_left_off
from watcher.browser.finder import find_browser
from watcher.browser.profile import KEEP_SESSION_COOKIES, profile_of


def log_in_at_practice_shop(
    account: str, *, url: str, email: str, password: str, storage: Path, executable: Path | None
) -> None:
    """Log a profile in at the practice shop, as a person would in the login window.

    Raises:
        ValueError: the address is not on this very machine: nobody is played anywhere else.
    """
    if not url.startswith("http://127.0.0.1:"):
        raise ValueError(f"not the practice shop: {url}")
    with profile_of(account, storage) as profile, sync_playwright() as playwright:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_browser(executable, downloaded=Path(playwright.chromium.executable_path)),
            headless=True,
            chromium_sandbox=not is_root,
            args=[KEEP_SESSION_COOKIES, *features_left_off()],
            locale="de-DE",
        )
        page = context.pages[0]
        page.goto(url)
        page.fill("#username", email)
        page.fill("input[type='password']", password)
        page.click("button[type='submit']")
        page.wait_for_selector("#user-email")
        context.close()
