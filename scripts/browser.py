"""Make sure that there is a browser: look for one, else fetch one.

1. Chromium, Chrome or Edge that is installed.
2. `playwright install chromium`.
3. The system's package, where this user may install packages (root, or sudo without a question).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from watcher.browser.finder import find_browser, how_to_get_one
from watcher.errors import BrowserError


def main() -> int:
    """Return 0 when there is a browser at the end."""
    if _found():
        return 0
    print("No Chromium, Chrome or Edge found; trying `playwright install chromium` ...")
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True
    )
    if _found():
        return 0
    apt = shutil.which("apt-get")
    prefix = may_install()
    if apt and prefix is not None:
        print("That did not work here; installing the system's package `chromium` ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(
                [*prefix, apt, "-qq", *arguments], check=False, env=quiet, stdout=subprocess.DEVNULL
            )
    if _found():
        return 0
    print(how_to_get_one(), file=sys.stderr)
    return 1


def _found() -> bool:
    with sync_playwright() as playwright:
        downloaded = Path(playwright.chromium.executable_path)
    try:
        find_browser(None, downloaded=downloaded)
    except BrowserError:
        return False
    return True


def may_install() -> list[str] | None:
    """Return what to put before a command that installs packages; `None` where this user may not."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


if __name__ == "__main__":
    sys.exit(main())
