"""The daemon between two checks: which processes are alive, how much memory it holds, how often it wakes up, what that costs.

    python -m bench.daemon [--seconds N] [--json FILE]

Once without and once with the dashboard, each after its first check of a site that does not exist: so its heart beats as it does for a
real one, every five seconds; and once more with the practice shop on loopback, where it beats every second. Memory is what is resident, and beside it the proportional share (PSS),
which is smaller where other processes use the same files. A wake-up is a voluntary change of context of any of its threads.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench.arguments import asked
from bench.place import log_in, write_config
from bench.results import Sheet, keep
from fixtures.shop import Shop, five_orders

IDLE_SECONDS, SETTLE_SECONDS = 60, 10
WAYS = {
    "without the dashboard": (False, 60, False),
    "with the dashboard": (True, 85, False),
    "the same, heartbeat of 1 s": (True, None, True),
}
"""Way -> whether the dashboard is served, how many megabytes are wanted at most, whether the site is the practice shop."""
NOWHERE = "https://kleinanzeigen.invalid"
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
    seconds = asked("The daemon between two checks.", seconds=IDLE_SECONDS).seconds
    sheet = Sheet(
        title=f"The daemon between two checks, for {seconds} s after its first one",
        compared="The heartbeat is 5 s, as for every real site; at a shop on loopback it is 1 s.",
        columns=("daemon", "processes besides", "resident MB", "PSS MB", "threads", "wake-ups per s", "CPU s per hour"),
    )  # fmt: skip
    with Shop(deals=five_orders(datetime.now(UTC))) as shop:
        for name, (dashboard, wanted, here) in WAYS.items():
            cells, cpu, held = _idle(shop, seconds, dashboard=dashboard, here=here)
            told = "" if wanted is None else f" (wanted: under {wanted})"
            told_cpu = "" if wanted is None else f" (wanted: under {CPU_WANTED})"
            besides, pss, threads, woken = cells
            sheet.add(name, besides, held + told, pss, threads, woken, cpu + told_cpu)
    sheet.show()
    keep(sheet)


def _idle(shop: Shop, seconds: int, *, dashboard: bool, here: bool) -> tuple[list[str], str, str]:
    """Return what is besides, the proportional share, the threads, the wake-ups; the CPU; what is resident."""
    with TemporaryDirectory(prefix="stornowacht-bench-") as name:
        folder = Path(name)
        served = f"[dashboard]\nenabled = {'true' if dashboard else 'false'}\nport = 0\n"
        config = write_config(folder, shop, extra=MAIL + served)
        if here:
            log_in(folder / "data", shop)
        else:
            text = config.read_text(encoding="utf-8").replace(shop.base_url, NOWHERE)
            config.write_text(text.replace(shop.gateway_url, NOWHERE), encoding="utf-8")
        with (folder / "log").open("wb") as log:
            daemon = psutil.Popen(
                [sys.executable, "-m", "watcher", "run", "--config", str(config)], stdout=log, stderr=log
            )
        try:
            wait_for_first_check(folder / "log")
            time.sleep(SETTLE_SECONDS)
            before, woken = daemon.cpu_times(), _wake_ups(daemon.pid)
            time.sleep(seconds)
            after, woken = daemon.cpu_times(), _wake_ups(daemon.pid) - woken
            cpu = (after.user + after.system) - (before.user + before.system)
            children = [child.name() for child in daemon.children(recursive=True)]
            held = daemon.memory_full_info()
            share = getattr(held, "pss", held.rss) / 1e6
            cells = [
                ", ".join(children) or "none",
                f"{share:.1f}",
                str(daemon.num_threads()),
                f"{woken / seconds:.1f}",
            ]
            return cells, f"{cpu * 3600 / seconds:.1f}", f"{held.rss / 1e6:.1f}"
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


def wait_for_first_check(log: Path) -> None:
    """Wait until a daemon has checked for the first time."""
    end = time.monotonic() + 120
    while b"check_ended" not in log.read_bytes():
        if time.monotonic() > end:
            raise SystemExit(f"the daemon has not checked:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
