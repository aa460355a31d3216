"""The daemon between two checks: which processes are alive, and how much memory it holds."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench.place import log_in, write_config
from fixtures.shop import Shop, five_orders

IDLE_SECONDS = 60
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
    with (
        TemporaryDirectory(prefix="stornowacht-bench-") as name,
        Shop(deals=five_orders(datetime.now(UTC))) as shop,
    ):
        folder = Path(name)
        config = write_config(folder, shop, extra=MAIL)
        log_in(folder / "data", shop)
        with (folder / "log").open("wb") as log:
            daemon = psutil.Popen(
                [sys.executable, "-m", "watcher", "run", "--config", str(config)], stderr=log
            )
        try:
            _wait_for_first_check(folder / "log")
            time.sleep(10)  # the loopback heartbeat is one second; settle down first
            before = daemon.cpu_times()
            time.sleep(IDLE_SECONDS)
            after = daemon.cpu_times()
            cpu = (after.user + after.system) - (before.user + before.system)
            children = [child.name() for child in daemon.children(recursive=True)]
            print("The daemon between two checks, after its first one")
            print(f"  processes besides it  {children or 'none'}")
            print(f"  resident memory       {daemon.memory_info().rss / 1e6:.1f} MB   (wanted: under 60)")
            print(
                f"  CPU                   {cpu * 3600 / IDLE_SECONDS:.1f} s per hour, with a heartbeat of 1 s (5 s on real sites)"
            )
        finally:
            daemon.terminate()
            daemon.wait(timeout=60)


def _wait_for_first_check(log: Path) -> None:
    end = time.monotonic() + 120
    while b"check_ended" not in log.read_bytes():
        if time.monotonic() > end:
            raise subprocess.TimeoutExpired("the first check", 120)
        time.sleep(0.5)


if __name__ == "__main__":
    main()
