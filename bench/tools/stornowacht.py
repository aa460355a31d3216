"""This project: `stornowacht check`, a process for each round."""

import json
import sys

from bench import spent
from bench.place import log_in, write_config
from bench.tools.setting import Setting
from bench.tools.tool import Round
from watcher import __version__


class Stornowacht:
    """`check --json`; what it says of itself is the check's outcome, and the events that are news for the seller."""

    name = "stornowacht"
    version = __version__
    sends_mail = True
    does = (
        "opens the list and every live conversation in one tab, waits for its marks, takes markup and JSON (a picture of what has changed), checks the guard,"
        " reads by page and by JSON, compares, writes the ledger; one browser for all pages"
    )

    def __init__(self, setting: Setting) -> None:
        folder = setting.folder
        mail = f"""[remind]
quiet_hours = ""
[summary]
every = "never"
[notify.email]
to = "me@example.org"
sender = "me@example.org"
host = "127.0.0.1"
port = {setting.mail_port}
security = "none"
"""
        config = write_config(folder, setting.shop, extra=mail)
        log_in(folder / "data", setting.shop)
        self._check = [sys.executable, "-m", "watcher", "check", "--json", "--config", str(config)]

    def round(self, *, memory: bool = False, seconds: float = 600) -> Round:
        """Check once."""
        done = spent.run(self._check, memory=memory, seconds=seconds)
        if not done.out.startswith("{"):
            raise RuntimeError(f"check ended with {done.code}: {done.err[-500:]}")
        told = json.loads(done.out)
        kinds = {event["kind"] for event in told["events"]} - {"order_seen"}
        said = [] if told["outcome"] == "ok" else [told["outcome"]]
        said += sorted(kinds)
        return Round(wall=done.wall, cpu=done.cpu, peak=done.peak, said=", ".join(said))

    def pause(self) -> None:
        """Nothing runs between two checks."""

    def close(self) -> None:
        """Nothing is left."""
