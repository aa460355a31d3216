"""A year in fast motion: whether memory, files, database, archive and the cost of a check stay on their expected lines.

    python -m bench.soak [--checks 100000] [--orders 2000] [--seed 7] [--swift 1] [--json FILE]

With `--swift 2` a sale is under way for four days instead of eight, so that a check opens half as many threads.

One line per simulated month, then the lines that were expected and those that were met. Exit code 1 where one was left. What is
simulated, and what is real, says `bench/year/house.py`; how it ends for whom, `docs/long-run.md`.
"""

import gc
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.arguments import asked
from bench.results import Sheet, keep
from bench.year.house import BEGINS, YEAR, Spent, Year, bytes_of
from bench.year.lines import Line, Month, judge
from tests.support.memory import in_memory

MONTHS = 12
_COLUMNS = (
    "month", "memory MB", "files", "database MB", "log MB", "archive MB", "checks", "pages", "ms/check", "ms/page",
    "ms/round", "open", "ledger", "outbox", "remembered",
)  # fmt: skip


def main() -> int:
    """Live through a year, print, judge."""
    told = asked("A simulated year.", checks=100_000, orders=2_000, seed=7, swift=1)
    folder = Path(tempfile.mkdtemp(prefix="stornowacht-soak-", dir=in_memory()))
    try:
        year = Year(folder / "data", seed=told.seed, checks=told.checks, orders=told.orders, swift=told.swift)
        table = Sheet(
            title=f"{told.checks:,} checks and {told.orders:,} orders in a year",
            compared=f"Each sale goes {told.swift} times as fast as usual." if told.swift > 1 else "",
            columns=_COLUMNS,
        )
        print("  ".join(_COLUMNS), flush=True)
        months, met, bad = [], Counter[str](), Counter[str]()
        for month, spent in live(year):
            months.append(month)
            met += spent.ended
            bad += spent.bad
            table.add(*_cells(month))
            print(
                "  ".join(cell.rjust(len(name)) for cell, name in zip(_cells(month), _COLUMNS, strict=True)),
                flush=True,
            )
        verdict = Sheet(title="Expected and met", columns=("what", "expected", "met", ""))
        lines = [*judge(months), _whole(year)]
        for line in lines:
            verdict.add(
                line.what, line.expected, line.met, "as expected" if line.holds else "NOT AS EXPECTED"
            )
        print()
        verdict.show()
        counted = Sheet(title="How checks ended, and which bad spells came", columns=("what", "count"))
        for name, count in (*met.most_common(), *bad.most_common()):
            counted.add(name, f"{count:,}")
        print()
        counted.show()
        keep(table, verdict, counted)
        year.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(line.holds for line in lines) else 1


def live(year: Year, *, months: int = MONTHS) -> Iterator[tuple[Month, Spent]]:
    """Live through a year; yields how things stand at the end of each month, and what was done in it."""
    for number in range(1, months + 1):
        end = BEGINS + YEAR * number / months
        while year.now < end:
            year.go_on()
        yield _month(number, year), year.spent
        year.spent = Spent()


def _month(number: int, year: Year) -> Month:
    gc.collect()
    process, spent = psutil.Process(), year.spent
    memory = (
        process.memory_info().rss / 1e6
    )  # before a hundred thousand files are looked at, which leaves its traces
    database, log, archive = bytes_of(year.folder)
    rows = year.rows()
    opened, stale = year.standing()
    return Month(
        number=number,
        memory=memory,
        files=len(process.open_files()) + len(process.net_connections()),
        database=database / 1e6,
        log=log / 1e6,
        archive=archive / 1e6,
        checks=spent.checks,
        pages=spent.pages,
        lines=rows["ledger"],
        outbox=rows["outbox"],
        opened=opened,
        stale=stale,
        remembered=rows["remembered"],
        gaps=spent.gaps,
        troubles=spent.troubles,
        spells=spent.bad.total(),
        check_ms=spent.check_seconds / max(spent.checks, 1) * 1000,
        page_ms=spent.check_seconds / max(spent.pages, 1) * 1000,
        round_ms=spent.round_seconds / max(spent.rounds, 1) * 1000,
    )


def _whole(year: Year) -> Line:
    holds = year.is_whole()
    return Line(
        what="the evidence",
        expected="every line, file and note as it was written",
        met="verified" if holds else "faults",
        holds=holds,
    )


def _cells(month: Month) -> list[str]:
    sizes = (month.database, month.log, month.archive)
    times = (month.check_ms, month.page_ms, month.round_ms)
    return [
        str(month.number),
        f"{month.memory:.1f}",
        str(month.files),
        *(f"{size:.1f}" for size in sizes),
        f"{month.checks:,}",
        f"{month.pages:,}",
        *(f"{span:.1f}" for span in times),
        *(f"{count:,}" for count in (month.opened, month.lines, month.outbox, month.remembered)),
    ]


if __name__ == "__main__":
    sys.exit(main())
