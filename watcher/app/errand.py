"""What a visit is to look at, and which threads that means once the list is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from watcher.app.history import KnownConversation
from watcher.app.keeping import Before
from watcher.domain.capture import AddedPage
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.reading import Entry, Listing, Reach
from watcher.pages.json_reader import TO_THE_END
from watcher.pages.lore import SHIPPED, Lore


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a visit is to look at."""

    before: Before
    """What was known when it began, and what is wanted of it."""
    must_open: Sequence[str] = ()
    """Conversations with something at stake, the most urgent first."""
    lacked: frozenset[str] = frozenset()
    """Those that the last whole list lacked: that such a one cannot be opened any more is no gap."""
    threads_at_most: int
    """How many threads one visit may open; the others wait for the next ones."""
    reach: Reach = TO_THE_END
    pages: Sequence[AddedPage] = ()
    pages_at_most: int | None = None
    """How many pages the day's page loads allow beside the list."""
    lore: Lore = SHIPPED


def conversations_at_stake(orders: Iterable[Order], cases: Iterable[Case]) -> list[str]:
    """Return the conversations that every check must open, the one first that was not seen for the longest time.

    They are those of live orders and of open cases: no known fact says that a cancellation shows in the list.
    """
    open_cases = {case.order for case in cases if case.is_open}
    wanted = [order for order in orders if order.stage.is_live or order.id in open_cases]
    wanted.sort(key=lambda order: (order.last_seen_at, order.id))
    return list(dict.fromkeys(order.conversation for order in wanted))


def threads_to_open(listing: Listing, errand: Errand) -> tuple[list[str], int]:
    """Return the conversations to open, and how many more wait for the next visits."""
    at_stake = _at_stake(listing, errand.must_open)
    known = errand.before.history.conversations(entry.conversation for entry in listing.entries)
    changed = _changed(listing, errand.must_open, known)
    wanted = _first_of(at_stake, changed, errand.threads_at_most)
    return wanted, len(at_stake) + len(changed) - len(wanted)


def _at_stake(listing: Listing, must_open: Sequence[str]) -> list[str]:
    """Return what must be opened: all that is listed, and where the list was not read to its end what it lacks."""
    selling = {entry.conversation for entry in listing.entries if entry.selling}
    listed = {entry.conversation for entry in listing.entries}
    return [
        conversation
        for conversation in must_open
        if conversation in selling or (not listing.whole and conversation not in listed)
    ]


def _changed(listing: Listing, must_open: Sequence[str], known: Mapping[str, KnownConversation]) -> list[str]:
    """Return the other conversations whose row changed, newest first."""
    return [
        entry.conversation
        for entry in listing.entries
        if entry.selling
        and entry.conversation not in must_open
        and _has_changed(entry, known.get(entry.conversation))
    ]


def _first_of(at_stake: Sequence[str], changed: Sequence[str], at_most: int) -> list[str]:
    """Choose what one visit opens: money at stake first, but a quarter is left for what changed.

    So nothing waits for ever: what is at stake takes turns, and what changed is read once and done with.
    """
    reserved = min(len(changed), ceil(at_most / 4))
    first = at_stake[: at_most - reserved]
    return [*first, *changed[: at_most - len(first)]]


def _has_changed(entry: Entry, known: KnownConversation | None) -> bool:
    return known is None or entry.differs_from(known.marks)
