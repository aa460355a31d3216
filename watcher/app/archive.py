"""What the archive holds: captures that were kept, their files, and notes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from watcher.domain.capture import Capture, PageKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file in the vault. `path` is relative to the storage folder."""

    role: Role
    media_type: str
    path: str
    sha256: str
    size: int
    label: str = ""
    """Which one of its role it is, where there may be several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCapture:
    """A capture whose bytes are on disk, but not yet remembered."""

    capture: Capture
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture that is remembered, and why it was kept."""

    id: str
    account: str
    conversation: str | None
    kind: PageKind
    page: str | None = None
    """The name of a page that the seller added."""
    taken_at: datetime
    url: str
    reason: str
    complete: bool
    verdict: str | None = None
    """What the readers of that day made of it, as `verdict_of` words it; `None` where nobody wrote it down."""
    files: tuple[StoredFile, ...]

    @property
    def front(self) -> StoredFile | None:
        """The file to show a person: the picture, else whatever there is."""
        return next(
            (file for file in self.files if file.role is Role.SCREENSHOT), next(iter(self.files), None)
        )


class NoteKind(StrEnum):
    """What a note is about."""

    NOTE = "note"
    SUPPORT = "support"
    """A contact with the platform's support."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the seller wrote down about an order."""

    order: str
    at: datetime
    text: str
    kind: NoteKind = NoteKind.NOTE
