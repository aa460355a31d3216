"""Insights over a large storage: how long the figures of 10,000 orders take, 400 of them cancelled with cases and parcels."""

import statistics
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.dashboard import CASES, ORDERS, fill
from watcher.app.insights import insights
from watcher.bootstrap import now
from watcher.storage.database import connect
from watcher.storage.store import SqliteStore

RUNS, WANTED = 15, 0.5


def main() -> None:
    with TemporaryDirectory(prefix="stornowacht-bench-") as name:
        storage = Path(name) / "data"
        fill(storage)
        _add_parcels(storage)
        store = SqliteStore(storage)
        print(
            f"figures of {ORDERS} orders, {CASES} of them with a case (seconds; medians of {RUNS} runs; wanted: under {WANTED})"
        )
        for span, since in (("all", None), ("90 days", now() - timedelta(days=90))):
            spans, worked = [], []
            for _ in range(RUNS):
                begin, begun = time.perf_counter(), time.process_time()
                told = insights(store, since=since, account=None, now=now())
                spans.append(time.perf_counter() - begin)
                worked.append(time.process_time() - begun)
            mark = "" if statistics.median(spans) < WANTED else "   <-"
            print(
                f"  {span:<10}{statistics.median(spans):7.3f}   ({min(spans):.3f} to {max(spans):.3f}; processor {statistics.median(worked):.3f})"
                f"   {told.cancelled.hits} of {told.cancelled.of} cancelled{mark}"
            )
        store.close()


def _add_parcels(storage: Path) -> None:
    """Give every order a deal and a hand-in, and the cancelled ones an attempt to stop the parcel, a reason and a cost."""
    connection = connect(storage)
    connection.execute("BEGIN")
    connection.execute("UPDATE orders SET made_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', stage_at, '-3 days')")
    connection.execute(
        "INSERT INTO sightings (order_id, milestone, at, learnt_at, origin, confidence, at_shop, words)"
        " SELECT id, 'handed_in', strftime('%Y-%m-%dT%H:%M:%S+00:00', stage_at, '-1 days'), stage_at, 'seller',"
        " 'certain', 0, '' FROM orders"
    )
    connection.execute("UPDATE steps SET done_at = due_at, done_by = 'seller' WHERE id = 'ask_carrier'")
    connection.execute("UPDATE cases SET reason = 'second_thoughts', reason_found = 0")
    connection.execute(
        "INSERT INTO costs (order_id, at, kind, cents, payer, text)"
        " SELECT order_id, opened_at, 'intercept_fee', 500, 'seller', '' FROM cases"
    )
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main()
