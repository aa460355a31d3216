"""Looking things up by pages, in SQL."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from watcher.app.archive import StoredCapture, StoredFile
from watcher.app.catalogue import PAGE, CapturePage, Group, OrderPage, OrderQuery, PastCheck, Sorting
from watcher.domain.capture import PageKind
from watcher.domain.case import Case
from watcher.domain.ledger import Line
from watcher.domain.order import Order
from watcher.domain.stage import ENDED, LIVE, Stage
from watcher.domain.step import Step
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, refused

_SORTINGS = {
    Sorting.LATEST: "stage_at DESC, id",
    Sorting.OLDEST: "stage_at, id",
    Sorting.AMOUNT: "amount_cents IS NULL, amount_cents DESC, id",
    Sorting.TITLE: "title IS NULL, title COLLATE NOCASE, id",
}
_WITH_OPEN_CASE = "id IN (SELECT order_id FROM cases WHERE closed_at IS NULL)"
_AT_ONCE = 5
"""So many captures are read at a time where nobody knows how many are wanted: mostly one."""
_ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class SqliteCatalogue:
    """Reads on the store's own connection; it belongs to the store's thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def order(self, order_id: str) -> Order | None:
        """Return the order of exactly that id."""
        found = self._rows("SELECT * FROM orders WHERE id = ?", order_id)
        return rows.order_of(found[0]) if found else None

    def orders_by_id(self, ids: list[str]) -> dict[str, Order]:
        """Return the orders of these ids, as far as they are known."""
        query = "SELECT * FROM orders WHERE id IN (SELECT value FROM json_each(?))"
        return {row["id"]: rows.order_of(row) for row in self._rows(query, json.dumps(ids))}

    def cases_of(self, order_id: str) -> list[Case]:
        """Return an order's cases, the latest first."""
        return self._cases("order_id = ? ORDER BY opened_at DESC, id", order_id)

    def cases_of_orders(self, ids: list[str]) -> list[Case]:
        """Return the cases of these orders, the latest first."""
        return self._cases(
            "order_id IN (SELECT value FROM json_each(?)) ORDER BY opened_at DESC, id", json.dumps(ids)
        )

    def case(self, case_id: str) -> Case | None:
        """Return the case of exactly that id."""
        return next(iter(self._cases("id = ?", case_id)), None)

    def open_cases(self) -> list[Case]:
        """Return the open cases, the oldest first."""
        return self._cases("closed_at IS NULL ORDER BY opened_at, id")

    def at_stake(self) -> list[Order]:
        """Return live orders, and those with an open case."""
        query = (
            "SELECT * FROM orders WHERE stage IN (SELECT value FROM json_each(?))"  # noqa: S608 - a constant
            f" OR {_WITH_OPEN_CASE} ORDER BY stage_at DESC, id"
        )
        return [rows.order_of(row) for row in self._rows(query, json.dumps(sorted(LIVE)))]

    def find_orders(self, query: OrderQuery) -> OrderPage:
        """Return one page of the orders that somebody looks for. A page beyond the last is the last."""
        where, parameters = _conditions(query)
        counted = f"SELECT count(*) AS found FROM orders WHERE {where}"  # noqa: S608 - made of constants
        found = int(self._rows(counted, *parameters)[0]["found"])
        page = min(max(query.page, 1), max(-(-found // PAGE), 1))
        selected = f"SELECT * FROM orders WHERE {where} ORDER BY {_SORTINGS[query.sorting]} LIMIT ? OFFSET ?"  # noqa: S608
        shown = self._rows(selected, *parameters, PAGE, (page - 1) * PAGE)
        return OrderPage(orders=tuple(map(rows.order_of, shown)), found=found, page=page)

    def counts(self, account: str | None = None) -> Mapping[Stage, int]:
        """Return how many orders stand at each stage."""
        query = "SELECT stage, count(*) AS number FROM orders WHERE ?1 IS NULL OR account = ?1 GROUP BY stage"
        return {Stage(row["stage"]): int(row["number"]) for row in self._rows(query, account)}

    def find_captures(self, *, order: Order | None = None, page: int = 1) -> CapturePage:
        """Return one page of captures, the latest first. A page beyond the last is the last."""
        where = "1" if order is None else "account = ? AND conversation = ?"
        parameters = () if order is None else (order.account, order.conversation)
        counted = f"SELECT count(*) AS found FROM captures WHERE {where}"  # noqa: S608 - made of constants
        found = int(self._rows(counted, *parameters)[0]["found"])
        page = min(max(page, 1), max(-(-found // PAGE), 1))
        selected = f"SELECT * FROM captures WHERE {where} ORDER BY taken_at DESC, id LIMIT ? OFFSET ?"  # noqa: S608
        shown = self._rows(selected, *parameters, PAGE, (page - 1) * PAGE)
        return CapturePage(captures=self._captures(shown), found=found, page=page)

    def latest_captures(self, order: Order, *, most: int) -> list[StoredCapture]:
        """Return the last captures of one order's conversation, oldest first; of more than `most` the oldest are left out."""
        query = (
            "SELECT * FROM captures WHERE account = ? AND conversation = ? ORDER BY taken_at DESC, id LIMIT ?"
        )
        return list(self._captures(self._rows(query, order.account, order.conversation, most)))[::-1]

    def pages_shown(
        self, account: str, *, conversation: str | None, page: str | None
    ) -> Iterator[StoredCapture]:
        """Return the captures of a conversation, of an added page, or (both are `None`) of an account's own pages."""
        query = (
            "SELECT * FROM captures WHERE account = ? AND conversation IS ? AND page IS ? AND kind <> ?"
            " ORDER BY taken_at DESC, id DESC LIMIT ? OFFSET ?"
        )
        for begin in count(step=_AT_ONCE):
            values = (account, conversation, page, PageKind.AD, _AT_ONCE, begin)
            found = self._captures(self._rows(query, *values))
            yield from found
            if len(found) < _AT_ONCE:
                return

    def capture(self, capture_id: str) -> StoredCapture | None:
        """Return the capture of that id."""
        return next(iter(self._captures(self._rows("SELECT * FROM captures WHERE id = ?", capture_id))), None)

    def titles(self, conversations: list[tuple[str, str]]) -> dict[tuple[str, str], Order]:
        """Return the latest order of each account and conversation."""
        query = (
            "SELECT orders.* FROM orders JOIN json_each(?) AS wanted"
            " ON account = json_extract(wanted.value, '$[0]') AND conversation = json_extract(wanted.value, '$[1]')"
            " ORDER BY stage_at"
        )
        wanted = json.dumps(sorted(set(conversations)))
        return {
            (row["account"], row["conversation"]): rows.order_of(row) for row in self._rows(query, wanted)
        }

    def lines_about(self, order_id: str) -> list[Line]:
        """Return the ledger's lines that name an order, oldest first: each is written in one form, so its text can be searched."""
        named = json.dumps(order_id).translate(_ESCAPE)
        query = "SELECT seq, text, hash FROM ledger WHERE text LIKE ? ESCAPE '\\' ORDER BY seq"
        found = self._rows(query, f'%"order":{named}%')
        return [Line(seq=row["seq"], text=row["text"], hash=row["hash"]) for row in found]

    def past_checks(self, *, since: datetime) -> list[PastCheck]:
        """Return the checks that took place since a moment, oldest first; only the ledger's end is read."""
        query = "SELECT text FROM ledger ORDER BY seq DESC"
        found: list[PastCheck] = []
        for row in self._connection.execute(query):
            check = _check_in(row["text"])
            if check is not None and check.at < since:
                break
            if check is not None:
                found.append(check)
        return found[::-1]

    def _cases(self, condition: str, *parameters: str) -> list[Case]:
        found = self._rows(f"SELECT * FROM cases WHERE {condition}", *parameters)  # noqa: S608 - made of constants
        steps: dict[str, list[Step]] = defaultdict(list)
        query = (
            "SELECT * FROM steps WHERE case_id IN (SELECT value FROM json_each(?)) ORDER BY case_id, position"
        )
        for row in self._rows(query, json.dumps([row["id"] for row in found])):
            steps[row["case_id"]].append(rows.step_of(row))
        return [rows.case_of(row, tuple(steps[row["id"]])) for row in found]

    def _captures(self, found: list[dict[str, Any]]) -> tuple[StoredCapture, ...]:
        files: dict[str, list[StoredFile]] = defaultdict(list)
        query = (
            "SELECT * FROM capture_files WHERE capture_id IN (SELECT value FROM json_each(?))"
            " ORDER BY capture_id, position"
        )
        for row in self._rows(query, json.dumps([row["id"] for row in found])):
            files[row["capture_id"]].append(rows.file_of(row))
        return tuple(rows.capture_of(row, tuple(files[row["id"]])) for row in found)

    def _rows(self, query: str, *parameters: object) -> list[dict[str, Any]]:
        try:
            return [dict(row) for row in self._connection.execute(query, parameters)]
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


def _check_in(text: str) -> PastCheck | None:
    """Return the check that a line of the ledger tells of; `None` for other lines, and for one that somebody has damaged."""
    try:
        line = json.loads(text)
        if line["kind"] not in {"check", "seen_unchanged", "check_failed"}:
            return None
        facts, at = line["facts"], datetime.fromisoformat(line["at"])
        return PastCheck(
            account=line["account"],
            at=at,
            outcome=facts.get("outcome") or "unreachable",
            cause=facts.get("cause") or facts.get("reason") or None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _conditions(query: OrderQuery) -> tuple[str, tuple[object, ...]]:
    """Return what holds for the orders that somebody looks for, and its parameters."""
    conditions, parameters = ["1"], list[object]()
    if query.stage is not None:
        conditions.append("stage = ?")
        parameters.append(query.stage)
    if query.account is not None:
        conditions.append("account = ?")
        parameters.append(query.account)
    if query.group is Group.OPEN_CASE:
        conditions.append(_WITH_OPEN_CASE)
    elif query.group is not Group.ALL:
        conditions.append("stage IN (SELECT value FROM json_each(?))")
        parameters.append(json.dumps(sorted(LIVE if query.group is Group.LIVE else ENDED)))
    for word in query.words.split()[:10]:
        like = f"%{word.translate(_ESCAPE)}%"
        fields = ("title", "buyer", "tracking_number", "id")
        conditions.append("(" + " OR ".join(f"{field} LIKE ? ESCAPE '\\'" for field in fields) + ")")
        parameters.extend([like] * len(fields))
    return " AND ".join(conditions), tuple(parameters)
