"""What is remembered about one login between checks."""

from dataclasses import dataclass
from datetime import datetime

from watcher.domain.cadence import Reason
from watcher.domain.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. Everything is `None` before its first check."""

    name: str
    last_check_at: datetime | None = None
    last_outcome: Outcome | None = None
    last_complete_at: datetime | None = None
    """When everything that had to be seen was seen for the last time."""
    failures: int = 0
    """How many checks in a row, up to the last one, could not read the account."""
    next_check_at: datetime | None = None
    next_check_reason: Reason | None = None
    cool_down_until: datetime | None = None
    """After a block no visit takes place before this moment, not even by hand."""
    told_outcome: Outcome | None = None
    """The trouble that the seller was last told of; `None` once the recovery was told."""
    told_at: datetime | None = None
    """When that was: what lasts is said again."""
    listing_digest: str | None = None
