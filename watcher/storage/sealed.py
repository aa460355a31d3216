"""What proves evidence and is needed only where it is handed out: the salts of notes, and the files' bytes."""

import os
import sqlite3
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from watcher.app.archive import NoteKind
from watcher.app.sealed import SealedNote
from watcher.errors import StorageError
from watcher.storage.database import FILE_NAME, refused
from watcher.texts.language import _


class SqliteSealed:
    """Reads them from the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def notes(self, order: str) -> list[SealedNote]:
        """Return an order's notes with their salts, oldest first."""
        return [
            SealedNote(
                at=datetime.fromisoformat(row["at"]),
                kind=NoteKind(row["kind"]),
                text=row["text"],
                salt=row["salt"],
                sha256=sha256(f"{row['salt']}\n{row['text']}".encode()).hexdigest(),
            )
            for row in self._rows("SELECT * FROM notes WHERE order_id = ? ORDER BY at, id", order)
        ]

    def _rows(self, query: str, *parameters: str) -> list[sqlite3.Row]:
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise refused(Path(FILE_NAME), error) from error


class FolderFiles:
    """The files of a storage folder. None outside of it is opened, whatever the database says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading, by its path relative to the storage folder.

        Raises:
            StorageError: it is not there, cannot be read, or lies outside of the folder.
        """
        try:
            folder = self._folder.resolve()
            whole = (folder / path).resolve()
            if not whole.is_relative_to(folder) or not whole.is_file():
                raise FileNotFoundError(2, os.strerror(2))
            return whole.open("rb")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise StorageError(
                _("The archived file {path} cannot be read: {reason}.").format(
                    path=path, reason=reason or error
                )
            ) from error
