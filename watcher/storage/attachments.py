"""The seller's files: their rows in the database, their bytes in the archive, named by their hash."""

import sqlite3
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from watcher.app.attachments import Attachment, Incoming
from watcher.storage import rows
from watcher.storage.database import FILE_NAME, make_private_folder, refused
from watcher.storage.durable import sync_folder
from watcher.storage.leftovers import remove
from watcher.storage.media_type import EXTENSIONS
from watcher.storage.taking_in import cannot_write, taken_in

ARCHIVE = "archive"


class SqliteAttachments:
    """The attachments of a storage folder."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def of(self, order: str | None = None) -> list[Attachment]:
        """Return an order's attachments, or all, oldest first."""
        query = "SELECT * FROM attachments WHERE ?1 IS NULL OR order_id = ?1 ORDER BY at, id"
        try:
            return [_attachment_of(row) for row in self._connection.execute(query, (order,))]
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error

    def take_in(self, file: Path, *, largest: int) -> AbstractContextManager[Incoming]:
        """Copy a file in under a temporary name, whole and on the disk; what was not settled goes with the block."""
        return taken_in(file, self._folder / ARCHIVE, largest=largest)

    def settle(self, incoming: Incoming) -> str:
        """Give a copied file its place: named by its hash, read-only. The same bytes are there once."""
        path = Path(ARCHIVE) / incoming.sha256[:2] / f"{incoming.sha256}.{EXTENSIONS[incoming.media_type]}"
        target = self._folder / path
        try:
            is_new = not target.parent.exists()
            make_private_folder(target.parent)
            if not target.exists():
                incoming.temporary.chmod(0o400)
                incoming.temporary.replace(target)
                for folder in (target.parent, *([target.parent.parent] if is_new else [])):
                    sync_folder(folder)
        except OSError as error:
            raise cannot_write(self._folder, error) from error
        return path.as_posix()

    def take_back(self, path: str) -> None:
        """Take a file out of the vault again, unless something needs it; where it cannot be removed, it stays."""
        query = "SELECT 1 FROM capture_files WHERE path = ?1 UNION ALL SELECT 1 FROM attachments WHERE path = ?1 LIMIT 1"
        if self._connection.execute(query, (path,)).fetchone() is None:
            with suppress(OSError):
                remove(self._folder / path)

    def add(self, attachment: Attachment) -> str:
        """Remember an attachment; returns the salted hash of its name."""
        values = (
            attachment.id,
            attachment.order,
            rows.time_text(attachment.at),
            attachment.name,
            attachment.media_type,
            attachment.path,
            attachment.sha256,
            attachment.size,
            attachment.salt,
        )
        query = (
            "INSERT INTO attachments (id, order_id, at, name, media_type, path, sha256, size, salt)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        self._connection.execute(query, values)
        return sha256(f"{attachment.salt}\n{attachment.name}".encode()).hexdigest()


def _attachment_of(row: sqlite3.Row) -> Attachment:
    return Attachment(
        id=row["id"],
        order=row["order_id"],
        at=datetime.fromisoformat(row["at"]),
        name=row["name"],
        media_type=row["media_type"],
        path=row["path"],
        sha256=row["sha256"],
        size=row["size"],
        salt=row["salt"],
    )
