"""The difference between two readings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen; each event becomes one immutable line of the ledger."""

    ORDER_SEEN = "order_seen"
    STAGE_CHANGED = "stage_changed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_REFUNDED = "order_refunded"
    ORDER_DISPUTED = "order_disputed"
    ORDER_REINSTATED = "order_reinstated"
    """The sale goes on although it had been cancelled."""
    ORDER_UNKNOWN = "order_unknown"
    ORDER_MISSING = "order_missing"
    ORDER_STILL_MISSING = "order_still_missing"
    ORDER_FOUND_AGAIN = "order_found_again"
    SESSION_ENDED = "session_ended"
    CONSENT_NEEDED = "consent_needed"
    CHALLENGE_MET = "challenge_met"
    ACCOUNT_BLOCKED = "account_blocked"
    SITE_UNREACHABLE = "site_unreachable"
    PAGE_UNREADABLE = "page_unreadable"
    PAGE_PARTLY_READ = "page_partly_read"
    ACCOUNT_READABLE_AGAIN = "account_readable_again"
    PAGE_CHANGED = "page_changed"
    """A page that the seller added says something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, first seen at `at`. Details hold words of this program alone: no names, no texts."""

    kind: EventKind
    account: str
    at: datetime
    order: str | None = None
    details: tuple[tuple[str, str], ...] = ()
