"""The dashboard over a large storage: how long each page takes, how large it is, what it adds to the daemon.

10,000 orders and 100,000 captures are put into a storage folder in SQL; then each page is asked for one after the other,
as a browser would, by another process.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from watcher.storage.database import connect
from watcher.web.gate import COOKIE

ORDERS, CAPTURES_EACH, FILES_EACH, NOTES, CASES = 10_000, 10, 6, 500, 400
OPEN_CASES = 5
LIVE = 120
"""Orders under way; the others have ended."""
CROWDED = "o00000"
"""An order with a thousand captures more, five hundred notes and an open case."""
CHECKS = 7 * 24 * 4
"""Ledger lines of the last seven days."""
TIMES = 100
WANTED_MS, WANTED_KB, WANTED_MB = 50, 200, 25
PAGES = {
    "now": "/",
    "open cases, for the title": "/open",
    "sales": "/orders",
    "sales, last page": "/orders?page=200",
    "sales, searched": "/orders?words=fahrrad+kim",
    "sales, by title": "/orders?sorting=title&page=100",
    "a sale": "/orders/o00001",
    "a sale, crowded": f"/orders/{CROWDED}",
    "a sale's news": f"/orders/{CROWDED}/news?seen=x",
    "compare, crowded": f"/orders/{CROWDED}/compare",
    "hand in": "/ship",
    "archive": "/archive",
    "archive, last page": "/archive?page=2000",
    "archive of a sale": f"/archive?order={CROWDED}",
    "a capture": "/captures/c00001-0",
    "health": "/health",
    "insights": "/insights",
    "insights, all": "/insights?since=all",
    "rules": "/policy",
    "settings": "/settings",
}
_OF_AD = f"-{CAPTURES_EACH - 1}"
_START = datetime.now(UTC).replace(microsecond=0)
_SERVE = """
import gc, json, sys, time
from pathlib import Path
from watcher.config_file import load
from watcher.bootstrap import house
def resident():
    gc.collect()
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS:"))
path = Path(sys.argv[1])
config = load(path)
import watcher.daemon.daemon, watcher.postman.postman, watcher.app.round, watcher.carriers.window
with house(config) as our:
    our.store.catalogue().open_cases(), our.case_rules(), our.postman()
before = resident()
from watcher.web.server import dashboard_token, serving
with serving(config, path) as address:
    print(json.dumps({"address": address, "token": dashboard_token(config.storage_dir), "before": before}), flush=True)
    for _line in sys.stdin:
        print(resident(), flush=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A dashboard in a process of its own."""

    process: "subprocess.Popen[str]"
    address: str
    token: str
    before: int
    """Kilobytes that the process held before the dashboard."""

    def get(self, path: str) -> bytes:
        """Ask for a page."""
        where = self.address.rstrip("/") + path
        with urlopen(Request(where, headers={"Cookie": f"{COOKIE}={self.token}"}), timeout=60) as answer:  # noqa: S310 - loopback
            content: bytes = answer.read()
        return content

    def resident(self) -> int:
        """Return how many kilobytes the process holds now."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the server has no pipes")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="stornowacht-bench-") as name:
        folder = Path(name)
        fill(folder / "data")
        config = folder / "config.toml"
        config.write_text(
            f'[terms]\ni_accept_the_risk = true\n[storage]\ndir = "{(folder / "data").as_posix()}"\n[dashboard]\nport = 0\n',
            encoding="utf-8",
        )
        with served(config) as dashboard:
            print(
                f"The dashboard with {ORDERS} orders and {ORDERS * CAPTURES_EACH} captures, {TIMES} times each, one after the other"
            )
            print(
                f"  {'page':<28}{'p50 ms':>8}{'p95 ms':>8}{'kB':>8}   (wanted: p95 < {WANTED_MS}, kB < {WANTED_KB})"
            )
            for page, path in PAGES.items():
                spans = [_milliseconds(dashboard, path) for _ in range(TIMES)]
                p95 = statistics.quantiles(spans, n=20)[-1]
                size = len(dashboard.get(path)) / 1000
                mark = "" if p95 < WANTED_MS and size < WANTED_KB else "   <-"
                print(f"  {page:<28}{statistics.median(spans):>8.1f}{p95:>8.1f}{size:>8.0f}{mark}")
            added = (dashboard.resident() - dashboard.before) / 1000
            print(f"  it adds {added:.1f} MB to the daemon's process (wanted: < {WANTED_MB})")


def _milliseconds(dashboard: Served, path: str) -> float:
    begin = time.perf_counter()
    dashboard.get(path)
    return (time.perf_counter() - begin) * 1000


@contextmanager
def served(config: Path) -> Iterator[Served]:
    """Serve in another process, so that asking and answering do not share an interpreter."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        told = json.loads(process.stdout.readline()) if process.stdout else {}
        yield Served(
            process=process, address=told["address"], token=told["token"], before=int(told["before"])
        )
    finally:
        process.terminate()
        process.wait()


def fill(
    storage: Path, *, orders: int = ORDERS, live: int = LIVE, cases: int = CASES, open_cases: int = OPEN_CASES
) -> None:
    """Put many orders and captures into a new storage folder.

    The first `live` orders are under way, the first `cases` have a case, the first `open_cases` of which are open. The last
    capture of each is of its ad.
    """
    live, cases = min(live, orders), min(cases, orders)
    connection = connect(storage)
    connection.execute("BEGIN")
    now = _at(0)
    connection.execute(
        "INSERT INTO accounts (name, salt, last_check_at, last_outcome, last_complete_at, next_check_at, watched_since)"
        " VALUES ('main', 'salt', ?, 'ok', ?, ?, ?)",
        (now, now, _at(-0.25), _at(24 * 30)),
    )
    connection.executemany(
        "INSERT INTO orders (id, account, conversation, deal_ids, stage, reached, stage_at, first_seen_at, last_seen_at,"
        " confidence, title, buyer, amount_cents, carrier, tracking_number, pickup, unknown_events)"
        " VALUES (?, 'main', ?, '[]', ?, ?, ?, ?, ?, 'certain', ?, ?, ?, 'dhl', ?, 0, '[]')",
        (_order(number, live=live, cases=cases, open_cases=open_cases) for number in range(orders)),
    )
    connection.executemany(
        "INSERT INTO cases (id, order_id, account, kind, confidence, opened_at, round_at, closed_at)"
        " VALUES (?, ?, 'main', 'in_transit', 'certain', ?, ?, ?)",
        (
            (
                f"case{number:04}",
                f"o{number:05}",
                _at(number),
                _at(number),
                None if number < open_cases else now,
            )
            for number in range(cases)
        ),
    )
    connection.executemany(
        "INSERT INTO steps (case_id, position, id, due_at, urgent) VALUES (?, ?, ?, ?, 1)",
        (
            (f"case{number:04}", position, step, _at(-24))
            for number in range(cases)
            for position, step in enumerate(("refuse", "ask_carrier", "gather_evidence"))
        ),
    )
    connection.executemany(
        "INSERT INTO captures (id, account, conversation, kind, taken_at, url, reason, complete)"
        " VALUES (?, 'main', ?, ?, ?, 'https://example.org/', ?, 1)",
        (_capture(*about) for about in _captures(orders)),
    )
    connection.executemany(
        "INSERT INTO capture_files (capture_id, position, role, media_type, path, sha256, size)"
        " VALUES (?, ?, ?, ?, ?, ?, 1000)",
        _files(orders),
    )
    connection.executemany(
        "INSERT INTO notes (order_id, at, text, salt) VALUES (?, ?, ?, 'salt')",
        ((CROWDED, _at(number), f"Notiz {number}: " + "nachgefragt, " * 8) for number in range(NOTES)),
    )
    connection.executemany(
        "INSERT INTO ledger (seq, text, hash) VALUES (?, ?, ?)",
        ((seq, _line(seq), f"{seq:064x}") for seq in range(1, 30_000 + CHECKS)),
    )
    connection.execute("COMMIT")
    connection.close()


def _at(hours_ago: float) -> str:
    return (_START - timedelta(hours=hours_ago)).isoformat()


def _order(number: int, *, live: int, cases: int, open_cases: int) -> tuple[object, ...]:
    stage = ("paid", "shipped", "delivered")[number % 3] if number < live else "paid_out"
    if number < cases:
        stage = "cancelled" if number >= live or number < open_cases else stage
    title = ("Kinderfahrrad 16 Zoll", "Emaille-Brotkasten", "Plattenspieler", "Wanderrucksack 45 Liter")[
        number % 4
    ]
    buyer = ("Kim", "Birte", "Enno")[number % 3]
    then = _at(number / 3)
    return (
        f"o{number:05}",
        f"k:{number}",
        stage,
        "shipped",
        then,
        then,
        _at(0),
        f"{title} Nr. {number}",
        buyer,
        1000 + number,
        f"{number:020}",
    )


def _captures(orders: int) -> Iterator[tuple[str, str, float]]:
    for number in range(orders):
        for turn in range(CAPTURES_EACH):
            yield f"c{number:05}-{turn}", f"k:{number}", number / 3 + turn
    for turn in range(1000):
        yield f"more-{turn}", "k:0", turn / 10


def _capture(id_: str, conversation: str, hours: float) -> tuple[object, ...]:
    kind, reason = ("ad", "sale") if id_.endswith(_OF_AD) else ("conversation", "changed")
    return id_, conversation, kind, _at(hours), reason


def _files(orders: int) -> Iterator[tuple[object, ...]]:
    roles = ("screenshot", "preview", "thumbnail", "html", "mhtml", "json")[:FILES_EACH]
    for number, (id_, _conversation, _hours) in enumerate(_captures(orders)):
        for position, role in enumerate(roles):
            media = "image/webp" if position < 3 else "text/html"
            name = f"{number * FILES_EACH + position:064x}"
            yield id_, position, role, media, f"archive/{name[:2]}/{name}.webp", name


def _line(seq: int) -> str:
    """Return a ledger line: old ones, then the checks of the last seven days."""
    quarter = 30_000 + CHECKS - seq
    at = _at(quarter / 4)
    return json.dumps({"kind": "seen_unchanged", "at": at, "account": "main", "facts": {"outcome": "ok"}})


if __name__ == "__main__":
    main()
