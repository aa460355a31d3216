"""Anchors, stamps and the authorities that give them, in the database."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from watcher.domain.anchor import (
    ANCHORED,
    OWN_LINES,
    PRESSING_LINES,
    STAMPED,
    Anchor,
    AnchorReason,
    AuthorityHealth,
    LedgerNews,
    Qualified,
    Stamp,
    StampFault,
    digest_of,
)
from watcher.errors import UsageError
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, refused
from watcher.texts.language import _

_NEWS = (
    "SELECT count(*) AS lines, total(json_extract(text, '$.kind') IN (SELECT value FROM json_each(?3))) AS pressing"
    " FROM ledger WHERE seq > ?1 AND json_extract(text, '$.kind') NOT IN (SELECT value FROM json_each(?2))"
)


class Record(Protocol):
    """Adds a line to the ledger, as `Writing.record` does."""

    def __call__(self, kind: str, *, at: datetime, **facts: str | int) -> None:
        """Add it."""


class SqliteAnchors:
    """What is remembered of anchors and stamps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last(self) -> Anchor | None:
        """Return the newest anchor."""
        found = self._rows("SELECT * FROM anchors ORDER BY lines DESC LIMIT 1")
        return _anchor_of(found[0]) if found else None

    def all(self) -> list[Anchor]:
        """Return every anchor, the shortest first."""
        return [_anchor_of(row) for row in self._rows("SELECT * FROM anchors ORDER BY lines")]

    def stamps(self, *, lines: int | None = None) -> list[Stamp]:
        """Return every stamp, or those on one anchor, in the order of the lines they are on."""
        where, named = ("TRUE", []) if lines is None else ("lines = ?", [lines])
        query = f"SELECT * FROM stamps WHERE {where} ORDER BY lines, stamped_at, authority"  # noqa: S608 - words of our own
        return [_stamp_of(row) for row in self._rows(query, *named)]

    def news(self) -> LedgerNews:
        """Return what the ledger holds beyond the newest anchor."""
        last = self._rows("SELECT max(lines) AS lines FROM anchors")[0]["lines"] or 0
        own, pressing = json.dumps(sorted(OWN_LINES)), json.dumps(sorted(PRESSING_LINES))
        found = self._rows(_NEWS, last, own, pressing)[0]
        return LedgerNews(anything=found["lines"] > 0, pressing=found["pressing"] > 0)

    def health(self, authority: str) -> AuthorityHealth:
        """Return how it stands with an authority."""
        found = self._rows("SELECT * FROM authorities WHERE name = ?", authority)
        return _health_of(found[0]) if found else AuthorityHealth(authority=authority)

    def _rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        try:
            return [dict(row) for row in self._connection.execute(query, parameters)]
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


class SqliteAnchorWriting:
    """What may be written of anchors and stamps within the transaction that is open."""

    def __init__(self, connection: sqlite3.Connection, record: Callable[..., None]) -> None:
        self._connection = connection
        self._record = record

    def make(self, *, at: datetime, reason: AnchorReason) -> Anchor:
        """Anchor the ledger as it is now, and say so in its next line."""
        last = self._connection.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        if last is None:
            raise UsageError(
                _("The ledger is empty: there is nothing to stamp yet."),
                advice=_("`stornowacht check` makes its first line."),
            )
        hashes = self._connection.execute("SELECT hash FROM ledger ORDER BY seq")
        anchor = Anchor(
            lines=last["seq"],
            head=last["hash"],
            digest=digest_of(row["hash"] for row in hashes),
            at=at,
            reason=reason,
        )
        values = (anchor.lines, anchor.head, anchor.digest, rows.time_text(at), reason.value)
        self._connection.execute("INSERT INTO anchors VALUES (?, ?, ?, ?, ?)", values)
        self._record(ANCHORED, at=at, lines=anchor.lines, digest=anchor.digest)
        return anchor

    def save_stamp(self, stamp: Stamp, *, at: datetime) -> bool:
        """Remember a stamp and give it to the ledger; False when that authority has stamped these lines before."""
        values = (
            stamp.lines,
            stamp.authority,
            stamp.qualified.value,
            rows.time_text(stamp.stamped_at),
            stamp.serial,
            stamp.nonce,
            stamp.path,
            stamp.sha256,
            stamp.chain_path,
            stamp.chain_sha256,
        )
        query = "INSERT OR IGNORE INTO stamps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        if not self._connection.execute(query, values).rowcount:
            return False
        self._record(
            STAMPED,
            at=at,
            lines=stamp.lines,
            authority=stamp.authority,
            sha256=stamp.sha256,
            stamped_at=stamp.stamped_at.isoformat(),
        )
        return True

    def save_health(self, health: AuthorityHealth) -> None:
        """Remember how it stands with an authority."""
        values = (
            health.authority,
            rows.time_text(health.failing_since),
            health.failures,
            rows.time_text(health.not_before),
            health.fault.value if health.fault else None,
            health.detail,
            rows.time_text(health.told_at),
        )
        self._connection.execute("INSERT OR REPLACE INTO authorities VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def _anchor_of(row: dict[str, Any]) -> Anchor:
    return Anchor(
        lines=row["lines"],
        head=row["head"],
        digest=row["digest"],
        at=datetime.fromisoformat(row["at"]),
        reason=AnchorReason(row["reason"]),
    )


def _stamp_of(row: dict[str, Any]) -> Stamp:
    at = datetime.fromisoformat(row["stamped_at"])
    return Stamp(**{**row, "qualified": Qualified(row["qualified"]), "stamped_at": at})


def _health_of(row: dict[str, Any]) -> AuthorityHealth:
    return AuthorityHealth(
        authority=row["name"],
        failing_since=rows.time_of(row["failing_since"]),
        failures=row["failures"],
        not_before=rows.time_of(row["not_before"]),
        fault=StampFault(row["fault"]) if row["fault"] in set(StampFault) else None,
        detail=row["detail"],
        told_at=rows.time_of(row["told_at"]),
    )
