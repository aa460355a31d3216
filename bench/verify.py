"""`archive verify` against a bare loop of hashlib over the same files, and how much memory it takes.

    python -m bench.verify [MEGABYTES]

Each runs in a process of its own, by turns, so that neither finds the files warmer than the other.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from bench.memory import peak_megabytes
from watcher.app.archive import StoredCapture
from watcher.app.remember import stored
from watcher.app.verify import verify
from watcher.domain.account import Account
from watcher.domain.capture import Capture, PageKind
from watcher.dossier import verify as alone
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

MEGABYTES, RUNS = 512, 5
PICTURE, PAGE = 400_000, 250_000
"""Bytes of a screenshot and of a page's source: what a capture of the practice shop has, roughly."""
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_CHUNK = 1 << 18


def main() -> None:
    """Measure and print."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    with tempfile.TemporaryDirectory(prefix="stornowacht-bench-", dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        captures = _fill(folder, megabytes * 1_000_000)
        files = [path for path in (folder / "archive").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        print(
            f"Verifying {size:,.0f} MB in {len(files):,} files of {captures:,} captures (medians of {RUNS} runs)"
        )
        for way in _WAYS:
            _measured(way, folder)  # the first round only warms
        runs = [{way: _measured(way, folder) for way in _WAYS} for _ in range(RUNS)]
        for way, called in _WAYS.items():
            wall, cpu = (statistics.median(run[way][part] for run in runs) for part in (0, 1))
            ratios = [
                statistics.median(run["bare"][part] / run[way][part] for run in runs) for part in (0, 1)
            ]
            peak = max(run[way][2] for run in runs)
            line = f"  {called:24} {size / wall:8,.0f} MB/s   {cpu:6.2f} s of CPU   {peak:6.1f} MB at most"
            against = f"   {ratios[0]:4.2f} of the bare loop by the clock, {ratios[1]:4.2f} by CPU (wanted: at least 0.8)"
            print(line if way == "bare" else line + against)


_WAYS = {"bare": "a bare loop of hashlib", "program": "archive verify", "alone": "the stand-alone verifier"}


def _measured(way: str, folder: Path) -> tuple[float, float, float]:
    """Run one way in a process of its own; returns seconds by the clock and of CPU, and megabytes at the peak."""
    command = [sys.executable, "-c", f"from bench.verify import run; run({way!r}, {str(folder)!r})"]
    wall, cpu, peak = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return float(wall), float(cpu), float(peak)


def run(way: str, name: str) -> None:
    """Go one way, and print how long it took and how much memory at most."""
    folder = Path(name)
    begin, spent = time.perf_counter(), time.process_time()
    match way:
        case "bare":
            for path in sorted((folder / "archive").rglob("*")):
                if path.is_file():
                    digest = sha256()
                    with path.open("rb", buffering=0) as stream:
                        while chunk := stream.read(_CHUNK):
                            digest.update(chunk)
                    assert path.name.startswith(digest.hexdigest())
        case "program":
            with closing(SqliteStore(folder)) as store:
                assert verify(store, FileVault(folder)).ok
        case _:
            assert alone.verify(folder, []).ok
    wall, cpu = time.perf_counter() - begin, time.process_time() - spent
    print(json.dumps([wall, cpu, peak_megabytes()]))


def _fill(folder: Path, size: int) -> int:
    """Keep captures until they take so many bytes; returns how many that were."""
    vault, captures = FileVault(folder), 0
    with closing(SqliteStore(folder)) as store:
        with store.writing() as writing:
            writing.save_account(Account(name="main"))
        while size > 0:
            kept = [_capture(vault, captures + number) for number in range(50)]
            with store.writing() as writing:
                for one in kept:
                    writing.save_capture(one)
            captures += len(kept)
            size -= sum(file.size for one in kept for file in one.files)
        store.tidy()
    return captures


def _capture(vault: FileVault, number: int) -> StoredCapture:
    shown = Capture(
        id=f"{NOON:%Y%m%dT%H%M%S}-{number:08}",
        account="main",
        kind=PageKind.CONVERSATION,
        conversation=f"c:{number % 500}",
        taken_at=NOON,
        url="http://127.0.0.1/m-nachrichten.html",
        final_url="http://127.0.0.1/m-nachrichten.html",
        status=200,
        html=os.urandom(PAGE // 2).hex(),
        screenshot=os.urandom(PICTURE),
    )
    staged = vault.stage(shown)
    kept = stored(staged, vault, reason="changed")
    vault.drop(staged)
    return kept


if __name__ == "__main__":
    main()
