"""The tables that say what is kept, read row by row and without trust."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from watcher.app.index import (
    IndexedAnchor,
    IndexedAttachment,
    IndexedCapture,
    IndexedFile,
    IndexedNote,
    IndexedStamp,
)
from watcher.domain.ledger import Line
from watcher.storage.database import FILE_NAME, refused

_FILES = (
    "SELECT path, sha256 FROM capture_files UNION SELECT path, sha256 FROM attachments"
    " UNION SELECT path, sha256 FROM stamps UNION SELECT chain_path, chain_sha256 FROM stamps WHERE chain_path <> ''"
)
_KNOWS = (
    "SELECT EXISTS (SELECT 1 FROM capture_files WHERE path = ?1) OR EXISTS (SELECT 1 FROM attachments WHERE path = ?1)"
    " OR EXISTS (SELECT 1 FROM stamps WHERE path = ?1 OR chain_path = ?1)"
)


class SqliteIndex:
    """What the database says is kept. Texts are read as bytes: somebody may have written some that are no UTF-8."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def lines(self) -> Iterator[Line]:
        """Return the ledger from its first line on, one at a time."""
        query = "SELECT seq, CAST(text AS BLOB), CAST(hash AS BLOB) FROM ledger ORDER BY seq"
        for seq, text, digest in self._rows(query):
            yield Line(seq=seq, text=_text(text), hash=_text(digest))

    def captures(self) -> Iterator[IndexedCapture]:
        """Return every capture, one at a time."""
        query = (
            "SELECT CAST(id AS BLOB), CAST(sha256 AS BLOB) FROM captures LEFT JOIN capture_files ON capture_id = id"
            " ORDER BY id, position"
        )
        for capture, files in groupby(self._rows(query), key=lambda row: row[0]):
            hashes = tuple(_text(digest) for _, digest in files if digest is not None)
            yield IndexedCapture(id=_text(capture), hashes=hashes)

    def attachments(self) -> Iterator[IndexedAttachment]:
        """Return every attachment."""
        query = (
            "SELECT CAST(id AS BLOB), CAST(sha256 AS BLOB), size, CAST(salt AS BLOB), CAST(name AS BLOB)"
            " FROM attachments ORDER BY at, id"
        )
        for attachment, digest, size, salt, name in self._rows(query):
            yield IndexedAttachment(
                id=_text(attachment), sha256=_text(digest), size=size, name_hash=_salted(salt, name)
            )

    def notes(self) -> Iterator[IndexedNote]:
        """Return every note."""
        query = (
            "SELECT id, CAST(order_id AS BLOB), CAST(at AS BLOB), CAST(salt AS BLOB), CAST(text AS BLOB)"
            " FROM notes ORDER BY id"
        )
        for note, order, at, salt, text in self._rows(query):
            yield IndexedNote(id=note, order=_text(order), at=_text(at), text_hash=_salted(salt, text))

    def anchors(self) -> list[IndexedAnchor]:
        """Return every anchor, the shortest first."""
        query = "SELECT lines, CAST(head AS BLOB), CAST(digest AS BLOB) FROM anchors ORDER BY lines"
        return [
            IndexedAnchor(lines=lines, head=_text(head), digest=_text(digest))
            for lines, head, digest in self._rows(query)
        ]

    def stamps(self) -> list[IndexedStamp]:
        """Return every stamp, those on the fewest lines first."""
        query = (
            "SELECT lines, CAST(authority AS BLOB), CAST(path AS BLOB), CAST(sha256 AS BLOB), CAST(chain_path AS BLOB),"
            " CAST(chain_sha256 AS BLOB) FROM stamps ORDER BY lines, authority"
        )
        return [
            IndexedStamp(
                lines=lines,
                authority=_text(authority),
                answer=IndexedFile(path=_text(path), sha256=_text(digest)),
                chain=IndexedFile(path=_text(chain), sha256=_text(chain_digest)) if chain else None,
            )
            for lines, authority, path, digest, chain, chain_digest in self._rows(query)
        ]

    def files(self) -> Iterator[IndexedFile]:
        """Return every file that belongs to any of them, each path and hash once, sorted by path."""
        query = f"SELECT CAST(path AS BLOB), CAST(sha256 AS BLOB) FROM ({_FILES}) ORDER BY path"  # noqa: S608 - our own
        for path, digest in self._rows(query):
            yield IndexedFile(path=_text(path), sha256=_text(digest))

    def going(self) -> frozenset[str]:
        """Return the paths of files that were forgotten, and are still to be removed."""
        return frozenset(_text(path) for (path,) in self._rows("SELECT CAST(path AS BLOB) FROM erasures"))

    def knows(self, path: str) -> bool:
        """Whether a file of that path belongs to anything now."""
        return any(found for (found,) in self._rows(_KNOWS, path))

    def _rows(self, query: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.row_factory = None  # plain tuples: there may be a hundred thousand
        try:
            yield from cursor.execute(query, parameters)
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")


def _salted(salt: bytes | None, text: bytes | None) -> str:
    return sha256((salt or b"") + b"\n" + (text or b"")).hexdigest()
