"""What is kept already, and what is wanted at the next check."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from watcher.app.archive import StoredCapture
from watcher.app.shelf import Shelf, Why
from watcher.domain.capture import PageKind
from watcher.storage import rows

_OF_NO_USE = (Why.PROBLEM, Why.RECOVERED)


def shelf_of(connection: sqlite3.Connection, account: str, *, since: datetime, until: datetime) -> Shelf:
    """Return what is kept of an account: conversations from `since` on and before `until`, ads from `since` on.

    The plus has SQLite go by the time: what is kept of an account in a day is little beside all that is kept of it.
    """
    kept = connection.execute(
        "SELECT DISTINCT conversation FROM captures WHERE +account = ?1 AND conversation IS NOT NULL AND kind = ?2"
        " AND taken_at >= ?3 AND taken_at < ?4 AND reason NOT IN (?5, ?6)",
        (account, PageKind.CONVERSATION, rows.time_text(since), rows.time_text(until), *_OF_NO_USE),
    )
    wanted = connection.execute(
        "SELECT conversation FROM captures_wanted WHERE account = ? ORDER BY at, conversation", (account,)
    )
    ads = connection.execute(
        "SELECT conversation, taken_at, reason FROM captures WHERE +account = ? AND kind = ? AND conversation IS NOT NULL"
        " AND taken_at >= ? ORDER BY taken_at, id",
        (account, PageKind.AD, rows.time_text(since)),
    )
    return Shelf(
        kept=frozenset(row["conversation"] for row in kept),
        wanted=tuple(row["conversation"] for row in wanted),
        ads=tuple(map(rows.kept_ad_of, ads)),
    )


def only_order(connection: sqlite3.Connection, stored: StoredCapture) -> str | None:
    """Return the order that a capture is about; `None` where its conversation holds several, or none."""
    query = "SELECT id FROM orders WHERE account = ? AND conversation = ? LIMIT 2"
    found = connection.execute(query, (stored.account, stored.conversation)).fetchall()
    return found[0]["id"] if len(found) == 1 else None


def want_capture(connection: sqlite3.Connection, order: str, *, at: datetime) -> None:
    """Let the next check keep the order's conversation, whatever it shows."""
    query = "INSERT OR IGNORE INTO captures_wanted SELECT account, conversation, ?2 FROM orders WHERE id = ?1"
    connection.execute(query, (order, rows.time_text(at)))


def want_no_more(connection: sqlite3.Connection, account: str, conversations: Iterable[str]) -> None:
    """Take conversations off the list of those that are wanted."""
    query = "DELETE FROM captures_wanted WHERE account = ? AND conversation = ?"
    connection.executemany(query, [(account, conversation) for conversation in conversations])
