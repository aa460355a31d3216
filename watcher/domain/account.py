"""What is remembered about one login between checks."""

from dataclasses import dataclass, field
from datetime import datetime

from watcher.domain.budget import Loads
from watcher.domain.cadence import Reason
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. Everything is `None` before its first check."""

    name: str
    watched_since: datetime | None = None
    """When its first check took place."""
    last_check_at: datetime | None = None
    last_outcome: Outcome | None = None
    last_cause: Cause | None = None
    last_complete_at: datetime | None = None
    """When everything that had to be seen was seen for the last time."""
    last_whole_at: datetime | None = None
    """When the conversation list was read to its end for the last time."""
    list_total: int | None = None
    """How many conversations the list said it had."""
    failures: int = 0
    """How many checks in a row, up to the last one, could not read the account."""
    blocks: int = 0
    """How many blocks were met since the account was last read: each makes the cool-down longer."""
    next_check_at: datetime | None = None
    next_check_reason: Reason | None = None
    cool_down_until: datetime | None = None
    """After a block no visit takes place before this moment, not even by hand."""
    told_outcome: Outcome | None = None
    """The trouble that the seller was last told of; `None` once the recovery was told."""
    told_at: datetime | None = None
    """When that was: what lasts is said again. Of a gap it stays: one that comes and goes is not told each time."""
    silence_round: int = 0
    """How often it was told that nobody knows for certain; 0 as soon as somebody does."""
    listing_digest: str | None = None
    ads_read_at: datetime | None = None
    """When the list of the own ads was last read."""
    ads_complete: bool | None = None
    """Whether it was read to its end then."""
    loads: Loads = field(default_factory=Loads)
    session: Session = field(default_factory=Session)
    login: str | None = None
    """As whom the site last said that it knows the visitor."""
