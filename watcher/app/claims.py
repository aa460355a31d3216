"""What the ledger says should be there, gathered in one pass: captures, attachments, notes, anchors, stamps, and what was forgotten.

Memory grows with the number of captures and notes, by some hundred bytes each, and not with their files.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from watcher.domain.ledger import ReadLine
from watcher.domain.ledger_line import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteClaim:
    """A note that the ledger knows by the salted hash of its text."""

    line: int
    order: str
    at: str


@dataclass(slots=True)
class Claims:
    """What the lines so far say. Broken lines say nothing."""

    captures: dict[str, bytes] = field(default_factory=dict)
    """Capture -> what its files are, in short (`files_digest`)."""
    attachments: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    """Attachment -> hash, size, salted hash of the name."""
    notes: dict[str, NoteClaim] = field(default_factory=dict)
    """Salted hash of the text -> the line that tells of it."""
    anchors: dict[int, str] = field(default_factory=dict)
    """Lines -> digest."""
    stamps: dict[tuple[int, str], str] = field(default_factory=dict)
    """Lines and authority -> hash of the answer."""
    gone_captures: set[str] = field(default_factory=set)
    gone_attachments: set[str] = field(default_factory=set)
    gone_files: set[bytes] = field(default_factory=set)
    gone_notes: Counter[str] = field(default_factory=Counter)
    """Order -> how many of its notes were forgotten."""

    def take(self, read: ReadLine) -> None:
        """Take in what a line says."""
        told = read.told
        match told.kind:
            case "capture_kept":
                self._capture(told)
            case "attachment_added":
                known = (told.text("sha256"), told.number("size") or 0, told.text("name"))
                self.attachments[told.text("attachment")] = known
            case "note_added":
                at = told.at.isoformat(timespec="microseconds") if told.at else ""
                digest = told.text("note") or told.text("text")
                self.notes[digest] = NoteClaim(line=read.line.seq, order=told.order or "", at=at)
            case "anchored":
                self.anchors[told.number("lines") or 0] = told.text("digest")
            case "stamped":
                self.stamps[told.number("lines") or 0, told.text("authority")] = told.text("sha256")
            case "forgotten":
                self._forgotten(told)
            case _:
                pass

    def _capture(self, told: Told) -> None:
        capture, digest = told.text("capture"), files_digest(told.texts("files"))
        # Told twice with other files, it cannot be what both say.
        self.captures[capture] = digest if self.captures.get(capture, digest) == digest else b""

    def _forgotten(self, told: Told) -> None:
        for capture in told.texts("captures"):
            self.captures.pop(capture, None)
            self.gone_captures.add(capture)
        for attachment in told.texts("attachments"):
            self.attachments.pop(attachment, None)
            self.gone_attachments.add(attachment)
        self.gone_files.update(_bytes_of(file) for file in told.texts("files"))
        self.gone_notes[told.order or ""] += told.number("notes") or 0


def files_digest(hashes: Iterable[str]) -> bytes:
    """Return what stands for a capture's files in their order."""
    return sha256("\n".join(hashes).encode()).digest()


def was_forgotten(claims: Claims, digest: str) -> bool:
    """Whether the ledger says that a file of this hash was forgotten."""
    return bool(claims.gone_files) and _bytes_of(digest) in claims.gone_files


def _bytes_of(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return digest.encode(errors="replace")
