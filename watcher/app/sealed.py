"""What proves evidence and is needed only where it is handed out: the salts of notes, and the files' bytes."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from watcher.app.archive import NoteKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedNote:
    """A note with what proves it: `sha256` over salt, line feed and text stands in the ledger."""

    at: datetime
    kind: NoteKind
    text: str
    salt: str
    sha256: str


class Sealed(Protocol):
    """What the store knows of notes besides what its other readers need: their salts."""

    def notes(self, order: str) -> list[SealedNote]:
        """Return an order's notes with their salts, oldest first."""


class Files(Protocol):
    """The files of the storage folder."""

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading, by its path relative to the storage folder.

        Raises:
            StorageError: it is not there, cannot be read, or lies outside of the folder.
        """
