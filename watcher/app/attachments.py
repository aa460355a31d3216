"""The seller's own files: what is remembered of one, and what the use cases need of whoever keeps them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file that the seller added to an order. `path` is relative to the storage folder."""

    id: str
    order: str
    at: datetime
    name: str
    """The file's own name, in one harmless line; what it holds never decides where it lies."""
    media_type: str
    path: str
    sha256: str
    size: int
    salt: str
    """Makes the hash of the name unguessable, and is erased with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file that was copied into the storage folder under a temporary name, whole and on the disk."""

    temporary: Path
    name: str
    media_type: str
    sha256: str
    size: int
    followed: Path | None = None
    """Where a symbolic link led; `None`: it was none."""


class Attachments(Protocol):
    """Whoever keeps the seller's files."""

    def of(self, order: str | None = None) -> list[Attachment]:
        """Return an order's attachments, or all, oldest first."""

    def take_in(self, file: Path, *, largest: int) -> AbstractContextManager[Incoming]:
        """Copy a file in under a temporary name; what was not settled is gone when the block ends.

        Raises:
            UsageError: it is no regular file, is empty or too large, or cannot be read.
            StorageError: it cannot be written.
        """

    def settle(self, incoming: Incoming) -> str:
        """Give a copied file its place in the vault, within a transaction; returns its path.

        Raises:
            StorageError: it cannot be written.
        """

    def take_back(self, path: str) -> None:
        """Take a file out of the vault again, within a transaction, unless something needs it."""

    def add(self, attachment: Attachment) -> str:
        """Remember an attachment, within a transaction; returns the salted hash of its name, which may stand in the ledger."""
