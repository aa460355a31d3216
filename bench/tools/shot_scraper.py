"""shot-scraper: one picture of each page; to compare them is left to whoever uses it."""

import json
import time
from hashlib import sha256

from bench import spent
from bench.environments import environment, version
from bench.tools.setting import Setting
from bench.tools.tool import Round

_TIMEOUT_MS = 15_000
# It has no option for the browser's program.
_LAUNCH = """
import sys
from playwright.sync_api import BrowserType
from shot_scraper.cli import cli
begin = BrowserType.launch
BrowserType.launch = lambda self, **options: begin(self, executable_path=sys.argv[1], **options)
cli(sys.argv[2:])
"""


class ShotScraper:
    """`shot-scraper multi --fail`, logged in by `--auth`; what it says of itself is an exit code other than 0.

    It is no watcher. So that there is something to compare, the pictures are compared byte by byte with those of the round before.
    """

    name = "shot-scraper"
    version = version("shot-scraper")
    sends_mail = False
    does = "opens each page in a tab of its own in one browser, waits for the selector, takes a picture of the whole page; reads and compares nothing"

    def __init__(self, setting: Setting) -> None:
        self._folder = setting.folder / "shot-scraper"
        self._folder.mkdir()
        self._pictures: dict[str, str] = {}
        shots = [
            {
                "url": page.url,
                "output": f"{number}.png",
                "wait_for": f"document.querySelector({json.dumps(page.ready)})",
            }
            for number, page in enumerate(setting.pages)
        ]
        (self._folder / "shots.yaml").write_text(json.dumps(shots), encoding="utf-8")
        state = {
            "cookies": [
                {"expires": time.time() + 86_400, **cookie} for cookie in setting.shop.login_cookies()
            ]
        }
        (self._folder / "auth.json").write_text(json.dumps(state), encoding="utf-8")
        python = environment("shot-scraper") / "bin" / "python"
        options = ("multi", "shots.yaml", "--auth", "auth.json", "--timeout", str(_TIMEOUT_MS), "--fail")
        self._command = [str(python), "-c", _LAUNCH, str(setting.browser), *options]

    def round(self, *, memory: bool = False, seconds: float = 600) -> Round:
        """Take all pictures."""
        done = spent.run(self._command, memory=memory, seconds=seconds, folder=self._folder)
        pictures = {path.name: sha256(path.read_bytes()).hexdigest() for path in self._folder.glob("*.png")}
        before, self._pictures = self._pictures, pictures
        said = f"exit code {done.code}" if done.code else ""
        if not said and before and before != pictures:
            said = "another picture"
        return Round(wall=done.wall, cpu=done.cpu, peak=done.peak, said=said)

    def pause(self) -> None:
        """Nothing runs between two rounds."""

    def close(self) -> None:
        """Nothing is left."""
