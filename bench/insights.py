"""Insights over a large storage: how long the figures of 10,000 orders take, 400 cancelled with cases, all with read ads and answers."""

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
    """Give every order a deal, a payment, a hand-in, an ad that was read and two answers, and the cancelled ones an attempt to stop the parcel, a reason and a cost."""
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
    connection.execute(
        "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 199)"
        " INSERT INTO ads (account, id, first_seen_at, seen_at, mark, read_at, category, content, findings)"
        " SELECT 'main', 'a' || n, :at, :at, 'x', :at, 'Kategorie ' || (n % 15), '{}',"
        " json_array('no_condition', CASE n % 3 WHEN 0 THEN 'few_photos' ELSE 'no_returns' END, 'r' || (n % 12))"
        " FROM numbers",
        {"at": now().isoformat()},
    )
    connection.execute(
        "UPDATE orders SET ad_id = 'a' || (rowid % 200), paid_at = made_at,"
        " buyer_since = strftime('%Y-%m-%dT%H:%M:%S+00:00', made_at, '-' || (rowid % 2000) || ' days')"
    )
    connection.execute(
        "INSERT INTO answer_times (account, conversation, asked_at, answered_at, exact)"
        " SELECT account, conversation, strftime('%Y-%m-%dT%H:%M:%S+00:00', made_at, '-' || turn || ' days'),"
        " strftime('%Y-%m-%dT%H:%M:%S+00:00', made_at, '-' || turn || ' days', '+' || (o.rowid % 90) || ' hours'), 1"
        " FROM orders o JOIN (SELECT 1 AS turn UNION ALL SELECT 2)"
    )
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main()
