"""What the database says is kept, as it stands there: the verifier takes nothing of it for granted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from watcher.domain.ledger import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedFile:
    """A file that should be in the storage folder, and what its bytes should hash to."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedCapture:
    """A capture with the hashes of its files, in their order."""

    id: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedAttachment:
    """A file that the seller added."""

    id: str
    sha256: str
    size: int
    name_hash: str
    """The salted hash of its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedNote:
    """A note."""

    id: int
    order: str
    at: str
    text_hash: str
    """The salted hash of its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedAnchor:
    """The first `lines` lines of the ledger, as they were to be stamped."""

    lines: int
    head: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedStamp:
    """An authority's answer on an anchor, and the certificates it was checked with."""

    lines: int
    authority: str
    answer: IndexedFile
    chain: IndexedFile | None


class Index(Protocol):
    """The tables that say what is kept. Texts that are no UTF-8 come with marks in place of what cannot be read."""

    def lines(self) -> Iterator[Line]:
        """Return the ledger from its first line on, one at a time."""

    def captures(self) -> Iterator[IndexedCapture]:
        """Return every capture, one at a time."""

    def attachments(self) -> Iterator[IndexedAttachment]:
        """Return every attachment."""

    def notes(self) -> Iterator[IndexedNote]:
        """Return every note."""

    def anchors(self) -> list[IndexedAnchor]:
        """Return every anchor, the shortest first."""

    def stamps(self) -> list[IndexedStamp]:
        """Return every stamp, those on the fewest lines first."""

    def files(self) -> Iterator[IndexedFile]:
        """Return every file that belongs to any of them, each path and hash once, sorted by path."""

    def going(self) -> frozenset[str]:
        """Return the paths of files that were forgotten, and are still to be removed."""

    def knows(self, path: str) -> bool:
        """Whether a file of that path belongs to anything now."""


class FileState(StrEnum):
    """What may be wrong with a file of the storage folder."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    OUTSIDE = "outside"
    """Its path leads out of the storage folder."""
    LINK = "link"
    """A symbolic link stands in its place, or on the way to it."""
    NO_FILE = "no_file"
    """A folder, a pipe or a device stands in its place."""
    WRITABLE = "writable"
    """Its bytes are right, but nothing keeps it from being written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLook:
    """What a look at a file has shown; without a state all is as it should be."""

    state: FileState | None = None
    detail: str = ""
    """The system's own word, where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A file in the archive that belongs to nothing that is remembered."""

    path: str
    sha256: str | None
    """The hash that it is named by; `None` where its name is no hash."""
    is_part: bool
    """Whether it is half of a file whose writing was cut short."""


class FileKeeper(Protocol):
    """Whoever can look at the files of the storage folder."""

    def look(self, file: IndexedFile) -> FileLook:
        """Read a file to its end and compare it with its hash; memory does not grow with it."""

    def read_indexed(self, file: IndexedFile, *, largest: int) -> bytes:
        """Return a small file's bytes; empty where they cannot be had or are more than `largest`."""

    def strays(self, knows: Callable[[str], bool]) -> Iterator[Stray]:
        """Return the files in the archive whose path nobody knows."""
