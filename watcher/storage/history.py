"""An account's history in SQL: every question is answered from an index, however much there is to know."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from watcher.app.history import KnownConversation
from watcher.app.shelf import KeptAd
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.signs import same_name
from watcher.domain.stage import CALLED_OFF, Stage
from watcher.storage import rows
from watcher.storage.catalogue import SqliteCatalogue
from watcher.storage.database import FILE_NAME, refused

_ORDERS_OF = "SELECT * FROM orders WHERE account = ?1 AND conversation IN ({}) ORDER BY stage_at DESC, id"
_NAMED = "SELECT value FROM json_each(?2)"
# SQLite cannot know that hardly any order is in one of these stages, and would go through them all. A plus before a column
# says the same the other way round: that all of an account is too much to go through.
_AT_HAND = (
    f"{_NAMED} UNION SELECT conversation FROM orders INDEXED BY orders_by_stage"  # noqa: S608 - made of constants
    " WHERE stage IN (SELECT value FROM json_each(?3)) AND account = ?1"
    " UNION SELECT conversation FROM orders WHERE account = ?1 AND missing_checks > 0"
    " UNION SELECT conversation FROM orders WHERE id IN (SELECT order_id FROM cases WHERE closed_at IS NULL)"
    " UNION SELECT conversation FROM captures_wanted WHERE account = ?1"
)


class SqliteHistory:
    """Reads on the store's own connection; it belongs to the store's thread."""

    def __init__(self, connection: sqlite3.Connection, account: str) -> None:
        self._connection = connection
        self._account = account

    def orders_at_hand(self, conversations: Iterable[str] = ()) -> list[Order]:
        """Return the orders that a look at the account has to do with, the latest change first."""
        going_on = json.dumps([stage for stage in Stage if not stage.is_ended])
        found = self._rows(_ORDERS_OF.format(_AT_HAND), self._account, _listed(conversations), going_on)
        return [rows.order_of(row) for row in found]

    def orders_of(self, conversations: Iterable[str]) -> list[Order]:
        """Return every order of these conversations, the latest change first."""
        found = self._rows(_ORDERS_OF.format(_NAMED), self._account, _listed(conversations))
        return [rows.order_of(row) for row in found]

    def has_order(self, order_id: str) -> bool:
        """Whether an order has that id, of whichever account."""
        return bool(self._rows("SELECT 1 FROM orders WHERE id = ?", order_id))

    def called_off(self, buyer: str, *, since: datetime, until: datetime) -> list[Order]:
        """Return the orders of buyers of that name that ended without a sale from one moment on, up to another."""
        query = (
            "SELECT id, buyer FROM orders INDEXED BY orders_by_stage WHERE stage IN (SELECT value FROM json_each(?1))"
            " AND stage_at BETWEEN ?2 AND ?3 AND account = ?4 ORDER BY stage_at DESC, id"
        )
        span = rows.time_text(since), rows.time_text(until)
        found = self._rows(query, json.dumps(sorted(CALLED_OFF)), *span, self._account)
        ids = [row["id"] for row in found if same_name(row["buyer"], buyer)]
        orders = SqliteCatalogue(self._connection).orders_by_id(ids)
        return [orders[order_id] for order_id in ids if order_id in orders]

    def cases_of(self, orders: Iterable[Order]) -> list[Case]:
        """Return every case of these orders, the latest first."""
        return SqliteCatalogue(self._connection).cases_of_orders([order.id for order in orders])

    def conversations(self, ids: Iterable[str]) -> dict[str, KnownConversation]:
        """Return those of these conversations that were ever read, by their ids."""
        query = "SELECT * FROM conversations WHERE account = ? AND id IN (SELECT value FROM json_each(?))"
        found = self._rows(query, self._account, _listed(ids))
        return {row["id"]: rows.conversation_of(row) for row in found}

    def ads_of(self, conversations: Iterable[str]) -> list[KeptAd]:
        """Return the captures of the ads that these conversations are about, oldest first."""
        query = (
            "SELECT conversation, taken_at, reason FROM captures WHERE account = ? AND kind = 'ad'"
            " AND conversation IN (SELECT value FROM json_each(?)) ORDER BY taken_at, id"
        )
        return [rows.kept_ad_of(row) for row in self._rows(query, self._account, _listed(conversations))]

    def captures(self, ids: Iterable[str]) -> frozenset[str]:
        """Return which of these captures are remembered."""
        query = "SELECT id FROM captures WHERE +account = ? AND id IN (SELECT value FROM json_each(?))"
        return frozenset(row["id"] for row in self._rows(query, self._account, _listed(ids)))

    def _rows(self, query: str, *values: str | None) -> list[dict[str, Any]]:
        try:
            return [dict(row) for row in self._connection.execute(query, values)]
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


def _listed(values: Iterable[str]) -> str:
    return json.dumps(list(values))
