"""All benchmarks, one after the other; each leaves its result in a folder, from which `bench.table` makes the page.

    python -m bench.all [--only NAME,NAME] [--into DIR] [--envs DIR] [--runs N]

It wants an idle machine and takes the better part of an hour; `--runs 2` is enough to see that everything works. A benchmark that fails is told
at the end, and leaves the result of its last run.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.arguments import asked
from bench.results import machine

INTO = "bench/results"
SHEETS = {
    "check": True,
    "capture": False,
    "rivals": True,
    "outcomes": False,
    "alert": True,
    "evidence": True,
    "growth": True,
    "daemon": False,
}
"""Benchmarks that write tables -> whether `--runs` means something to them."""
TEXTS = ("status", "reading", "planning", "insights", "ledger", "verify", "delivery", "dashboard")
"""Benchmarks whose result is what they print."""


def main() -> None:
    """Run them."""
    told = asked(
        "All benchmarks, one after the other.", only=",".join((*SHEETS, *TEXTS)), into=INTO, runs=None
    )
    only = told.only.split(",")
    unknown = set(only) - {*SHEETS, *TEXTS}
    if unknown:
        raise SystemExit(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join((*SHEETS, *TEXTS))}"
        )
    into = Path(told.into)
    into.mkdir(parents=True, exist_ok=True)
    failed = [name for name in only if not _ran(name, into, runs=told.runs, envs=told.envs)]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


def _ran(name: str, into: Path, *, runs: int | None, envs: Path | None) -> bool:
    print(f"--- {name}", flush=True)
    command = [sys.executable, "-m", f"bench.{name}"]
    if name in TEXTS:
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        print(done.stdout, flush=True)
        if not done.returncode:
            told = {
                "command": f"python -m bench.{name}",
                "at": datetime.now(UTC).isoformat(timespec="minutes"),
                "machine": machine(),
                "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
                "text": done.stdout,
            }
            text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
            (into / f"{name}.json").write_text(text, encoding="utf-8")
        return not done.returncode
    if runs is not None and SHEETS[name]:
        command += ["--runs", str(runs)]
    if envs is not None:
        command += ["--envs", str(envs)]
    command += ["--json", str(into / f"{name}.json")]
    return not subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    main()
