"""Past sales in SQL, page by page: a light row for each order, and all that is known of those that were cancelled."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from statistics import median

from watcher.domain.case import Case
from watcher.domain.money import Cost
from watcher.domain.order import Order
from watcher.domain.parcel import Sighting
from watcher.domain.past_sale import HANDED_IN, Background, Cancellation, ParcelEnd, PastSale, cancellation_of
from watcher.domain.playbook import ASKS
from watcher.domain.stage import Stage, is_called_off
from watcher.storage import rows
from watcher.storage.catalogue import SqliteCatalogue
from watcher.storage.database import FILE_NAME, refused

PAGE = 1000
_BEGAN = "coalesce(o.made_at, min(o.first_seen_at, o.stage_at))"
_CARRIER = (
    "coalesce((SELECT s.carrier FROM sightings s WHERE s.order_id = o.id AND s.carrier IS NOT NULL"
    " ORDER BY s.at DESC LIMIT 1), o.carrier)"
)
_SALES = (
    f"SELECT o.id, o.stage, o.reached, o.made_at, o.paid_at, {_BEGAN} AS began, o.amount_cents, o.pickup,"  # noqa: S608 - made of constants
    f" {_CARRIER} AS carrier,"
    " (SELECT min(s.at) FROM sightings s WHERE s.order_id = o.id AND s.confidence = 'certain'"
    f" AND s.milestone IN ({', '.join(sorted(repr(each.value) for each in HANDED_IN))})) AS handed_in_at,"
    " o.buyer_since, a.category, CASE WHEN a.read_at IS NOT NULL THEN a.findings END AS findings"
    " FROM orders o LEFT JOIN ads a ON a.account = o.account AND a.id = o.ad_id"
    f" WHERE o.id > ?1 AND (?2 IS NULL OR {_BEGAN} >= ?2) AND (?3 IS NULL OR o.account = ?3)"
    " ORDER BY o.id LIMIT ?4"
)
_TRIED = (
    f"SELECT o.id, o.stage, o.reached, {_CARRIER} AS carrier FROM orders o WHERE o.id IN"  # noqa: S608 - made of constants
    " (SELECT c.order_id FROM cases c JOIN steps s ON s.case_id = c.id"
    " WHERE s.done_at IS NOT NULL AND s.id IN (SELECT value FROM json_each(?)))"
)
_MARKS = (
    "SELECT (SELECT max(seq) FROM ledger), (SELECT max(id) FROM sightings), (SELECT max(id) FROM costs),"
    " (SELECT count(*) FROM orders), (SELECT max(read_at) FROM ads), (SELECT count(*) FROM ads),"
    " (SELECT max(rowid) FROM answer_times), (SELECT count(*) FROM answer_times)"
)


_ANSWERS = (
    "SELECT o.id, t.asked_at, t.answered_at FROM answer_times t"
    " JOIN orders o ON o.account = t.account AND o.conversation = t.conversation WHERE o.id >= ? AND o.id <= ?"
)


class SqlitePastSales:
    """Reads on the store's own connection; it belongs to the store's thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def mark(self) -> str:
        """Return what is another whenever something was written: a change of an order or a case is a line of the ledger."""
        return repr(tuple(self._rows(_MARKS)[0]))

    def pages(
        self, *, since: datetime | None, account: str | None, carrier_id: Callable[[str], str]
    ) -> Iterator[Sequence[PastSale]]:
        """Return the orders that began since then, page by page."""
        last = ""
        while found := self._rows(_SALES, last, rows.time_text(since), account, PAGE):
            last = found[-1]["id"]
            answered = self._answers(found[0]["id"], last)
            cancelled = self._cancellations([row["id"] for row in found if _is_off(row)])
            yield [
                _sale_of(row, cancelled.get(row["id"]), answered.get(row["id"]), carrier_id) for row in found
            ]

    def background(self, order: Order) -> Background:
        """Return what is known around one order."""
        ads = self._rows(
            "SELECT findings FROM ads WHERE account = ? AND id = ? AND read_at IS NOT NULL",
            order.account,
            order.ad_id,
        )
        return Background(
            findings=_findings_of(ads[0]["findings"]) if ads else frozenset(),
            answered_in=self._answers(order.id, order.id).get(order.id),
        )

    def attempts(self, *, carrier_id: Callable[[str], str]) -> Sequence[tuple[str, ParcelEnd]]:
        """Return each attempt to get a parcel back, with its carrier."""
        found = self._rows(_TRIED, json.dumps(sorted(ASKS)))
        ends = self._cancellations([row["id"] for row in found if _is_off(row)])
        return [
            (carrier_id(row["carrier"]) if row["carrier"] else "", end)
            for row in found
            if row["id"] in ends and (end := ends[row["id"]].parcel) is not None
        ]

    def _answers(self, first: str, last: str) -> Mapping[str, timedelta]:
        """Return how long the seller took to answer in the conversations of these orders: the median of each."""
        seconds: dict[str, list[float]] = defaultdict(list)
        for row in self._rows(_ANSWERS, first, last):
            took = datetime.fromisoformat(row["answered_at"]) - datetime.fromisoformat(row["asked_at"])
            seconds[row["id"]].append(took.total_seconds())
        return {order: timedelta(seconds=median(found)) for order, found in seconds.items()}

    def _cancellations(self, ids: Sequence[str]) -> Mapping[str, Cancellation]:
        """Return how each of these orders was called off."""
        wanted, catalogue = json.dumps(ids), SqliteCatalogue(self._connection)
        cases: dict[str, Case] = {}
        for case in catalogue.cases_of_orders(list(ids)):
            cases.setdefault(case.order, case)
        found = {
            row["case_id"]: rows.found_reason_of(dict(row))
            for row in self._rows(
                "SELECT * FROM found_reasons WHERE case_id IN (SELECT value FROM json_each(?))",
                json.dumps([case.id for case in cases.values()]),
            )
        }
        sightings: dict[str, list[Sighting]] = defaultdict(list)
        costs: dict[str, list[Cost]] = defaultdict(list)
        about = "order_id IN (SELECT value FROM json_each(?))"
        for row in self._rows(f"SELECT * FROM sightings WHERE {about} ORDER BY at, learnt_at, id", wanted):  # noqa: S608
            sightings[row["order_id"]].append(rows.sighting_of(dict(row)))
        for row in self._rows(f"SELECT * FROM costs WHERE {about} ORDER BY at, id", wanted):  # noqa: S608
            costs[row["order_id"]].append(rows.cost_of(dict(row)))
        told: dict[str, Cancellation] = {}
        for order in catalogue.orders_by_id(list(ids)).values():
            latest = cases.get(order.id)
            told[order.id] = cancellation_of(
                order,
                latest,
                found=found.get(latest.id) if latest is not None else None,
                sightings=sightings[order.id],
                costs=costs[order.id],
            )
        return told

    def _rows(self, query: str, *parameters: object) -> list[sqlite3.Row]:
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


_STAGES = {stage.value: stage for stage in Stage}
"""Looked up ten thousand times, a dictionary is quicker than the enum's own way."""


def _is_off(row: sqlite3.Row) -> bool:
    return is_called_off(_STAGES[row["stage"]], _STAGES.get(row["reached"]))


def _sale_of(
    row: sqlite3.Row,
    cancellation: Cancellation | None,
    answered_in: timedelta | None,
    carrier_id: Callable[[str], str],
) -> PastSale:
    return PastSale(
        stage=_STAGES[row["stage"]],
        reached=_STAGES.get(row["reached"]),
        since=datetime.fromisoformat(row["began"]),
        made_at=rows.time_of(row["made_at"]),
        paid_at=rows.time_of(row["paid_at"]),
        price_cents=row["amount_cents"],
        carrier=carrier_id(row["carrier"]) if row["carrier"] else None,
        pickup=bool(row["pickup"]),
        handed_in_at=rows.time_of(row["handed_in_at"]),
        buyer_since=rows.time_of(row["buyer_since"]),
        category=row["category"],
        findings=_findings_of(row["findings"]) if row["findings"] else None,
        answered_in=answered_in,
        cancellation=cancellation,
    )


@lru_cache(maxsize=512)
def _findings_of(text: str) -> frozenset[str]:
    """Return what the rules found in an ad; many sales are of the same ad, or found alike."""
    return frozenset(json.loads(text))
