"""What the readers make of the captures of one visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from watcher.domain.confidence import Confidence, least
from watcher.domain.message import Message
from watcher.domain.order import SeenOrder
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.stage import Stage
from watcher.domain.wording import Word


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
    THREAD_GONE = "thread_gone"
    """The whole list lacked the conversation, and the site says that there is none: nothing is left to be read."""
    THREADS_POSTPONED = "threads_postponed"
    """More threads wait than one visit may open; the next checks go on."""
    ORDER_NOT_IN_THREAD = "order_not_in_thread"
    """A thread was read, and the deal known from it was not there."""
    BODY_LOST = "body_lost"
    SCREENSHOT_MISSING = "screenshot_missing"
    PAGE_UNREAD = "page_unread"
    """A page that the seller added could not be opened or read."""
    BUDGET_SPENT = "budget_spent"
    """The day's page loads are used up."""


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
    at: datetime | None = None
    """When something last happened in the conversation, where the row shows it."""
    inbound: bool | None = None
    """Whether the last item is the other person's, where the account sells; `None` where the row does not say, or not who sells."""
    preview: str | None = field(default=None, repr=False)
    """How the last item begins, where the account sells: a stranger's words, which belong in no log."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Reader name -> digest of what that reader saw of the row; a mark that differs means "open the thread"."""

    def differs_from(self, earlier: Mapping[str, str]) -> bool:
        """Whether a reader that saw the row both times saw it differently, or none saw it both times."""
        shared = self.marks.keys() & earlier.keys()
        return not shared or any(self.marks[name] != earlier[name] for name in shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far down a conversation list must be read."""

    until: datetime | None = None
    """Rows older than this are known to be unchanged; `None`: read to the very end."""
    total: int | None = None
    """How many rows there were at the last reading: with fewer now something has vanished, and the end must be seen."""

    def is_met_by(self, entries: Sequence[Entry], total: int) -> bool:
        """Whether these rows, of `total`, are all that can matter.

        Rows are only trusted to be sorted by time when those that were seen are; a row without a time is no boundary.
        """
        if len(entries) >= total:
            return True
        times = [entry.at for entry in entries if entry.at is not None]
        if self.until is None or not times or len(times) < len(entries):
            return False
        is_sorted = all(later >= earlier for later, earlier in pairwise(times))
        return is_sorted and times[-1] < self.until and (self.total is None or total >= self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the conversation list says."""

    entries: tuple[Entry, ...]
    complete: bool
    """Whether every row that can matter was seen."""
    whole: bool = False
    """Whether every row that there is was seen; only then may an order count as missing."""
    total: int | None = None
    """How many rows the list says it has."""
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
    words: tuple[Word, ...] = ()
    """The event types and headings that the thread's payment items showed, known or not."""
    messages: tuple[Message, ...] = ()
    """What the two people wrote, in order; none for a purchase."""
    card_times: tuple[datetime | None, ...] = ()
    """When payment items came, in order, `None` where the page does not say; none for a purchase."""
    buyer_since: datetime | None = None
    """When the buyer registered, where the page says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a page that the seller added says, read by wording alone."""

    page: str
    """The page's name in the config."""
    stages: tuple[tuple[Stage, int], ...]
    """Which stages its words speak of, and how often."""
    digest: str
    """Equal for two readings of the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that one visit understood, and what it did not."""

    account: str
    taken_at: datetime
    outcome: Outcome
    listing: Listing | None = None
    threads: tuple[Thread, ...] = ()
    statements: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = ()
    cause: Cause | None = None
    """What exactly was met, where the outcome is not `ok`."""
    pages: int = 0
    """How many pages were loaded for it."""
    by_human: bool = False
    """Whether a human opened the page: then nobody has checked the account, and no next check follows from it."""
    login: str | None = None
    """As whom the site says that it knows the visitor."""

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
