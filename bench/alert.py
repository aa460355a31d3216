"""From a cancellation at the shop to the mail in a mail server, everything at its quickest.

    python -m bench.alert [--runs N] [--envs DIR] [--json FILE]

Ours is the daemon with intervals of a second, which it takes on loopback alone (a real site is looked at every five minutes at most); what
holds it back even here is the number of pages that it may load in a day, 3,000 at most, which it spreads over the day. The others look
again as soon as they have looked: webchanges by its command in a loop (it has no daemon), changedetection.io by its API. So two spans are
told: the whole one, and that from the begin of the look that has told it. All watch the list and the live orders; one of these is cancelled at
a moment that has nothing to do with the looks.
"""

import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench import spent
from bench.arguments import asked
from bench.daemon import wait_for_first_check
from bench.delivery import mail_server
from bench.environments import NotInstalledError
from bench.place import log_in, write_config
from bench.results import Sheet, keep
from bench.tools import ChangeDetection, Setting, Tool, WebChanges
from fixtures.shop import Shop, quiet_account
from watcher import __version__

RUNS, PATIENCE, QUIET_SECONDS = 3, 600, 15
# Seconds; patience is for our daemon, whose first check loads every page and is followed by the longest pause.
_QUICKEST = """[watch]
hot = "1s"
live = "1s"
quiet = "1s"
pages_per_day = 3000
[summary]
every = "never"
[remind]
quiet_hours = ""
[dashboard]
enabled = false
[notify.email]
to = "me@example.org"
sender = "me@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
"""


def main() -> None:
    """Measure and print."""
    runs = asked("From the cancellation to the mail.", runs=RUNS).runs
    sheet = Sheet(
        title=f"From the cancellation to the mail, seconds ({runs} cancellations each)",
        compared="Each at its quickest: ours a daemon held back by its 3,000 pages a day, the others look without a pause.",
        columns=(
            "program",
            "from the cancellation",
            "(from to)",
            "from the look's begin",
            "(from to)",
            "the latter / ours",
        ),
    )
    ways = {
        f"stornowacht {__version__}": _daemon,
        f"{WebChanges.name} {WebChanges.version}": lambda setting: _looped(WebChanges, setting),
        f"{ChangeDetection.name} {ChangeDetection.version}": lambda setting: _looped(
            ChangeDetection, setting
        ),
    }
    ours = None
    for name, watching in ways.items():
        try:
            spans = _spans(watching, runs)
        except NotInstalledError as error:
            print(error, file=sys.stderr)
            continue
        cells, median = [], 0.0
        for part in zip(*spans, strict=True):
            median = statistics.median(part)
            cells += [f"{median:.1f}", f"{min(part):.1f} to {max(part):.1f}"]
        ours = median if ours is None else ours
        sheet.add(name, *cells, f"{median / ours:.2f}")
    sheet.show()
    keep(sheet)


def _spans(watching: Callable[[Setting], object], runs: int) -> list[tuple[float, float]]:
    deals = quiet_account(datetime.now(UTC), conversations=max(6, runs), live=runs)
    chance = random.Random(7)  # noqa: S311 - a moment, no secret
    with (
        TemporaryDirectory(prefix="stornowacht-bench-") as name,
        mail_server() as host,
        Shop(deals=deals) as shop,
    ):
        setting = Setting(
            shop=shop,
            mail_port=host.port,
            folder=Path(name),
            conversations=[deal.conversation_id for deal in deals[:runs]],
        )
        spans = []
        with watching(setting) as began:  # type: ignore[attr-defined]
            for deal in deals[:runs]:
                _until_quiet(lambda: host.mails)
                time.sleep(chance.uniform(0, 5))
                before, at = host.mails, time.time()
                shop.cancel(deal.id)
                spent.seconds_until(lambda: host.mails > before, within=PATIENCE, step=0.02)  # noqa: B023
                come = time.time()
                spans.append((come - at, come - began(come)))
    return spans


def _until_quiet(mails: Callable[[], int]) -> None:
    """Wait until no mail has come for a while: one cancellation may be told in several."""
    known, since = mails(), time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        time.sleep(0.5)
        if mails() != known:
            known, since = mails(), time.monotonic()


@contextmanager
def _daemon(setting: Setting) -> Iterator[Callable[[float], float]]:
    """Watch with the daemon; yields what tells when the last look before a moment began."""
    config = write_config(setting.folder, setting.shop, extra=_QUICKEST.format(port=setting.mail_port))
    log_in(setting.folder / "data", setting.shop)
    with (setting.folder / "log").open("wb") as log:
        daemon = psutil.Popen(
            [sys.executable, "-m", "watcher", "run", "--config", str(config)], stdout=log, stderr=log
        )
    try:
        wait_for_first_check(setting.folder / "log")
        yield lambda moment: max(one for one in _begun(setting.folder / "log") if one < moment)
    finally:
        daemon.terminate()
        daemon.wait(timeout=60)


def _begun(log: Path) -> list[float]:
    """Return when the daemon's checks began, by its log."""
    lines = log.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if '"check_began"' in line]
    return [datetime.fromisoformat(one["timestamp"]).timestamp() for one in told]


@contextmanager
def _looped(kind: type[Tool], setting: Setting) -> Iterator[Callable[[float], float]]:
    """Watch with another program, round after round; yields what tells when the last round before a moment began."""
    tool, over, begun = kind(setting), threading.Event(), [0.0]

    def look() -> None:
        while not over.is_set():
            begun.append(time.time())
            tool.round(seconds=PATIENCE)

    thread = threading.Thread(target=look)
    try:
        for _ in range(2):
            tool.round(seconds=PATIENCE)
        thread.start()
        yield lambda moment: max(one for one in begun if one < moment)
    finally:
        over.set()
        if thread.ident is not None:
            thread.join()
        tool.close()


if __name__ == "__main__":
    main()
