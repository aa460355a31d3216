"""webchanges: a list of jobs, a run of the command for each round."""

import json
import os
import re

from bench import spent
from bench.environments import environment, version
from bench.tools.setting import Setting
from bench.tools.tool import Round

_TIMEOUT_SECONDS = 15
_VERDICT = re.compile(r"^\d+\. (?P<verdict>[A-Z][A-Z ,()]+?)(?: \(.*\))?: (?P<job>.+)$", re.MULTILINE)


class WebChanges:
    """Jobs with `use_browser: true`, each waiting for the selector that says that the page is there.

    The login is given by the `cookies` directive. What it says of itself is the report on its standard output: it reports what is new,
    changed or in error, each below a heading such as `1. CHANGED: name`.
    """

    name = "webchanges"
    version = version("webchanges")
    sends_mail = True
    does = (
        "opens each page in a browser of its own (as many at once as it chooses: by memory and processors), waits for the selector,"
        " takes the text of the one part that counts, compares it with the last; no picture, no guard"
    )

    def __init__(self, setting: Setting) -> None:
        folder = setting.folder / "webchanges"
        folder.mkdir()
        cookies = setting.cookies()
        jobs = [
            {
                "name": page.name,
                "url": page.url,
                "use_browser": True,
                "cookies": cookies,
                "no_conditional_request": True,
                "wait_for_selector": page.ready,
                "timeout": _TIMEOUT_SECONDS,
                "filters": [{"css": page.part}, "html2text"],
            }
            for page in setting.pages
        ]
        # JSON is YAML, too.
        (folder / "jobs.yaml").write_text("\n---\n".join(map(json.dumps, jobs)), encoding="utf-8")
        smtp = {
            "host": "127.0.0.1",
            "port": setting.mail_port,
            "starttls": False,
            "auth": False,
        }
        email = {
            "enabled": True,
            "from": "webchanges@example.org",
            "to": "me@example.org",
            "method": "smtp",
            "smtp": smtp,
        }
        config = {"report": {"email": email, "stdout": {"enabled": True, "color": False}}}
        (folder / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
        files = ("--config", "config.yaml", "--jobs", "jobs.yaml", "--database", "snapshots.db")
        self._command = [str(environment("webchanges") / "bin" / "webchanges"), *files]
        self._folder = folder
        self._environment = {**os.environ, "WEBCHANGES_BROWSER_PATH": str(setting.browser)}

    def round(self, *, memory: bool = False, seconds: float = 600) -> Round:
        """Run all jobs."""
        done = spent.run(
            self._command, environment=self._environment, memory=memory, seconds=seconds, folder=self._folder
        )
        if done.code:
            raise RuntimeError(f"webchanges ended with {done.code}: {done.err[-500:]}")
        verdicts = {found["verdict"].lower() for found in _VERDICT.finditer(done.out)}
        return Round(wall=done.wall, cpu=done.cpu, peak=done.peak, said=", ".join(sorted(verdicts - {"new"})))

    def pause(self) -> None:
        """Nothing runs between two rounds."""

    def close(self) -> None:
        """Nothing is left."""
