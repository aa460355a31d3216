"""What a carrier's official interface answers when it is asked where a parcel is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.quota import LONGEST_REST

_KEY_REST = timedelta(hours=6)
_QUOTA_REST = timedelta(hours=1)
"""Where the source does not say how long: its day may end any moment, and somebody else may share the key."""
_LINE_REST = timedelta(minutes=5)
_SHORTEST_REST = timedelta(minutes=1)


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
    """What came over the line, as it was; it may name people."""


def rest_after(answer: Answer) -> timedelta | None:
    """Return how long the whole source is left alone after this answer; `None` where only this parcel is concerned."""
    match answer.problem:
        case SourceProblem.KEY_REFUSED:
            return _KEY_REST
        case SourceProblem.QUOTA_SPENT:
            wish = _QUOTA_REST if answer.retry_after is None else answer.retry_after
            return min(max(wish, _SHORTEST_REST), LONGEST_REST)
        case SourceProblem.UNREACHABLE:
            return _LINE_REST
        case _:
            return None
