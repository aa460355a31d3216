"""What the readers make of the captures of one visit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.domain.confidence import Confidence, least
from watcher.domain.order import SeenOrder
from watcher.domain.outcome import Outcome


class ProblemKind(StrEnum):
    """What stood in the way of a certain reading."""

    JSON_MISSING = "json_missing"
    """The page's JSON answers were not to be had; the DOM alone was read."""
    DOM_MISSING = "dom_missing"
    """The page showed no known layout; its JSON answers alone were read."""
    READERS_DISAGREE = "readers_disagree"
    LIST_INCOMPLETE = "list_incomplete"
    """The list says that it has more entries than were seen."""
    THREAD_UNREADABLE = "thread_unreadable"
    THREADS_POSTPONED = "threads_postponed"
    """More threads wait than one visit may open; the next checks go on."""
    ORDER_NOT_IN_THREAD = "order_not_in_thread"
    """A thread was read, and the deal known from it was not there."""
    BODY_LOST = "body_lost"
    SCREENSHOT_MISSING = "screenshot_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that could not be read for certain, and where."""

    kind: ProblemKind
    conversation: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the conversation list."""

    conversation: str
    selling: bool
    """Whether the account is the seller here; an unreadable role counts as selling, so that nothing is dropped."""
    title: str | None = None
    buyer: str | None = None
    ad_id: str | None = None
    marks: Mapping[str, str] = field(default_factory=dict)
    """Reader name -> digest of what that reader saw of the row; a mark that differs means "open the thread"."""

    def differs_from(self, earlier: Mapping[str, str]) -> bool:
        """Whether a reader that saw the row both times saw it differently, or none saw it both times."""
        shared = self.marks.keys() & earlier.keys()
        return not shared or any(self.marks[name] != earlier[name] for name in shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the conversation list says."""

    entries: tuple[Entry, ...]
    complete: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What one conversation says."""

    conversation: str
    orders: tuple[SeenOrder, ...]
    digest: str
    """Equal for two readings of the same content; relative dates and layout do not count."""
    selling: bool = True
    """Whether the account is the seller here; a purchase holds no orders."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that one visit understood, and what it did not."""

    account: str
    taken_at: datetime
    outcome: Outcome
    listing: Listing | None = None
    threads: tuple[Thread, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all that had to be seen was seen."""
        return self.outcome is Outcome.OK and self.listing is not None and self.listing.complete

    @property
    def confidence(self) -> Confidence:
        """The least sure statement in the reading; nothing read is unsure."""
        if not self.outcome.was_read:
            return Confidence.UNSURE
        orders = least(order.confidence for thread in self.threads for order in thread.orders)
        return least((orders, Confidence.LIKELY)) if self.problems else orders
