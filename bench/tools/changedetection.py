"""changedetection.io: a daemon with a browser beside it; a round is what its API calls `recheck_all`."""

import json
import os
import re
import socket
import subprocess
import time
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil

from bench import spent
from bench.environments import environment, version
from bench.tools.setting import Page, Setting
from bench.tools.tool import Round

# It has no "wait for this selector". A script that waits for it is the quickest way it offers: its browser steps take a second and a
# half each, and its usual wait is five seconds for every page.
_WAIT = """new Promise(done => {{
  const end = Date.now() + 15000;
  const look = () => document.querySelector({ready}) || Date.now() > end ? done() : setTimeout(look, 20);
  look();
}})"""
_LISTENING = re.compile(r"ws://\S+")


class ChangeDetection:
    """Watches with the Playwright fetcher and one Chromium that stays alive (cheaper than one for each page, as its own image has it).

    The login is given by a `Cookie` header. What it says of itself stands in its API: an error of a watch (`last_error`), or a watch
    with a new entry in its history.
    """

    name = "changedetection.io"
    version = version("changedetection.io")
    sends_mail = True
    does = (
        "opens each page in a fresh context of one living browser (as many at once as there are processors), waits by a script,"
        " takes markup and picture, takes the text of the one part that counts, compares it with the last; no guard"
    )

    def __init__(self, setting: Setting) -> None:
        self._folder = setting.folder / "changedetection"
        self._folder.mkdir()
        self._processes: list[psutil.Process] = []
        try:
            self._start(setting)
        except BaseException:
            self.close()
            raise

    def _start(self, setting: Setting) -> None:
        switches = ["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu"]
        if os.geteuid() == 0:
            switches.append("--no-sandbox")
        log = (self._folder / "browser.log").open("wb")
        command = [
            str(setting.browser),
            *switches,
            f"--user-data-dir={self._folder / 'profile'}",
            "about:blank",
        ]
        self._begin(command, log=log)
        spent.seconds_until(self._browser_address, within=30)
        port = _free_port()
        told = {
            **os.environ,
            "PLAYWRIGHT_DRIVER_URL": self._browser_address(),
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "DISABLE_VERSION_CHECK": "true",
            "LLM_FEATURES_DISABLED": "true",
            "FETCH_WORKERS": str(os.cpu_count() or 2),
            "MINIMUM_SECONDS_RECHECK_TIME": "0",
            "WEBDRIVER_DELAY_BEFORE_CONTENT_READY": "0",
            "LISTEN_HOST": "127.0.0.1",
            "LOGGER_LEVEL": "ERROR",
        }
        program = environment("changedetection.io") / "bin" / "changedetection.io"
        log = (self._folder / "log").open("wb")
        mail = (
            f"mailto://127.0.0.1:{setting.mail_port}/?from=cdio@example.org&to=me@example.org&mode=insecure"
        )
        cookie = "; ".join(f"{name}={value}" for name, value in setting.cookies().items())
        # Without watches from the start it begins with two of its own that fetch from elsewhere.
        watches: list[str] = []
        for number, page in enumerate(setting.pages):
            watches += ["-u", page.url, f"-u{number}", json.dumps(self._watch(page, cookie, mail))]
        self._begin(
            [str(program), "-d", str(self._folder / "data"), "-C", "-p", str(port), *watches],
            log=log,
            environment=told,
        )
        self._url = f"http://127.0.0.1:{port}/api/v1"
        spent.seconds_until(self._answers, within=90, step=0.5)
        self._seen: dict[str, int] = {}
        self._looked = 0

    def _begin(self, command: list[str], *, log: Any, environment: dict[str, str] | None = None) -> None:
        with log:
            self._processes.append(
                psutil.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
            )

    def _browser_address(self) -> str:
        found = _LISTENING.search((self._folder / "browser.log").read_text(errors="replace"))
        return found[0] if found else ""

    def _answers(self) -> bool:
        settings = self._folder / "data" / "changedetection.json"
        if not settings.is_file():
            return False
        try:
            told = json.loads(settings.read_text())
            self._key = told["settings"]["application"]["api_access_token"]
            self._ask("GET", "/watch")
        except (URLError, ConnectionError, ValueError, KeyError):
            return False
        return True

    def _watch(self, page: Page, cookie: str, mail: str) -> dict[str, Any]:
        return {
            "notification_urls": [mail],
            "title": page.name,
            "fetch_backend": "html_webdriver",
            "include_filters": [page.part],
            "headers": {"Cookie": cookie},
            "webdriver_js_execute_code": _WAIT.format(ready=json.dumps(page.ready)),
            "time_between_check_use_default": False,
            "time_between_check": {"weeks": 52},
        }

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"x-api-key": self._key, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._url + path, data=data, headers=headers, method=method)  # noqa: S310 - loopback
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def round(self, *, memory: bool = False, seconds: float = 600) -> Round:
        """Have all watches looked at, and wait until each of them has been."""
        self._let(run=True)
        used, watched = spent.cpu_seconds(*self._processes), None
        if memory:
            watched = spent.Peak(lambda: spent.family(*self._processes))
        try:
            begin = time.perf_counter()
            if self._looked:  # new watches are looked at without being asked to
                self._ask("GET", "/watch?recheck_all=1")
            self._looked += 1
            self._wait(seconds)
            wall = time.perf_counter() - begin
        finally:
            peak = watched.stop() if watched else None
        cpu = spent.cpu_seconds(*self._processes) - used
        return Round(wall=wall, cpu=cpu, peak=peak, said=self._said())

    def _wait(self, seconds: float) -> None:
        """Wait until each watch has been looked at that often; to ask for one that is not yet done costs it little."""
        waiting = list(self._ask("GET", "/watch"))

        def done() -> bool:
            while waiting and int(self._ask("GET", f"/watch/{waiting[-1]}")["check_count"]) >= self._looked:
                waiting.pop()
            return not waiting

        spent.seconds_until(done, within=seconds, step=0.1)

    def _said(self) -> str:
        said, seen = set(), {}
        for uuid in self._ask("GET", "/watch"):
            watch = self._ask("GET", f"/watch/{uuid}")
            seen[uuid] = int(watch.get("history_n") or 0)
            if watch["last_error"]:
                said.add("error")
            if seen[uuid] > self._seen.get(uuid, seen[uuid]):
                said.add("changed")
        self._seen = seen
        return ", ".join(sorted(said))

    def pause(self) -> None:
        """Stop the daemon and its browser in mid-step: idle, they would cost the others a little."""
        self._let(run=False)

    def _let(self, *, run: bool) -> None:
        for process in spent.family(*self._processes):
            try:
                if run:
                    process.resume()
                else:
                    process.suspend()
            except psutil.Error:
                continue

    def close(self) -> None:
        """End daemon and browser."""
        self._let(run=True)
        spent.end(reversed(self._processes))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
