"""Clearing away in the database and beside it."""

import json
import sqlite3
from datetime import datetime
from pathlib import Path

from watcher.domain.alert import AlertKind
from watcher.domain.stage import Stage
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, refused, transaction

MOST_EMPTY = 0.25
"""What part of the file may be empty: what is written next fills it again."""
WORTH_IT = 20_000_000
"""Fewer empty bytes are not worth writing the whole file anew."""
_OVER = (
    "FROM outbox WHERE coalesce(sent_at, dropped_at) < ?1 AND kind <> ?2"
    " AND (order_id IS NULL OR order_id NOT IN"
    " (SELECT id FROM orders WHERE forgotten_at IS NULL AND stage NOT IN (SELECT value FROM json_each(?3))))"
    " AND NOT EXISTS (SELECT 1 FROM cases WHERE closed_at IS NULL AND (id = case_id OR order_id = outbox.order_id))"
    " AND NOT EXISTS (SELECT 1 FROM outbox AS later WHERE later.key = outbox.digest"
    " AND later.sent_at IS NULL AND later.dropped_at IS NULL)"
)


class SqliteClearing:
    """Clears away in one storage folder."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def clear_alerts(self, *, before: datetime) -> int:
        """Take alerts out of the outbox that were sent or dropped before a moment, and that nobody asks about any more."""
        ended = json.dumps([stage for stage in Stage if stage.is_ended])
        return self._delete(_OVER, rows.time_text(before), AlertKind.FORGET_SOON, ended)

    def clear_tokens(self, *, before: datetime) -> int:
        """Take answer tokens away that have counted no more since before a moment."""
        return self._delete("FROM answer_tokens WHERE expires_at < ?", rows.time_text(before))

    def remove_copies(self, *, before: datetime) -> int:
        """Remove copies of the database that were made before a moment; one that cannot be removed stays for the next time."""
        removed = 0
        for copy in self._folder.glob(f"{FILE_NAME}.before-schema-*"):
            try:
                if copy.stat().st_mtime < before.timestamp():
                    copy.unlink()
                    removed += 1
            except OSError:
                continue
        return removed

    def shrink(self) -> int:
        """Write the database anew where much of its file is empty."""
        size, free = self._number("page_size"), self._number("freelist_count")
        if free * size < WORTH_IT or free < MOST_EMPTY * self._number("page_count"):
            return 0
        try:
            self._connection.execute("VACUUM")
        except sqlite3.OperationalError:
            return 0  # somebody is at work, or the disk has no room for a second file: nothing has changed
        except sqlite3.DatabaseError as error:
            raise refused(self._folder / FILE_NAME, error) from error
        return free * size

    def _delete(self, what: str, *values: str | None) -> int:
        # Looked for first: an empty deletion would take the write lock each hour.
        if not self._rows(f"SELECT 1 {what} LIMIT 1", *values):
            return 0
        with transaction(self._connection):
            return self._connection.execute(f"DELETE {what}", values).rowcount

    def _number(self, pragma: str) -> int:
        return int(self._rows(f"PRAGMA {pragma}")[0][0])

    def _rows(self, query: str, *values: str | None) -> list[sqlite3.Row]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise refused(self._folder / FILE_NAME, error) from error
