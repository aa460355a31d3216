"""Everything that is kept about one order, as plain values, ready to be handed to somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.app.archive import StoredCapture
from watcher.app.attachments import Attachment
from watcher.app.chat import Chat
from watcher.app.sealed import SealedNote
from watcher.domain.acknowledgement import Acknowledgement
from watcher.domain.anchor import Stamp
from watcher.domain.capture import Capture
from watcher.domain.case import Case
from watcher.domain.money import Cost, OrderMoney
from watcher.domain.order import Order
from watcher.domain.parcel import Sighting
from watcher.domain.reason import FoundReason
from watcher.pages.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that should be there and could not be read, or is not what it was."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStamp:
    """An authority's answer, and the hash that it is on."""

    stamp: Stamp
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger that has to do with the order, taken apart."""

    seq: int
    kind: str
    at: datetime
    facts: Mapping[str, object]

    def text(self, name: str) -> str:
        """Return a fact that is a text or a number; empty where there is none."""
        value = self.facts.get(name)
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a fact that is a list of texts."""
        value = self.facts.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCapture:
    """A capture, and what it says of itself, without its bytes; `None` where that cannot be read."""

    stored: StoredCapture
    told: Capture | None
    missing: frozenset[str] = frozenset()
    """Paths of its files that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case with who took it on, and why the buyer cancelled as far as the chat says."""

    case: Case
    acknowledgements: tuple[Acknowledgement, ...]
    found: FoundReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it, as of one moment. Nothing in it changes while it is written down."""

    program: str
    exported_at: datetime
    account: str
    order: Order
    wanted_case: str | None
    """The case that was asked for, where it was not the order."""
    money: OrderMoney
    costs: tuple[Cost, ...]
    cases: tuple[CaseRecord, ...]
    sightings: tuple[Sighting, ...]
    chat: Chat | None
    captures: tuple[KeptCapture, ...]
    notes: tuple[SealedNote, ...]
    attachments: tuple[Attachment, ...]
    missing: frozenset[str]
    """Paths of attachments and stamps that cannot be read."""
    entries: tuple[Entry, ...]
    stamps: tuple[KeptStamp, ...]
    lines: int
    """How many lines the ledger has at that moment."""
    head: str
    """The hash of the last of them."""
    people: People
    gaps: tuple[Gap, ...]

    @property
    def case(self) -> Case | None:
        """The case that matters: the one that was asked for, else the latest."""
        known = [record.case for record in self.cases]
        return next((case for case in known if case.id == self.wanted_case), known[0] if known else None)

    @property
    def shows_all(self) -> bool:
        """Whether nothing was missing."""
        return not self.gaps
