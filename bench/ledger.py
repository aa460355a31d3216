"""The ledger at 100,000 lines: how long one more line takes, and how long it takes to verify all of them.

python -m bench.ledger [LINES]
"""

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from bench.memory import peak_megabytes
from watcher.app.verify import verify
from watcher.domain.account import Account
from watcher.dossier import verify as alone
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.storage.writing import SqliteWriting

LINES, APPENDED, RUNS = 100_000, 2_000, 3
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory(prefix="stornowacht-bench-", dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        with closing(SqliteStore(folder)) as store:
            with store.writing() as writing:
                writing.save_account(Account(name="main"))
                for number in range(lines):
                    _record(writing, number)
            print(f"A ledger of {lines:,} lines")
            within = _append(store, lines, together=True)
            each = _append(store, lines + APPENDED, together=False)
            print(f"  one more line           {within:8.3f} ms in the median (wanted: under 2)")
            print(f"  ... in a transaction of its own, flushed to the disk: {each:.3f} ms")
            store.tidy()
            print(
                f"  archive verify          {_seconds(lambda: verify(store, FileVault(folder)).ok):8.2f} s (wanted: under 10)"
            )
        print(f"  the stand-alone verifier {_seconds(lambda: alone.verify(folder, []).ok):7.2f} s")
        print(f"  memory at most          {peak_megabytes():8.1f} MB")


def _record(writing: SqliteWriting, number: int) -> None:
    """Write a line of about the size of a check's."""
    digest = sha256(str(number).encode()).hexdigest()
    writing.record(
        "seen_unchanged",
        at=NOON + timedelta(minutes=number),
        account="main",
        outcome="ok",
        cause="",
        complete=True,
        pages=4,
        reading=digest,
        unchanged=[f"o{number % 500:07} {digest}", f"list {digest}"],
        stopped=["POST https://www.kleinanzeigen.de/track 3"],
        foreign=["securepubads.example 12"],
    )


def _append(store: SqliteStore, start: int, *, together: bool) -> float:
    times = []
    if together:
        with store.writing() as writing:
            for number in range(start, start + APPENDED):
                begin = time.perf_counter()
                _record(writing, number)
                times.append(time.perf_counter() - begin)
    else:
        for number in range(start, start + APPENDED):
            begin = time.perf_counter()
            with store.writing() as writing:
                _record(writing, number)
            times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def _seconds(work: Callable[[], bool]) -> float:
    times = []
    for _ in range(RUNS):
        gc.collect()
        begin = time.perf_counter()
        assert work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


if __name__ == "__main__":
    main()
