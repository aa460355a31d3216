"""One open transaction of the SQLite store, and the only writer of the ledger."""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785

from watcher.app.archive import Note, StoredCapture
from watcher.app.history import KnownConversation
from watcher.domain.account import Account
from watcher.domain.acknowledgement import Acknowledgement
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.answer_token import AnswerToken
from watcher.domain.cadence import Reason
from watcher.domain.case import Case
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.escalation import Rounds
from watcher.domain.event import Event
from watcher.domain.ledger import GENESIS, hash_of
from watcher.domain.mail import PlatformMail
from watcher.domain.money import Cost
from watcher.domain.order import Order
from watcher.domain.parcel import Origin, Sighting
from watcher.domain.reading import Statement
from watcher.domain.reason import FoundReason
from watcher.domain.signs import Sign
from watcher.domain.wording import OwnWord, Word
from watcher.storage import rows
from watcher.storage.ads import SqliteAdWriting
from watcher.storage.anchors import SqliteAnchorWriting
from watcher.storage.questions import SqliteQuestionWriting
from watcher.storage.shelf import only_order, want_capture, want_no_more


class SqliteWriting:
    """Everything that may be written within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save_account(self, account: Account) -> None:
        """Remember an account's state; a new one gets its salt."""
        row = rows.account_row(account) | {"salt": secrets.token_hex(16)}
        kept = ", ".join(f"{name} = excluded.{name}" for name in row if name not in {"name", "salt"})
        self._insert("accounts", row, suffix=f"ON CONFLICT (name) DO UPDATE SET {kept}")

    def save_orders(self, orders: Iterable[Order]) -> None:
        """Remember orders, new and known."""
        for order in orders:
            row = rows.order_row(order)
            kept = ", ".join(f"{name} = excluded.{name}" for name in row if name != "id")
            self._insert("orders", row, suffix=f"ON CONFLICT (id) DO UPDATE SET {kept}")

    def save_conversation(self, account: str, known: KnownConversation, *, at: datetime) -> None:
        """Remember how a conversation looks now."""
        marks = json.dumps(dict(known.marks), sort_keys=True)
        row = {
            "account": account,
            "id": known.id,
            "marks": marks,
            "digest": known.digest,
            "read_at": rows.time_text(at),
        }
        self._insert("conversations", row, verb="INSERT OR REPLACE")

    def save_statement(self, account: str, statement: Statement) -> None:
        """Remember what an added page says now."""
        row = {
            "account": account,
            "page": statement.page,
            "stages": json.dumps(statement.stages),
            "digest": statement.digest,
        }
        self._insert("statements", row, verb="INSERT OR REPLACE")

    def save_words(self, account: str, words: Iterable[Word], *, at: datetime) -> None:
        """Remember which of the site's words were met, and what they were taken for."""
        for word in words:
            row = {
                "account": account,
                "kind": word.kind,
                "token": word.token,
                "stage": word.stage,
                "confidence": word.confidence,
                "first_seen_at": rows.time_text(at),
                "last_seen_at": rows.time_text(at),
            }
            kept = ", ".join(f"{name} = excluded.{name}" for name in ("stage", "confidence", "last_seen_at"))
            self._insert("words", row, suffix=f"ON CONFLICT (account, kind, token) DO UPDATE SET {kept}")

    def save_own_word(self, account: str, word: OwnWord, *, at: datetime) -> None:
        """Remember what the seller confirmed about a word; the latest answer counts."""
        row = {
            "account": account,
            "kind": word.kind,
            "token": word.token,
            "stage": word.stage,
            "at": rows.time_text(at),
        }
        self._insert("own_words", row, verb="INSERT OR REPLACE")

    def save_mail(self, account: str, mail: PlatformMail) -> bool:
        """Remember a mail; False when it was known already."""
        row = {
            "key": mail.key,
            "account": account,
            "at": rows.time_text(mail.at),
            "verdict": mail.verdict,
            "reasons": json.dumps(mail.reasons),
        }
        return self._insert("mails", row, verb="INSERT OR IGNORE") > 0

    def ask_for_check(self, account: str, conversation: str | None, *, at: datetime) -> None:
        """Make the next check of an account due now, and let it open this conversation."""
        row = {"account": account, "conversation": conversation or "", "at": rows.time_text(at)}
        self._insert("asked_for", row, verb="INSERT OR REPLACE")
        query = (
            "UPDATE accounts SET next_check_reason = ?2, next_check_at ="
            " max(min(coalesce(next_check_at, ?1), ?1), coalesce(cool_down_until, '')) WHERE name = ?3"
        )
        self._connection.execute(query, (rows.time_text(at), Reason.MAIL, account))

    def save_mailbox_state(self, mailbox: str, state: str) -> None:
        """Remember how far a mailbox was read."""
        self._insert("mailboxes", {"name": mailbox, "state": state}, verb="INSERT OR REPLACE")

    def answered(self, account: str, conversations: Iterable[str]) -> None:
        """Take conversations that were read off the list of those that mails asked for."""
        query = "DELETE FROM asked_for WHERE account = ? AND conversation = ?"
        self._connection.executemany(query, [(account, conversation) for conversation in conversations])

    def save_case(self, case: Case) -> None:
        """Remember a case with its steps."""
        row = {
            "id": case.id,
            "order_id": case.order,
            "account": case.account,
            "kind": case.kind,
            "confidence": case.confidence,
            "opened_at": rows.time_text(case.opened_at),
            "acknowledged_at": rows.time_text(case.acknowledged_at),
            "closed_at": rows.time_text(case.closed_at),
            "ending": case.ending,
            "reason": case.reason,
            "reason_found": int(case.reason_found),
            "round": 0,
            "round_at": rows.time_text(case.opened_at),
        }
        changing = (
            "kind", "confidence", "acknowledged_at", "closed_at", "ending", "reason", "reason_found",
        )  # fmt: skip
        kept = ", ".join(f"{name} = excluded.{name}" for name in changing)
        self._insert("cases", row, suffix=f"ON CONFLICT (id) DO UPDATE SET {kept}")
        self._connection.execute("DELETE FROM steps WHERE case_id = ?", (case.id,))
        for position, step in enumerate(case.steps):
            step_row = {
                "case_id": case.id,
                "position": position,
                "id": step.id,
                "due_at": rows.time_text(step.due_at),
                "urgent": int(step.urgent),
                "moves_to": step.moves_to,
                "done_at": rows.time_text(step.done_at),
                "done_by": step.done_by,
                "certainty": step.certainty,
                "because": step.because,
            }
            self._insert("steps", step_row)

    def save_rounds(self, case_id: str, rounds: Rounds) -> None:
        """Remember how far a case's alerts have come."""
        stopped_at = rows.time_text(rounds.stopped_at)
        values = (rounds.last, rows.time_text(rounds.at), rounds.begun, stopped_at, case_id)
        columns = "round = ?, round_at = ?, round_begun = ?, rounds_stopped_at = ?"
        query = f"UPDATE cases SET {columns} WHERE id = ?"  # noqa: S608 - column names of our own
        self._connection.execute(query, values)

    def save_acknowledgement(self, ack: Acknowledgement) -> None:
        """Remember who took a case on, or what became of that."""
        row = rows.acknowledgement_row(ack)
        changing = ("way", "who", "snoozed_until", "asked_at", "answered_at", "ended_at", "ending")
        kept = ", ".join(f"{name} = excluded.{name}" for name in changing)
        self._insert("acknowledgements", row, suffix=f"ON CONFLICT (case_id, at) DO UPDATE SET {kept}")

    def queue(self, alert: Alert, *, channels: Sequence[str], now: datetime) -> None:
        """Put an alert into the outbox, once per channel; one that is already there stays as it is."""
        for channel in channels:
            row = {
                "key": alert.key,
                "channel": channel,
                "kind": alert.kind,
                "account": alert.account,
                "order_id": alert.order,
                "case_id": alert.case,
                "round": alert.round,
                "critical": int(alert.critical),
                "details": json.dumps(alert.details),
                "created_at": rows.time_text(alert.at),
                "not_before": rows.time_text(now),
                "wakes": alert.wakes,
            }
            self._insert("outbox", row, verb="INSERT OR IGNORE")

    def drop_alerts(self, case_id: str, *, now: datetime) -> int:
        """Take the case's waiting alert and reminders out of the outbox; returns how many. Other news of it stay."""
        query = (
            "UPDATE outbox SET dropped_at = ?1 WHERE case_id = ?2 AND sent_at IS NULL AND dropped_at IS NULL"
            " AND kind IN (?3, ?4, ?5, ?6)"
        )
        kinds = (
            AlertKind.CASE_OPENED, AlertKind.CASE_REMINDER, AlertKind.ASK_BACK, AlertKind.REMINDERS_STOP,
        )  # fmt: skip
        values = (rows.time_text(now), case_id, *kinds)
        return self._connection.execute(query, values).rowcount

    def drop(self, waiting_id: int, *, now: datetime) -> None:
        """Take one waiting alert out of the outbox."""
        query = "UPDATE outbox SET dropped_at = ?, leased_until = NULL WHERE id = ? AND sent_at IS NULL"
        self._connection.execute(query, (rows.time_text(now), waiting_id))

    def put_into_digest(self, waiting_ids: Sequence[int], digest: str, *, now: datetime) -> None:
        """Take waiting alerts out of the outbox, for a digest tells of them."""
        query = "UPDATE outbox SET dropped_at = ?, digest = ?, leased_until = NULL WHERE id = ?"
        values = [(rows.time_text(now), digest, waiting_id) for waiting_id in waiting_ids]
        self._connection.executemany(query, values)

    def mark_sent(self, waiting_id: int, *, now: datetime) -> None:
        """Remember that a channel took the message."""
        query = "UPDATE outbox SET sent_at = ?, leased_until = NULL, problem = NULL WHERE id = ?"
        self._connection.execute(query, (rows.time_text(now), waiting_id))

    def mark_failed(self, waiting_id: int, *, problem: str, not_before: datetime) -> None:
        """Remember why a channel did not take it, and when to try again."""
        query = "UPDATE outbox SET problem = ?, not_before = ?, leased_until = NULL WHERE id = ?"
        self._connection.execute(query, (problem, rows.time_text(not_before), waiting_id))

    def retry_now(self, channel: str, *, now: datetime) -> None:
        """Let what waits for a channel be tried at once, however long its last failure made it wait."""
        query = (
            "UPDATE outbox SET not_before = ?1 WHERE channel = ?2 AND not_before > ?1"
            " AND sent_at IS NULL AND dropped_at IS NULL"
        )
        self._connection.execute(query, (rows.time_text(now), channel))

    def save_capture(self, stored: StoredCapture) -> None:
        """Remember a capture whose files are in the vault, and give its files' hashes to the ledger."""
        row = {
            "id": stored.id,
            "account": stored.account,
            "conversation": stored.conversation,
            "kind": stored.kind,
            "taken_at": rows.time_text(stored.taken_at),
            "url": stored.url,
            "reason": stored.reason,
            "complete": int(stored.complete),
            "page": stored.page,
            "verdict": stored.verdict,
        }
        self._insert("captures", row)
        for position, file in enumerate(stored.files):
            file_row = {
                "capture_id": stored.id,
                "position": position,
                "role": file.role,
                "media_type": file.media_type,
                "path": file.path,
                "sha256": file.sha256,
                "size": file.size,
                "label": file.label,
            }
            self._insert("capture_files", file_row)
        self.record(
            "capture_kept",
            at=stored.taken_at,
            account=stored.account,
            order=only_order(self._connection, stored),
            capture=stored.id,
            page=stored.kind,
            reason=stored.reason,
            files=[file.sha256 for file in stored.files],
        )

    def want_capture(self, order: str, *, at: datetime) -> None:
        """Let the next check keep the order's conversation, whatever it shows."""
        want_capture(self._connection, order, at=at)

    def want_no_more(self, account: str, conversations: Iterable[str]) -> None:
        """Take conversations off the list of those that the next check is to keep."""
        want_no_more(self._connection, account, conversations)

    def save_note(self, note: Note) -> str:
        """Keep a note; returns the salted hash of its text."""
        salt, text = secrets.token_hex(16), _storable(note.text)
        row = {
            "order_id": note.order,
            "at": rows.time_text(note.at),
            "text": text,
            "salt": salt,
            "kind": note.kind,
        }
        self._insert("notes", row)
        return sha256(f"{salt}\n{text}".encode()).hexdigest()

    def save_sighting(self, sighting: Sighting) -> bool:
        """Remember what was said about a parcel; False when it was known already."""
        return self._insert("sightings", rows.sighting_row(sighting), verb="INSERT OR IGNORE") > 0

    def erase_sightings(self, order: str, origin: Origin) -> int:
        """Erase what was said about an order's parcel from that side; returns how many words that were."""
        query = "DELETE FROM sightings WHERE order_id = ? AND origin = ?"
        return self._connection.execute(query, (order, origin)).rowcount

    def save_sign(self, order: str, sign: Sign, *, at: datetime) -> bool:
        """Remember a sign worth a look; False when its rule has spoken about that order before."""
        row = {
            "order_id": order,
            "rule": sign.rule,
            "at": rows.time_text(sign.at),
            "quote": sign.quote,
            "seen_at": rows.time_text(at),
        }
        return self._insert("signs", row, verb="INSERT OR IGNORE") > 0

    def save_found_reason(self, case_id: str, found: FoundReason, *, at: datetime) -> None:
        """Remember which reason was found in the chat; the latest counts."""
        row = {
            "case_id": case_id,
            "reason": found.reason,
            "rule": found.rule,
            "sentence": found.sentence,
            "confidence": found.confidence,
            "found_at": rows.time_text(at),
        }
        self._insert("found_reasons", row, verb="INSERT OR REPLACE")

    def save_cost(self, cost: Cost) -> None:
        """Remember money beside the price."""
        row = {
            "order_id": cost.order,
            "at": rows.time_text(cost.at),
            "kind": cost.kind,
            "cents": cost.cents,
            "payer": cost.payer,
            "text": cost.text,
        }
        self._insert("costs", row)

    def save_channel_health(self, health: ChannelHealth) -> None:
        """Remember how it stands with a channel."""
        self._insert("channel_health", rows.channel_health_row(health), verb="INSERT OR REPLACE")

    def save_remembered(self, name: str, value: str) -> None:
        """Remember a small thing under its name."""
        self._insert("remembered", {"name": name, "value": value}, verb="INSERT OR REPLACE")

    def save_answer_token(self, token: AnswerToken, *, at: datetime) -> None:
        """Remember a token that goes out with an alert."""
        row = {
            "hash": token.hash,
            "case_id": token.case,
            "round": token.round,
            "channel": token.channel,
            "made_at": rows.time_text(at),
            "expires_at": rows.time_text(token.expires_at),
        }
        self._insert("answer_tokens", row)

    def expire_answer_tokens(self, case_id: str, *, at: datetime) -> None:
        """Let a case's unused tokens count no more."""
        query = "UPDATE answer_tokens SET expires_at = ?1 WHERE case_id = ?2 AND used_at IS NULL AND expires_at > ?1"
        self._connection.execute(query, (rows.time_text(at), case_id))

    def use_answer_token(self, token_hash: str, *, at: datetime, by: str) -> None:
        """Remember that a token came back."""
        query = "UPDATE answer_tokens SET used_at = ?, used_by = ? WHERE hash = ? AND used_at IS NULL"
        self._connection.execute(query, (rows.time_text(at), by, token_hash))

    def record_event(self, event: Event) -> None:
        """Add an event to the ledger."""
        self.record(event.kind, at=event.at, account=event.account, order=event.order, **dict(event.details))

    def record(
        self,
        kind: str,
        *,
        at: datetime,
        account: str | None = None,
        order: str | None = None,
        **facts: str | int | bool | Sequence[str],
    ) -> None:
        """Add a line to the ledger: numbered, chained to the line before it, in canonical JSON (RFC 8785)."""
        last = self._connection.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, GENESIS)
        line: dict[str, Any] = {
            "seq": seq,
            "prev": previous,
            "kind": str(kind),
            "at": rows.time_text(at),
            "account": account,
            "order": order,
            "facts": {name: _plain(value) for name, value in facts.items()},
        }
        text = rfc8785.dumps(line).decode()
        self._connection.execute("INSERT INTO ledger VALUES (?, ?, ?)", (seq, text, hash_of(text)))

    def salted_hash(self, account: str, text: str) -> str:
        """Return a hash of the text that only this account's salt can reproduce."""
        salt = self._connection.execute("SELECT salt FROM accounts WHERE name = ?", (account,)).fetchone()[
            "salt"
        ]
        return sha256(f"{salt}\n{text}".encode(errors="replace")).hexdigest()

    def anchors(self) -> SqliteAnchorWriting:
        """Write of anchors and stamps."""
        return SqliteAnchorWriting(self._connection, self.record)

    def ads(self) -> SqliteAdWriting:
        """Write of the own ads."""
        return SqliteAdWriting(self._connection)

    def questions(self) -> SqliteQuestionWriting:
        """Write of buyers' questions and own answer times."""
        return SqliteQuestionWriting(self._connection)

    def _insert(self, table: str, row: dict[str, Any], *, verb: str = "INSERT", suffix: str = "") -> int:
        columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        # Table and column names come from this module alone; every value is a parameter.
        values = {name: _storable(value) if isinstance(value, str) else value for name, value in row.items()}
        query = f"{verb} INTO {table} ({columns}) VALUES ({marks}) {suffix}"
        return self._connection.execute(query, values).rowcount


def _storable(text: str) -> str:
    """Return a text that can be written down: half of a surrogate pair, which JSON may smuggle in, becomes `?`."""
    return text.encode(errors="replace").decode()


def _plain(value: object) -> object:
    if isinstance(value, bool | int):
        return value
    return str(value) if isinstance(value, str) else [str(entry) for entry in value]  # type: ignore[attr-defined]
