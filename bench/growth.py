"""Growth: 10, 100, 1,000 and 10,000 orders, 1,000 to 100,000 captures: what a check, `status`, the dashboard and `archive verify` take.

    python -m bench.growth [--runs N] [--json FILE]

- *check without a browser*: read, compare, plan, remember, ledger, as `stornowacht check` does it, on a real store and a real vault.
  A stand-in for the browser shows the practice shop: 28 conversations, three of them live orders, nothing changed. What it takes to draw
  its pages is not counted. The other orders are of the past; they lie in the store, each with ten captures, one of them of its ad, and
  one in twenty with a case that is closed.
- *status* is the whole process, with 120 orders under way and 400 cases as far as there are as many; so are the pages of the dashboard, which
  another process serves.
- *the daily look for what is over* is the whole process that the watch starts for it, `archive forget --due`, on a day on which nothing
  is old enough to go.
- *verify*: real files of 3 kB, three for each capture, and a line of the ledger; the most of them are verified once, fewer three times.

The sizes take turns, so that the machine's moods are spread over all.
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from bench.arguments import asked
from bench.dashboard import fill, served
from bench.results import Sheet, keep
from fixtures.shop import quiet_account
from tests.support.clock import Clock
from tests.support.rooms import Rooms
from tests.support.visiting import FakeVisit, FakeVisitor
from watcher.app.archive import StagedCapture, StoredCapture
from watcher.app.remember import stored
from watcher.app.verify import verify
from watcher.domain.account import Account
from watcher.domain.capture import Capture, PageKind
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

SIZES = (10, 100, 1_000, 10_000)
CAPTURES = {1_000: 3, 10_000: 3, 100_000: 1}
"""How often each number of captures is verified."""
RUNS, CONVERSATIONS, LIVE, WANTED = 15, 28, 3, 1.3
CASE_OF = 20
"""One of so many past orders was cancelled."""
CHECK, DAILY = "check without a browser", "the daily look for what is over"
PAGES = {"now": "/", "sales": "/orders", "archive": "/archive", "health": "/health"}
_KB = 1_500
_Timed = Callable[[], float]


def main() -> None:
    """Measure and print."""
    runs = asked("What grows with the number of orders.", runs=RUNS).runs
    sheet = Sheet(
        title=f"Growth (milliseconds; medians of {runs} runs in turns)",
        compared="The check without its browser, the whole processes of `status` and `archive forget --due`, pages of the dashboard as "
        "another process gets them.",
        columns=("orders", *(f"{size:,}" for size in SIZES), f"{SIZES[-1]:,} / {SIZES[0]}"),
    )
    with ExitStack() as stack:
        folder = Path(stack.enter_context(_folder()))
        ways: dict[str, list[_Timed]] = {CHECK: [], "status": [], DAILY: []}
        ways |= {f"dashboard: {page}": [] for page in PAGES}
        for size in SIZES:
            ways[CHECK].append(stack.enter_context(_checks(folder / f"check-{size}", size)))
            config = _filled(folder / f"told-{size}", size)
            ways["status"].append(_run(config, "status"))
            ways[DAILY].append(_run(config, "archive", "forget", "--due"))
            dashboard = stack.enter_context(served(config))
            for page, path in PAGES.items():
                ways[f"dashboard: {page}"].append(_timed(lambda path=path, of=dashboard: of.get(path)))
        for name, takes in ways.items():
            sheet.add(name, *_measured(takes, runs, wanted=f"{WANTED}" if name == CHECK else ""))
    sheet.show()
    verified = Sheet(
        title="`archive verify` by the number of captures (files of 3 kB)",
        columns=("captures", "seconds", "ms for each", "captures per second"),
    )
    for captures, times in CAPTURES.items():
        seconds = _verified(captures, times=times)
        verified.add(
            f"{captures:,}",
            f"{seconds:.2f}",
            f"{seconds * 1000 / captures:.3f}",
            f"{captures / seconds:,.0f}",
        )
    verified.show()
    keep(sheet, verified)


def _measured(takes: list[_Timed], runs: int, *, wanted: str) -> list[str]:
    spans: list[list[float]] = [[] for _ in takes]
    for take in takes:
        take()
    for _ in range(runs):
        for take, kept in zip(takes, spans, strict=True):
            gc.collect()
            kept.append(take() * 1000)
    ratio = statistics.median(last / first for first, last in zip(spans[0], spans[-1], strict=True))
    mark = f" (wanted: at most {wanted})" if wanted else ""
    return [*(f"{statistics.median(kept):.1f}" for kept in spans), f"{ratio:.2f}{mark}"]


@contextmanager
def _folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="stornowacht-bench-", dir=os.environ.get("BENCH_DIR")) as name:
        yield name


def _timed(work: Callable[[], object]) -> _Timed:
    def take() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return take


# --- the check


class _Watched:
    """A visit whose own time is taken, less that of what it calls back."""

    def __init__(self, visit: FakeVisit) -> None:
        self._visit = visit
        self.spent = 0.0

    def open_list(self, enough: Callable[[Capture], bool]) -> Capture:
        """Open the list; whether it is enough is the program's question, and on its account."""
        asked = 0.0

        def asking(capture: Capture) -> bool:
            nonlocal asked
            begin = time.perf_counter()
            answer = enough(capture)
            asked += time.perf_counter() - begin
            return answer

        begin = time.perf_counter()
        capture = self._visit.open_list(asking)
        self.spent += time.perf_counter() - begin - asked
        return capture

    def open_thread(self, conversation_id: str) -> Capture:
        """Open a conversation."""
        begin = time.perf_counter()
        capture = self._visit.open_thread(conversation_id)
        self.spent += time.perf_counter() - begin
        return capture

    def __getattr__(self, name: str) -> object:
        return getattr(self._visit, name)


class _WatchedVisitor(FakeVisitor):
    """Takes the time of its visits."""

    last: _Watched | None = None

    @contextmanager
    def visit(self, account: str) -> Iterator[_Watched]:  # type: ignore[override]
        with super().visit(account) as visit:
            self.last = _Watched(visit)
            yield self.last


@contextmanager
def _checks(folder: Path, orders: int) -> Iterator[_Timed]:
    fill(folder, orders=orders, live=0, cases=orders // CASE_OF, open_cases=0)
    clock = Clock(datetime.now(UTC))
    deals = quiet_account(clock.now, conversations=CONVERSATIONS, live=LIVE)
    rooms = Rooms(folder, deals, clock)
    rooms.visitor = _WatchedVisitor(rooms.shop, clock)

    def check() -> None:
        clock.forward(minutes=20)
        # An account that has read its list to the end today does not do so again, and of the past nothing is looked for.
        report = rooms.check(whole_list_every=timedelta(days=365), by_hand=True)
        if report.reading.outcome != "ok" or len(rooms.visitor.opened) < LIVE:
            raise SystemExit(
                f"the check ended with {report.reading.outcome}, {len(rooms.visitor.opened)} opened"
            )

    def take() -> float:
        begin = time.perf_counter()
        check()
        seconds = time.perf_counter() - begin
        return seconds - (rooms.visitor.last.spent if rooms.visitor.last else 0)  # type: ignore[attr-defined]

    try:
        for _ in range(3):
            check()
        yield take
    finally:
        rooms.store.close()


# --- what is shown


def _filled(folder: Path, orders: int) -> Path:
    fill(folder / "data", orders=orders)
    config = folder / "config.toml"
    config.write_text(
        f'[terms]\ni_accept_the_risk = true\n[storage]\ndir = "{(folder / "data").as_posix()}"\n[dashboard]\nport = 0\n',
        encoding="utf-8",
    )
    return config


def _run(config: Path, *words: str) -> _Timed:
    command = [sys.executable, "-m", "watcher", *words, "--config", str(config)]
    return _timed(lambda: subprocess.run(command, check=False, capture_output=True))


# --- verify


def _verified(captures: int, *, times: int) -> float:
    with _folder() as name:
        folder = Path(name)
        vault = FileVault(folder)
        with closing(SqliteStore(folder)) as store:
            _keep_many(store, vault, captures)
            spans = []
            for _ in range(times):
                begun = time.perf_counter()
                if not verify(store, vault).ok:
                    raise SystemExit("what was just written does not verify")
                spans.append(time.perf_counter() - begun)
    return statistics.median(spans)


def _keep_many(store: SqliteStore, vault: FileVault, captures: int) -> None:
    with store.writing() as writing:
        writing.save_account(Account(name="main"))
    with patch("os.fsync", lambda _handle: None):  # none of this has to outlast a power cut
        for begin in range(0, captures, 500):
            kept = [_kept(vault, number) for number in range(begin, min(begin + 500, captures))]
            with store.writing() as writing:
                for one in kept:
                    writing.save_capture(one)
    store.tidy()


def _kept(vault: FileVault, number: int) -> StoredCapture:
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    url = "http://127.0.0.1/m-nachrichten.html"
    taken = Capture(
        id=f"{at:%Y%m%dT%H%M%S}-{number:08}",
        account="main",
        kind=PageKind.CONVERSATION,
        conversation=f"c:{number % 500}",
        taken_at=at,
        url=url,
        final_url=url,
        status=200,
        html=os.urandom(_KB // 2).hex(),
        screenshot=os.urandom(_KB),
    )
    return stored(StagedCapture(capture=taken, folder=Path()), vault, reason="changed")


if __name__ == "__main__":
    main()
