"""A dossier before it becomes pages: what it says, in which order, without any layout.

Every string is one or more harmless lines; what strangers wrote in it is still their words, so templates escape it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from watcher.dossier.timeline import Moment

Rows = tuple[tuple[str, str], ...]


class Tone(StrEnum):
    """The colour of the cover."""

    OFF = "off"
    """The sale is off or contested."""
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The cover."""

    title: str
    kicker: str
    state: str
    tone: Tone
    parties: Rows
    sale: Rows
    standing: Rows
    costs: Rows
    counts: tuple[str, ...]
    stamps: tuple[str, ...]
    head: str
    created: str
    redacted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a case."""

    title: str
    state: str
    open: bool
    dropped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case."""

    heading: str
    lines: tuple[str, ...]
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message."""

    day: str
    """Set where a new day begins."""
    clock: str
    sender: str
    side: str
    """`own`, `other` or `unknown`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceView:
    """One piece of a capture's picture."""

    source: str
    """The file's name beside the page."""
    width: int
    height: int
    caption: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file."""

    path: str
    size: str
    sha256: str
    readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureView:
    """One capture."""

    number: int
    heading: str
    when: str
    url: str
    digest: str
    """The hash of its picture; empty where there is none."""
    rows: Rows
    missing: tuple[str, ...]
    pieces: tuple[PieceView, ...]
    instead: str
    """What is said where no picture is shown."""
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One note."""

    when: str
    kind: str
    lines: tuple[str, ...]
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """One of the seller's files."""

    name: str
    rows: Rows
    picture: PieceView | None
    mail: Rows
    """The headers of a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredView:
    """What was covered."""

    names: str
    rows: Rows
    """Where, and what how often."""
    left_out: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentView:
    """One entry of the time line."""

    day: str
    """Set where a new day begins."""
    clock: str
    moment: Moment
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole dossier."""

    language: str
    title: str
    front: Front
    timeline: tuple[MomentView, ...]
    cases: tuple[CaseView, ...]
    messages: tuple[Bubble, ...]
    messages_from: str
    captures: tuple[CaptureView, ...]
    notes: tuple[NoteView, ...]
    attachments: tuple[AttachmentView, ...]
    attachments_note: str
    gaps: Rows
    covered: CoveredView | None
    check: Rows
    limits: Rows
    words: Mapping[str, str]
    """The short words that the layout needs, by their names."""
