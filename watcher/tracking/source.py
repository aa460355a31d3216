"""What a source of tracking is asked, and what it answers."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from watcher.tracking.quota import Quota


class SourceProblem(StrEnum):
    """Why an answer says nothing, or not everything."""

    KEY_REFUSED = "key_refused"
    """Asking again helps only once the user has done something about the key."""
    QUOTA_SPENT = "quota_spent"
    NOT_FOUND = "not_found"
    """The number is too new, too old, or wrong. Says nothing about where the parcel is."""
    UNREACHABLE = "unreachable"
    NOT_UNDERSTOOD = "not_understood"
    """Statements may stand beside it: they were understood, and others beside them were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that the carrier says about a parcel; uninterpreted, and a stranger's text."""

    words: str
    """The carrier's own words as one harmless line; empty where it only gave codes."""
    status_code: str | None
    """The carrier's coarse state, such as `transit`."""
    at: datetime | None
    """When it happened, in UTC; `None` where that was not said, or not readably."""
    is_return: bool = False
    """The carrier marks the parcel as on its way back, or back."""
    event_code: str | None = None
    """The carrier's own fine code, such as DHL's `ZU`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. Without a problem everything was read and understood."""

    statements: tuple[Said, ...] = ()
    """Everything that was said, the oldest first."""
    reroute_url: str | None = None
    """A page of the carrier's for other wishes about this delivery. That it offers the refusal is inferred."""
    delivery_expected: str | None = None
    """A forecast: a day (`2026-11-24`), or two moments with a slash between them (ISO 8601)."""
    problem: SourceProblem | None = None
    retry_after: timedelta | None = None
    """How long the source wants to be left alone, where it says so."""
    detail: str = ""
    """What the problem rests on, for a technical line; never the key."""
    body: bytes = field(default=b"", repr=False)
    """What came over the line, as it was, for the archive; it may name people."""


class TrackingSource(Protocol):
    """A source that is set up."""

    @property
    def name(self) -> str:
        """The name of its table under [tracking]."""

    @property
    def carriers(self) -> AbstractSet[str]:
        """The ids of the carriers whose numbers it knows (see `watcher/carriers`)."""

    @property
    def quota(self) -> Quota:
        """What it allows. Whoever asks keeps to it; the source counts nothing."""

    def ask(self, number: str, *, postcode: str | None) -> Answer:
        """Ask once about a number; never raises, and ends in about `timeout` seconds.

        Args:
            number: the tracking number, in any spelling.
            postcode: the recipient's, which makes some carriers say more; left out where it is `None` or is none.
        """


class Build(Protocol):
    """How a source is set up."""

    def __call__(
        self, *, key: str, base_url: str | None = None, per_day: int | None = None, timeout: float = 15.0
    ) -> TrackingSource:
        """Return the source; does no input or output.

        Args:
            key: the user's own key, the secret itself.
            base_url: another address than the carrier's; without https only one on this very machine.
            per_day: fewer questions a day than the source allows.
            timeout: seconds that one question may take.

        Raises:
            ValueError: the address is none, or the key would go over an open line.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """A source that could be set up, and the terms on which it gives what it knows."""

    name: str
    title: str
    carriers: frozenset[str]
    quota: Quota
    portal: str
    """Where the user gets a key."""
    attribution: str
    """Must stand wherever its data are shown."""
    kept_after_delivery: timedelta
    """What it said must be deleted by then."""
    build: Build
