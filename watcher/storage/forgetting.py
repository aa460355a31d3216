"""Erasing for good, in the database and on the disk.

The order of things makes a crash harmless: in one transaction the rows go, the tombstone comes, and what is still to be
removed from the disk is written down. The disk follows, and only then is that note taken away. So no file is missing
without a tombstone, and no bytes stay behind unnoticed.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from watcher.app.archive import StoredCapture
from watcher.app.erasure import Erased, Holding, Leftover
from watcher.crash_points import crash_point
from watcher.domain.order import Order
from watcher.errors import BusyError
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, make_private_folder, refused, transaction
from watcher.storage.leftovers import remove, remove_names, remove_parts, remove_staged
from watcher.storage.mentions import naming
from watcher.texts.language import _

LOCK = "archive.lock"
"""Held by whoever removes files, and by whoever copies all of them."""
_DATABASE = ""
"""In the list of what is still to be removed it stands for the free pages of the database file."""
_AT_ONCE = 2_000
"""So many files are removed under one write lock: a check waits no longer than that takes."""
_TIMES = (
    "SELECT id, max(at) AS at FROM ("
    " SELECT orders.id AS id, taken_at AS at FROM captures JOIN orders USING (account, conversation)"
    " UNION ALL SELECT order_id, at FROM notes"
    " UNION ALL SELECT order_id, at FROM attachments"
    " UNION ALL SELECT order_id, at FROM costs"
    " UNION ALL SELECT order_id, learnt_at FROM sightings"
    ") GROUP BY id"
)
_HELD = (
    "SELECT (SELECT count(*) FROM attachments WHERE order_id = ?1) AS attachments,"
    " (SELECT count(*) FROM notes WHERE order_id = ?1) AS notes,"
    " (SELECT total(size) FROM attachments WHERE order_id = ?1) AS size,"
    " (SELECT count(*) FROM sightings WHERE order_id = ?1)"
    " + (SELECT count(*) FROM costs WHERE order_id = ?1 AND text <> '')"
    " + (SELECT count(*) FROM signs WHERE order_id = ?1 AND quote <> '')"
    " + (SELECT count(*) FROM questions q JOIN orders o USING (account, conversation) WHERE o.id = ?1)"
    " + (SELECT count(*) FROM found_reasons WHERE sentence <> '' AND case_id IN"
    " (SELECT id FROM cases WHERE order_id = ?1))"
    " + (SELECT count(*) FROM orders WHERE id = ?1 AND coalesce(title, buyer, tracking_number, ad_id, buyer_since) IS NOT NULL)"
    " AS others"
)
_ERASE = """
UPDATE orders SET title = NULL, buyer = NULL, ad_id = NULL, carrier = NULL, tracking_number = NULL, shipping_option = NULL,
    buyer_since = NULL, unknown_events = '[]', words = '[]', forgotten_at = :at WHERE id = :order;
DELETE FROM sightings WHERE order_id = :order;
UPDATE signs SET quote = '' WHERE order_id = :order;
UPDATE costs SET text = '' WHERE order_id = :order;
DELETE FROM questions WHERE (account, conversation) IN (SELECT account, conversation FROM orders WHERE id = :order);
DELETE FROM notes WHERE order_id = :order;
DELETE FROM attachments WHERE order_id = :order;
UPDATE found_reasons SET sentence = '' WHERE case_id IN (SELECT id FROM cases WHERE order_id = :order);
UPDATE acknowledgements SET who = '' WHERE case_id IN (SELECT id FROM cases WHERE order_id = :order);
DELETE FROM answer_tokens WHERE case_id IN (SELECT id FROM cases WHERE order_id = :order);
UPDATE outbox SET dropped_at = :at WHERE sent_at IS NULL AND dropped_at IS NULL
    AND (order_id = :order OR case_id IN (SELECT id FROM cases WHERE order_id = :order));
UPDATE outbox SET details = '[]', problem = NULL
    WHERE order_id = :order OR case_id IN (SELECT id FROM cases WHERE order_id = :order);
DELETE FROM remembered WHERE name = 'tracking/asked/' || :order
    OR name IN (SELECT 'told/' || id FROM cases WHERE order_id = :order)
"""
"""What happens to each table that holds an order's names or words. Ids, kinds, times and sums stay; so does the rule that
raised a sign: without it the sign would be noticed, and told, anew."""


class SqliteForgetting:
    """Erases in one storage folder."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def holding(self, order: Order) -> Holding:
        """Return what is kept of an order besides its row and its captures."""
        row = self._rows(_HELD, order.id)[0]
        return Holding(
            attachments=row["attachments"], notes=row["notes"], size=int(row["size"]), others=row["others"]
        )

    def moved(self) -> Mapping[str, datetime]:
        """Return when something was last kept about each order."""
        return {row["id"]: datetime.fromisoformat(row["at"]) for row in self._rows(_TIMES)}

    def naming(self, captures: Iterable[StoredCapture], orders: Collection[Order]) -> list[StoredCapture]:
        """Return those captures whose pages name any of the orders."""
        return naming(self._folder, captures, orders)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep backups away for the length of the block."""
        with archive_lock(self._folder):
            yield

    def erase(
        self, orders: Sequence[tuple[Order, Collection[str]]], *, at: datetime
    ) -> list[tuple[Order, Erased]]:
        """Erase orders' names, words and salts, and the rows of captures; the bytes are then to be removed."""
        if not orders:
            return []
        attached = {order.id: self._attachments_of(order) for order, _captures in orders}
        noted = {order.id: self._notes_on(order) for order, _captures in orders}
        files = {
            order.id: {row["path"]: row["sha256"] for row in attached[order.id]}
            | self._without_rows(order, captures, at=at)
            for order, captures in orders
        }
        # All at once: the rows' paths have no index, and whoever wants to write waits meanwhile.
        going = self._to_remove([path for each in files.values() for path in each], at=at)
        return [
            (
                order,
                Erased(
                    captures=tuple(captures),
                    files=_hashes(files[order.id], going),
                    attachments=tuple(row["id"] for row in attached[order.id]),
                    notes=noted[order.id],
                ),
            )
            for order, captures in orders
        ]

    def erase_captures(self, captures: Collection[str], *, at: datetime) -> Erased:
        """Erase the rows of captures that are no single order's; their bytes are then to be removed."""
        files = self._without_captures(captures)
        return Erased(captures=tuple(captures), files=_hashes(files, self._to_remove(files, at=at)))

    def is_unfinished(self) -> bool:
        """Whether something forgotten still lies on the disk."""
        return bool(self._rows("SELECT 1 FROM erasures LIMIT 1"))

    def finish(self) -> list[Leftover]:
        """Remove from the disk what was forgotten.

        1. Readable names of forgotten orders, which are the files themselves, and what killed checks left of them; the names
           once more in the end, for a check that was just naming what it had kept may have made one meanwhile.
        2. Files, each only if no row needs it now: a check may have kept the same bytes since. The write lock is held
           meanwhile, as it is by whoever keeps a file.
        3. The database's own free pages and its log: `secure_delete` overwrites cells, but not what moved between pages.
        """
        if not self.is_unfinished():
            return []
        # What was staged of a conversation is also that of its other orders: it goes when all are forgotten, as far as it is older.
        forgotten = self._rows(
            "SELECT account, conversation, min(forgotten_at) AS at FROM orders GROUP BY account, conversation"
            " HAVING count(*) = count(forgotten_at)"
        )
        going = [row["path"] for row in self._rows("SELECT path FROM erasures WHERE path <> ?", _DATABASE)]
        ids = [row["id"] for row in self._rows("SELECT id FROM orders WHERE forgotten_at IS NOT NULL")]
        left = remove_names(self._folder, ids, going)
        crash_point("readable_names_removed")
        left += remove_staged(self._folder, forgotten)
        left += self._remove_files()
        left += [late for late in remove_names(self._folder, ids, going) if late not in left]
        crash_point("forgotten_files_removed")
        return left + self._clean_database(is_last=not left)

    def remove_parts(self, *, before: datetime) -> int:
        """Remove what killed copies left half-written before a moment; returns how many files that were."""
        return remove_parts(self._folder, before=before)

    def old_copies(self) -> list[Path]:
        """Return copies of the database that were made before its form changed."""
        return sorted(self._folder.glob(f"{FILE_NAME}.before-schema-*"))

    def _attachments_of(self, order: Order) -> list[sqlite3.Row]:
        query = "SELECT id, path, sha256 FROM attachments WHERE order_id = ? ORDER BY at, id"
        return self._rows(query, order.id)

    def _notes_on(self, order: Order) -> int:
        count: int = self._rows("SELECT count(*) AS count FROM notes WHERE order_id = ?", order.id)[0][
            "count"
        ]
        return count

    def _without_rows(self, order: Order, captures: Collection[str], *, at: datetime) -> dict[str, str]:
        """Take an order's names and words, and captures, out of the database; returns their files, path and hash."""
        values = {"order": order.id, "at": rows.time_text(at)}
        for statement in _ERASE.split(";"):
            self._connection.execute(statement, values)
        if captures:
            about = (order.account, order.conversation)
            self._connection.execute("DELETE FROM asked_for WHERE account = ? AND conversation = ?", about)
            self._connection.execute(
                "DELETE FROM captures_wanted WHERE account = ? AND conversation = ?", about
            )
        return self._without_captures(captures)

    def _without_captures(self, captures: Collection[str]) -> dict[str, str]:
        """Take captures out of the database; returns their files, path and hash."""
        found: dict[str, str] = {}
        for capture in captures:
            query = "SELECT path, sha256 FROM capture_files WHERE capture_id = ?"
            found |= {row["path"]: row["sha256"] for row in self._rows(query, capture)}
            self._connection.execute("DELETE FROM capture_files WHERE capture_id = ?", (capture,))
            self._connection.execute("DELETE FROM captures WHERE id = ?", (capture,))
        return found

    def _to_remove(self, paths: Collection[str], *, at: datetime) -> frozenset[str]:
        """Write down which files are to be removed from the disk; returns their paths: nothing else needs them."""
        going = frozenset(paths) - self._needed(paths)
        moment = rows.time_text(at)
        entries = [(path, moment) for path in (*going, _DATABASE)]
        self._connection.executemany("INSERT OR REPLACE INTO erasures VALUES (?, ?)", entries)
        return going

    def _needed(self, paths: Collection[str]) -> frozenset[str]:
        """Return those of the paths that a row still names. All of them in one go: the rows' paths have no index."""
        query = (
            "WITH asked AS MATERIALIZED (SELECT value AS path FROM json_each(?))"
            " SELECT path FROM capture_files WHERE path IN (SELECT path FROM asked)"
            " UNION SELECT path FROM attachments WHERE path IN (SELECT path FROM asked)"
        )
        return (
            frozenset(row["path"] for row in self._rows(query, json.dumps(list(paths))))
            if paths
            else frozenset()
        )

    def _remove_files(self) -> list[Leftover]:
        left: list[Leftover] = []
        query = "SELECT path FROM erasures WHERE path > ? ORDER BY path LIMIT ?"
        last = _DATABASE
        while True:
            with transaction(self._connection):
                paths = [row["path"] for row in self._rows(query, last, _AT_ONCE)]
                if not paths:
                    return left
                last = paths[-1]
                left += self._remove_unneeded(paths)

    def _remove_unneeded(self, paths: Collection[str]) -> Iterator[Leftover]:
        """Remove files, but for those that a row needs; yields what could not be removed, for the next run."""
        needed = self._needed(paths)
        for path in paths:
            try:
                if path not in needed:
                    remove(self._folder / path)
                    crash_point("forgotten_file_removed")
            except OSError as error:
                yield Leftover(what=path, reason=error.strerror or str(error))
            else:
                self._connection.execute("DELETE FROM erasures WHERE path = ?", (path,))

    def _clean_database(self, *, is_last: bool) -> list[Leftover]:
        """Write the database anew and cut its log; where somebody reads it at this moment, that waits for the next run.

        Its entry in the list stands for all that has none of its own, and goes last.
        """
        try:
            self._connection.execute("VACUUM")
            crash_point("database_written_anew")
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            return [Leftover(what=FILE_NAME, reason=str(error))]
        except sqlite3.DatabaseError as error:
            raise refused(self._folder / FILE_NAME, error) from error
        if busy:
            return [Leftover(what=FILE_NAME, reason=_("another program is reading it"))]
        if is_last:
            with transaction(self._connection):
                self._connection.execute("DELETE FROM erasures WHERE path = ?", (_DATABASE,))
        return []

    def _rows(self, query: str, *parameters: object) -> list[sqlite3.Row]:
        try:
            return list(self._connection.execute(query, parameters))
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


def _hashes(files: Mapping[str, str], going: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(sorted({digest for path, digest in files.items() if path in going}))


@contextmanager
def archive_lock(folder: Path) -> Iterator[None]:
    """Hold the archive's lock for the length of the block.

    Raises:
        BusyError: a backup or an erasure is under way.
    """
    make_private_folder(folder)
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            _("A backup of the archive is being made, or something is being erased from it."),
            advice=_("Try again when that is done."),
        ) from error
    try:
        yield
    finally:
        lock.release()
