"""The SQLite store."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from watcher.app.archive import Note, StoredCapture
from watcher.app.ports import Waiting
from watcher.app.shelf import Shelf
from watcher.domain.account import Account
from watcher.domain.acknowledgement import Acknowledgement
from watcher.domain.answer_token import AnswerToken
from watcher.domain.case import Case
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.escalation import Rounds
from watcher.domain.ledger import Line
from watcher.domain.money import Cost
from watcher.domain.order import Order
from watcher.domain.parcel import Origin, Sighting
from watcher.domain.reading import Statement
from watcher.domain.reason import FoundReason
from watcher.domain.signs import Sign
from watcher.domain.stage import Stage
from watcher.domain.step import Step
from watcher.domain.wording import OwnWord, Word
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, connect, refused, snapshot, transaction

if TYPE_CHECKING:
    from watcher.storage.ads import SqliteAds
    from watcher.storage.anchors import SqliteAnchors
    from watcher.storage.attachments import SqliteAttachments
    from watcher.storage.catalogue import SqliteCatalogue
    from watcher.storage.clearing import SqliteClearing
    from watcher.storage.forgetting import SqliteForgetting
    from watcher.storage.history import SqliteHistory
    from watcher.storage.index import SqliteIndex
    from watcher.storage.past_sales import SqlitePastSales
    from watcher.storage.questions import SqliteQuestions
    from watcher.storage.sealed import SqliteSealed
    from watcher.storage.writing import SqliteWriting

T = TypeVar("T")
_DUE = (
    "SELECT * FROM outbox WHERE sent_at IS NULL AND dropped_at IS NULL AND (not_before <= ?1 OR not_before > ?4)"
    " AND (leased_until IS NULL OR leased_until <= ?1 OR leased_until > ?4)"
    " AND channel NOT IN (SELECT value FROM json_each(?2))"
    " AND channel NOT IN (SELECT channel FROM channel_health WHERE rests_until > ?1 AND rests_until <= ?4)"
    " AND (?3 = 0 OR wakes IS NOT NULL)"
)
_PAGE = 500
_AFTER_ALL = "~"
"""Later than every moment, as text."""
_CLOCK_PUT_BACK = timedelta(days=2)
"""So far a clock may have been put back: behind a line that old nothing newer is looked for."""
_LONGEST_WAIT = timedelta(hours=2)
"""Longer than any pause, lease or rest: a moment beyond it was written by a clock that has been put right since."""


class SqliteStore:
    """What is remembered, in one file of the storage folder. One instance belongs to one thread."""

    def __init__(self, folder: Path, *, patience: float | None = None) -> None:
        self._connection: sqlite3.Connection = connect(folder, patience=patience)
        self._folder = folder
        self._read: dict[tuple[str, str | None], tuple[tuple[int, int], tuple[Any, ...]]] = {}
        """What was read last, and how far the database had been written then."""
        self._begun_with: int | None = None
        """How much had been written when the transaction began that is open."""

    @contextmanager
    def writing(self) -> Iterator["SqliteWriting"]:
        """Begin a transaction."""
        from watcher.storage.writing import SqliteWriting  # noqa: PLC0415 - reading commands never write

        with transaction(self._connection):
            self._begun_with = self._connection.total_changes
            self._read.clear()  # it will be another history, and a year's is not held for nothing
            try:
                yield SqliteWriting(self._connection)
            finally:
                self._begun_with = None

    def catalogue(self) -> "SqliteCatalogue":
        """Look things up by pages."""
        from watcher.storage.catalogue import SqliteCatalogue  # noqa: PLC0415 - only where pages are shown

        return SqliteCatalogue(self._connection)

    def past_sales(self) -> "SqlitePastSales":
        """Read past sales, for figures."""
        from watcher.storage.past_sales import SqlitePastSales  # noqa: PLC0415 - only where figures are shown

        return SqlitePastSales(self._connection)

    def snapshot(self) -> AbstractContextManager[None]:
        """Read within the block as of one moment."""
        return snapshot(self._connection)

    def account(self, name: str) -> Account:
        """Return an account's state; one that was never checked is new."""
        found = self._rows("SELECT * FROM accounts WHERE name = ?", name)
        return rows.account_of(found[0]) if found else Account(name=name)

    def accounts(self) -> list[Account]:
        """Return every account that was ever checked."""
        return [rows.account_of(row) for row in self._rows("SELECT * FROM accounts ORDER BY name")]

    def orders(self, account: str | None = None) -> list[Order]:
        """Return orders, the latest change first."""
        query = "SELECT * FROM orders WHERE ?1 IS NULL OR account = ?1 ORDER BY stage_at DESC, id"
        return list(self._once(("orders", account), lambda: map(rows.order_of, self._rows(query, account))))

    def order_pages(self) -> Iterator[list[Order]]:
        """Return all orders by their ids, a page at a time."""
        last = ""
        while found := self._rows("SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT ?", last, _PAGE):
            last = found[-1]["id"]
            yield [rows.order_of(row) for row in found]

    def orders_under_way(self, *, or_changed_since: datetime | None = None) -> list[Order]:
        """Return the orders that are not ended, those with an open case and those that changed since; no other is even read."""
        query = (
            "SELECT * FROM orders WHERE id IN ("
            "SELECT id FROM orders INDEXED BY orders_by_stage WHERE stage IN (SELECT value FROM json_each(?))"
            " UNION SELECT order_id FROM cases WHERE closed_at IS NULL"
            " UNION SELECT id FROM orders WHERE stage_at >= ?) ORDER BY stage_at DESC, id"
        )
        going_on = json.dumps([stage for stage in Stage if not stage.is_ended])
        found = self._rows(query, going_on, rows.time_text(or_changed_since))
        return [rows.order_of(row) for row in found]

    def orders_told(self, origin: Origin) -> list[Order]:
        """Return the orders about whose parcels that origin has said anything, by their ids."""
        query = (
            "SELECT * FROM orders WHERE id IN (SELECT order_id FROM sightings WHERE origin = ?) ORDER BY id"
        )
        return [rows.order_of(row) for row in self._rows(query, origin)]

    def conversations_captured(self, *, since: datetime) -> frozenset[str]:
        """Return the conversations of which captures were taken since a moment."""
        query = "SELECT DISTINCT conversation FROM captures WHERE taken_at >= ? AND conversation IS NOT NULL"
        return frozenset(row["conversation"] for row in self._rows(query, rows.time_text(since)))

    def has_older_order(self, moment: datetime) -> bool:
        """Whether an order was seen before a moment."""
        query = "SELECT 1 FROM orders WHERE first_seen_at < ? LIMIT 1"
        return bool(self._rows(query, rows.time_text(moment)))

    def history(self, account: str) -> "SqliteHistory":
        """Look up what an account's checks have left, as far as the next one has to know of it."""
        from watcher.storage.history import SqliteHistory  # noqa: PLC0415 - only where something is looked at

        return SqliteHistory(self._connection, account)

    def statements(self, account: str) -> dict[str, Statement]:
        """Return what each added page said when it was last read, by the page's name."""
        found = self._rows("SELECT * FROM statements WHERE account = ?", account)
        return {row["page"]: rows.statement_of(row) for row in found}

    def words(self, account: str) -> list[Word]:
        """Return every word of the site that was ever met."""
        query = "SELECT * FROM words WHERE account = ? ORDER BY kind, token"
        return [rows.word_of(row) for row in self._rows(query, account)]

    def own_words(self, account: str) -> list[OwnWord]:
        """Return what the seller confirmed, oldest first."""
        query = "SELECT * FROM own_words WHERE account = ? ORDER BY at, kind, token"
        return [rows.own_word_of(row) for row in self._rows(query, account)]

    def asked_for(self, account: str) -> list[str]:
        """Return the conversations that mails asked a check to open; the empty one stands for the whole account."""
        query = "SELECT conversation FROM asked_for WHERE account = ? ORDER BY at, conversation"
        return [row["conversation"] for row in self._rows(query, account)]

    def mailbox_state(self, mailbox: str) -> str | None:
        """Return how far a mailbox was read."""
        found = self._rows("SELECT state FROM mailboxes WHERE name = ?", mailbox)
        return found[0]["state"] if found else None

    def cases(self, account: str | None = None) -> list[Case]:
        """Return cases, the latest first."""
        query = "SELECT * FROM cases WHERE ?1 IS NULL OR account = ?1 ORDER BY opened_at DESC, id"
        steps = "SELECT * FROM steps ORDER BY case_id, position"
        return list(
            self._once(("cases", account), lambda: self._with_steps(self._rows(query, account), steps))
        )

    def open_cases(self, *, or_closed_since: datetime | None = None) -> list[Case]:
        """Return the cases that are open, or were so after a moment, the latest first; no other is even read."""
        query = (
            "SELECT * FROM (SELECT * FROM cases WHERE closed_at IS NULL"
            " UNION ALL SELECT * FROM cases WHERE closed_at >= ?) ORDER BY opened_at DESC, id"
        )
        found = self._rows(query, rows.time_text(or_closed_since))
        steps = (
            "SELECT * FROM steps WHERE case_id IN (SELECT value FROM json_each(?)) ORDER BY case_id, position"
        )
        return self._with_steps(found, steps, json.dumps([row["id"] for row in found]))

    def _with_steps(self, cases: list[dict[str, Any]], query: str, *values: str) -> list[Case]:
        steps: dict[str, list[Step]] = defaultdict(list)
        for row in self._rows(query, *values) if cases else ():
            steps[row["case_id"]].append(rows.step_of(row))
        return [rows.case_of(row, tuple(steps[row["id"]])) for row in cases]

    def rounds(self, case_id: str) -> Rounds:
        """Return how far a case's alerts have come."""
        query = "SELECT round, round_at, round_begun, rounds_stopped_at FROM cases WHERE id = ?"
        row = self._rows(query, case_id)[0]
        return Rounds(
            last=row["round"],
            at=datetime.fromisoformat(row["round_at"]),
            begun=row["round_begun"],
            stopped_at=rows.time_of(row["rounds_stopped_at"]),
        )

    def acknowledgements(self, case_id: str) -> list[Acknowledgement]:
        """Return who took a case on, oldest first."""
        found = self._rows("SELECT * FROM acknowledgements WHERE case_id = ? ORDER BY at, id", case_id)
        return [rows.acknowledgement_of(row) for row in found]

    def notes(self, order: str) -> list[Note]:
        """Return the notes on an order, oldest first."""
        found = self._rows("SELECT * FROM notes WHERE order_id = ? ORDER BY at, id", order)
        return [rows.note_of(row) for row in found]

    def sightings(self, order: str) -> list[Sighting]:
        """Return what was said about an order's parcel, oldest first."""
        found = self._rows("SELECT * FROM sightings WHERE order_id = ? ORDER BY at, learnt_at, id", order)
        return [rows.sighting_of(row) for row in found]

    def signs(self, order: str) -> list[Sign]:
        """Return what is worth a look about an order, in the order in which it was noticed."""
        found = self._rows("SELECT * FROM signs WHERE order_id = ? ORDER BY seen_at, rowid", order)
        return [rows.sign_of(row) for row in found]

    def found_reason(self, case_id: str) -> FoundReason | None:
        """Return the reason that was found in the chat, also when the seller has named another."""
        found = self._rows("SELECT * FROM found_reasons WHERE case_id = ?", case_id)
        return rows.found_reason_of(found[0]) if found else None

    def costs(self, order: str | None = None) -> list[Cost]:
        """Return money beside the prices, oldest first."""
        where, named = ("TRUE", []) if order is None else ("order_id = ?", [order])
        found = self._rows(f"SELECT * FROM costs WHERE {where} ORDER BY at, id", *named)  # noqa: S608 - words of our own
        return [rows.cost_of(row) for row in found]

    def channel_health(self, channel: str) -> ChannelHealth:
        """Return how it stands with a channel; with one that was never tried nothing is known."""
        found = self._rows("SELECT * FROM channel_health WHERE channel = ?", channel)
        return rows.channel_health_of(found[0]) if found else ChannelHealth(channel=channel)

    def checks_since(self, at: datetime) -> tuple[int, int]:
        """Return how many checks since then saw everything and understood it, and how many did not."""
        query = (
            "SELECT coalesce(json_extract(text, '$.at'), '') AS at,"
            " json_extract(text, '$.kind') IN ('check', 'seen_unchanged', 'check_failed') AS is_check,"
            " coalesce(json_extract(text, '$.facts.complete') AND json_extract(text, '$.facts.outcome') = 'ok', 0) AS good"
            " FROM ledger ORDER BY seq DESC"  # from the end, and no further than it counts
        )
        since, before = rows.time_text(at) or "", rows.time_text(at - _CLOCK_PUT_BACK) or ""
        good = bad = 0
        try:
            for row in self._connection.execute(query):
                if "" < row["at"] < before:
                    break
                if row["is_check"] and row["at"] >= since:
                    good, bad = good + bool(row["good"]), bad + (not row["good"])
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error
        return good, bad

    def remembered(self, name: str) -> str | None:
        """Return a small thing that was remembered under its name."""
        found = self._rows("SELECT value FROM remembered WHERE name = ?", name)
        return found[0]["value"] if found else None

    def answer_token(self, token_hash: str) -> AnswerToken | None:
        """Return what is remembered of a token."""
        found = self._rows("SELECT * FROM answer_tokens WHERE hash = ?", token_hash)
        return rows.answer_token_of(found[0]) if found else None

    def awaited_answers(self, *, now: datetime) -> dict[str, datetime]:
        """Return the channels through which open cases may still be answered, and when each last gave out a token."""
        query = (
            "SELECT channel, max(made_at) AS made_at FROM answer_tokens JOIN cases ON cases.id = case_id"
            " WHERE used_at IS NULL AND expires_at > ? AND closed_at IS NULL GROUP BY channel"
        )
        found = self._rows(query, rows.time_text(now))
        return {row["channel"]: datetime.fromisoformat(row["made_at"]) for row in found}

    def index(self) -> "SqliteIndex":
        """Return what the database says is kept."""
        from watcher.storage.index import SqliteIndex  # noqa: PLC0415 - only where all of it is verified

        return SqliteIndex(self._connection)

    def shelf(self, account: str, *, since: datetime, until: datetime) -> Shelf:
        """Return what is kept of an account: conversations from `since` on and before `until`, ads from `since` on."""
        from watcher.storage.shelf import shelf_of  # noqa: PLC0415 - only where something is looked at

        return shelf_of(self._connection, account, since=since, until=until)

    def captures(self, *, account: str | None = None, conversation: str | None = None) -> list[StoredCapture]:
        """Return captures, oldest first."""
        if account is None and conversation is None:
            return list(self._once(("captures", None), lambda: self._captures(None, None)))
        return self._captures(account, conversation)

    def _captures(self, account: str | None, conversation: str | None) -> list[StoredCapture]:
        wanted = {"account": account, "conversation": conversation}
        named = {name: value for name, value in wanted.items() if value is not None}
        # One condition that held for whatever is not asked for as well would keep SQLite from its index.
        where = " AND ".join(f"{name} = ?" for name in named) or "TRUE"
        found = self._rows(f"SELECT * FROM captures WHERE {where} ORDER BY taken_at, id", *named.values())  # noqa: S608 - names of our own
        return self._with_files(found, few=conversation is not None)

    def captures_of_no_order(
        self, *, after: datetime | None = None, before: datetime | None = None
    ) -> Iterator[StoredCapture]:
        """Return the captures of pages about many orders, account by account, oldest first, a page of them at a time."""
        query = (
            "SELECT * FROM captures WHERE account = ? AND conversation IS NULL AND (taken_at, id) > (?, ?)"
            " AND taken_at < ? ORDER BY taken_at, id LIMIT ?"
        )
        for account in self.accounts():
            last = rows.time_text(after) or "", _AFTER_ALL if after else ""
            while found := self._rows(
                query, account.name, *last, rows.time_text(before) or _AFTER_ALL, _PAGE
            ):
                last = found[-1]["taken_at"], found[-1]["id"]
                yield from self._with_files(found, few=True)

    def _with_files(self, captures: list[dict[str, Any]], *, few: bool) -> list[StoredCapture]:
        stored = defaultdict(list)
        for row in self._files_of(captures, few=few):
            stored[row["capture_id"]].append(rows.file_of(row))
        return [rows.capture_of(row, tuple(stored[row["id"]])) for row in captures]

    def _files_of(self, captures: list[dict[str, Any]], *, few: bool) -> list[dict[str, Any]]:
        """Return the files of captures; where those are all there are, it is quicker to read them in one go."""
        query = "SELECT * FROM capture_files{} ORDER BY capture_id, position"
        if not captures:
            return []
        if not few:
            return self._rows(query.format(""))
        wanted = json.dumps([capture["id"] for capture in captures])
        return self._rows(query.format(" WHERE capture_id IN (SELECT value FROM json_each(?))"), wanted)

    def claim(
        self,
        *,
        now: datetime,
        lease: timedelta,
        limit: int = 20,
        without: Collection[str] = (),
        quiet: bool = False,
    ) -> list[Waiting]:
        """Lease alerts that are due, the critical ones first; while it is quiet only those that break through."""
        until = rows.time_text(now + lease)
        query = _DUE + " ORDER BY critical DESC, created_at, id LIMIT ?5"
        beyond = rows.time_text(now + _LONGEST_WAIT)
        with transaction(self._connection):
            due = self._rows(query, rows.time_text(now), json.dumps(list(without)), int(quiet), beyond, limit)
            for row in due:
                row["attempts"] += 1
                query = "UPDATE outbox SET leased_until = ?, attempts = ?, problem = NULL WHERE id = ?"
                self._connection.execute(query, (until, row["attempts"], row["id"]))
        return [rows.waiting_of(row) for row in due]

    def unsent(self, channel: str, *, queued_before: datetime, now: datetime) -> list[Waiting]:
        """Return a channel's waiting alerts from before a moment that nobody has leased now, the oldest first."""
        query = (
            "SELECT * FROM outbox WHERE channel = ?1 AND sent_at IS NULL AND dropped_at IS NULL AND created_at < ?2"
            " AND (leased_until IS NULL OR leased_until <= ?3) ORDER BY created_at, id"
        )
        found = self._rows(query, channel, rows.time_text(queued_before), rows.time_text(now))
        return [rows.waiting_of(row) for row in found]

    def told_at(self, key: str) -> datetime | None:
        """Return when a channel first took an alert, or the digest that told of it."""
        query = (
            "SELECT min(sent_at) AS sent_at FROM outbox WHERE key = ?1"
            " OR key IN (SELECT digest FROM outbox WHERE key = ?1)"
        )
        return rows.time_of(self._rows(query, key)[0]["sent_at"])

    def was_queued(self, key: str) -> bool:
        """Whether an alert of that key was ever put into the outbox."""
        return bool(self._rows("SELECT 1 FROM outbox WHERE key = ? LIMIT 1", key))

    def on_their_way(self) -> list[Waiting]:
        """Return the alerts that some channel has still to take, with what became of them in the others; the latest first."""
        query = (
            "SELECT * FROM outbox WHERE key IN"
            " (SELECT key FROM outbox WHERE sent_at IS NULL AND dropped_at IS NULL) ORDER BY id DESC"
        )
        return [rows.waiting_of(row) for row in self._rows(query)]

    def outbox(self) -> list[Waiting]:
        """Return every alert that was ever queued, the latest first."""
        return [rows.waiting_of(row) for row in self._rows("SELECT * FROM outbox ORDER BY id DESC")]

    def ledger(self, *, saying: Collection[str] = ()) -> Iterable[Line]:
        """Return the ledger from its first line on, one at a time, or those lines whose text has any of these words in it."""
        where = " OR ".join("instr(text, ?)" for _each in saying) or "TRUE"
        query = f"SELECT seq, text, hash FROM ledger WHERE {where} ORDER BY seq"  # noqa: S608 - words of our own
        try:
            for row in self._connection.execute(query, tuple(saying)):
                yield Line(seq=row["seq"], text=row["text"], hash=row["hash"])
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error

    def ledger_head(self) -> str | None:
        """Return the hash of the ledger's last line; `None` before the first."""
        found = self._rows("SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1")
        return found[0]["hash"] if found else None

    def has_due(self, *, now: datetime, quiet: bool = False) -> bool:
        """Whether an alert waits that `claim` would hand out now."""
        return bool(
            self._rows(
                _DUE + " LIMIT 1", rows.time_text(now), "[]", int(quiet), rows.time_text(now + _LONGEST_WAIT)
            )
        )

    def attachments(self) -> "SqliteAttachments":
        """Return whoever keeps the seller's files."""
        from watcher.storage.attachments import SqliteAttachments  # noqa: PLC0415 - few commands need it

        return SqliteAttachments(self._connection, self._folder)

    def erasing(self) -> "SqliteForgetting":
        """Return whoever erases for good."""
        from watcher.storage.forgetting import SqliteForgetting  # noqa: PLC0415 - few commands need it

        return SqliteForgetting(self._connection, self._folder)

    def clearing(self) -> "SqliteClearing":
        """Return whoever clears away what has served its purpose."""
        from watcher.storage.clearing import SqliteClearing  # noqa: PLC0415 - only housekeeping needs it

        return SqliteClearing(self._connection, self._folder)

    def sealed(self) -> "SqliteSealed":
        """Look up what proves evidence and is needed only where it is handed out."""
        from watcher.storage.sealed import SqliteSealed  # noqa: PLC0415 - only where evidence is handed out

        return SqliteSealed(self._connection)

    def anchors(self) -> "SqliteAnchors":
        """Look up anchors and stamps."""
        from watcher.storage.anchors import SqliteAnchors  # noqa: PLC0415 - few commands need it

        return SqliteAnchors(self._connection)

    def ads(self) -> "SqliteAds":
        """Look up the own ads."""
        from watcher.storage.ads import SqliteAds  # noqa: PLC0415 - few commands need it

        return SqliteAds(self._connection)

    def questions(self) -> "SqliteQuestions":
        """Look up buyers' questions and own answer times."""
        from watcher.storage.questions import SqliteQuestions  # noqa: PLC0415 - few commands need it

        return SqliteQuestions(self._connection)

    def guard_is_proven(self, key: str) -> bool:
        """Whether the read-only guard was proven in this browser with these rules."""
        return bool(self._rows("SELECT 1 FROM guard_proofs WHERE key = ?", key))

    def remember_proof(self, key: str, *, at: datetime) -> None:
        """Remember that it was."""
        with transaction(self._connection):
            self._connection.execute(
                "INSERT OR REPLACE INTO guard_proofs VALUES (?, ?)", (key, rows.time_text(at))
            )

    def tidy(self) -> None:
        """Fold the write-ahead log into the file and refresh the query planner's figures."""
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._rows("PRAGMA optimize")

    def close(self) -> None:
        """Close the database file."""
        self._connection.close()

    def _once(self, what: tuple[str, str | None], read: Callable[[], Iterable[T]]) -> tuple[T, ...]:
        """Return what was read last, where nobody has written anything since: much that is told asks for the same history.

        What a transaction reads of its own changes is not kept: they may be undone.
        """
        stamp = self._rows("PRAGMA data_version")[0]["data_version"], self._connection.total_changes
        known = self._read.get(what)
        if known is not None and known[0] == stamp:
            return known[1]
        found = tuple(read())
        if self._begun_with in {None, stamp[1]}:
            self._read[what] = (stamp, found)
        return found

    def _rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        try:
            return [dict(row) for row in self._connection.execute(query, parameters)]
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error
