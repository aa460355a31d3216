"""`stornowacht status` as a whole process on a warm disk, against the bare start of Python."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

RUNS = 15


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="stornowacht-bench-") as name:
        config = Path(name) / "config.toml"
        config.write_text(f'[storage]\ndir = "{Path(name) / "data"}"\n[notify.desktop]\n', encoding="utf-8")
        status = [sys.executable, "-m", "watcher", "status", "--config", str(config)]
        bare = [sys.executable, "-c", "pass"]
        for command in (status, bare):
            subprocess.run(command, check=True, capture_output=True)
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(_seconds(status))
            theirs.append(_seconds(bare))
        print("stornowacht status, whole process, warm disk (seconds; medians of", RUNS, "runs)")
        print(
            f"  stornowacht status  {statistics.median(ours):6.3f}   ({min(ours):.3f} to {max(ours):.3f}; wanted: under 0.25)"
        )
        print(f"  python -c pass      {statistics.median(theirs):6.3f}")


def _seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
