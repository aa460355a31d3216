"""The floor: a bare Playwright script that fetches the same bytes as a check, in one browser and one tab."""

import sys
from importlib.metadata import version
from pathlib import Path

from bench import spent
from bench.place import log_in
from bench.tools.setting import Setting
from bench.tools.tool import Round

_SCRIPT = Path(__file__).parent.parent / "bare_playwright.py"


class BarePlaywright:
    """Opens the pages, waits for their marks, takes markup and JSON, and forgets them."""

    name = "bare Playwright"
    version = version("playwright")
    sends_mail = False
    does = "the floor: opens the same pages in one tab of one browser, takes markup and JSON; compares and keeps nothing, no guard"

    def __init__(self, setting: Setting) -> None:
        folder = setting.folder / "bare"
        log_in(folder, setting.shop)
        profile = folder / "profiles" / "main"
        self._command = [sys.executable, _SCRIPT, profile, setting.shop.base_url, *setting.conversations]

    def round(self, *, memory: bool = False, seconds: float = 600) -> Round:
        """Run the script."""
        done = spent.run(self._command, memory=memory, seconds=seconds)
        if done.code:
            raise RuntimeError(f"the bare script ended with {done.code}: {done.err[-500:]}")
        return Round(wall=done.wall, cpu=done.cpu, peak=done.peak, said="")

    def pause(self) -> None:
        """Nothing runs between two rounds."""

    def close(self) -> None:
        """Nothing is left."""
