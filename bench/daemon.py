"""The daemon between two checks: which processes are alive, how much memory it holds, how often it wakes up, what that costs.

    python -m bench.daemon [--seconds N] [--json FILE]

Once without and once with the dashboard, each after its first check. Memory is what is resident, and beside it the proportional share (PSS),
which is smaller where other processes use the same files. A wake-up is a voluntary change of context of any of its threads.
"""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench.place import log_in, write_config
from bench.results import Sheet, keep, plain_arguments
from fixtures.shop import Shop, five_orders

IDLE_SECONDS, SETTLE_SECONDS = 60, 10
WAYS = {"without the dashboard": (False, 60), "with the dashboard": (True, 85)}
"""Way -> whether the dashboard is served, and how many megabytes are wanted at most."""
CPU_WANTED = 10
MAIL = """[remind]
quiet_hours = ""
[notify.email]
to = "me@example.org"
sender = "me@example.org"
host = "127.0.0.1"
port = 9
security = "none"
"""


def main() -> None:
    """Measure and print."""
    arguments = plain_arguments()
    seconds = int(arguments[arguments.index("--seconds") + 1]) if "--seconds" in arguments else IDLE_SECONDS
    sheet = Sheet(
        title=f"The daemon between two checks, for {seconds} s after its first one",
        compared="Its heartbeat is 1 s at a shop on loopback, and 5 s at a real site: there it costs less.",
        columns=("daemon", "processes besides", "resident MB", "PSS MB", "threads", "wake-ups per s", "CPU s per hour"),
    )  # fmt: skip
    with Shop(deals=five_orders(datetime.now(UTC))) as shop:
        for name, (dashboard, wanted) in WAYS.items():
            sheet.add(name, *_idle(shop, seconds, dashboard=dashboard, wanted=wanted))
    sheet.show()
    keep(sheet)


def _idle(shop: Shop, seconds: int, *, dashboard: bool, wanted: int) -> list[str]:
    with TemporaryDirectory(prefix="stornowacht-bench-") as name:
        folder = Path(name)
        served = f"[dashboard]\nenabled = {'true' if dashboard else 'false'}\nport = 0\n"
        config = write_config(folder, shop, extra=MAIL + served)
        log_in(folder / "data", shop)
        with (folder / "log").open("wb") as log:
            daemon = psutil.Popen(
                [sys.executable, "-m", "watcher", "run", "--config", str(config)], stdout=log, stderr=log
            )
        try:
            _wait_for_first_check(folder / "log")
            time.sleep(SETTLE_SECONDS)
            before, woken = daemon.cpu_times(), _wake_ups(daemon.pid)
            time.sleep(seconds)
            after, woken = daemon.cpu_times(), _wake_ups(daemon.pid) - woken
            cpu = (after.user + after.system) - (before.user + before.system)
            children = [child.name() for child in daemon.children(recursive=True)]
            held = daemon.memory_full_info()
            return [
                ", ".join(children) or "none",
                f"{held.rss / 1e6:.1f} (wanted: under {wanted})",
                f"{getattr(held, 'pss', held.rss) / 1e6:.1f}",
                str(daemon.num_threads()),
                f"{woken / seconds:.1f}",
                f"{cpu * 3600 / seconds:.1f} (wanted: under {CPU_WANTED})",
            ]
        finally:
            daemon.terminate()
            daemon.wait(timeout=60)


def _wake_ups(pid: int) -> int:
    """Return how often the threads of a process have waited for something until now; 0 where the system does not say."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        lines = status.read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return total


def _wait_for_first_check(log: Path) -> None:
    end = time.monotonic() + 120
    while b"check_ended" not in log.read_bytes():
        if time.monotonic() > end:
            raise subprocess.TimeoutExpired("the first check", 120)
        time.sleep(0.5)


if __name__ == "__main__":
    main()
