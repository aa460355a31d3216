"""Which captures are kept, and why. It is decided once, while the page is still open, so that what is kept has its details.

A page that shows nothing new is not stored again: the ledger says that it was seen unchanged. A dispute needs more than
changes, though: what the page said on each day of an open case, at the moment when the parcel was about to go, and when
the case took a turn. A step whose time has run out needs no capture of its own: the day's capture shows that nothing
had happened.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256

from watcher.app.history import History
from watcher.app.ports import Store
from watcher.app.shelf import KeptAd, Why
from watcher.domain.account import Account
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.compare import compare
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import Listing, Problem, ProblemKind, Reading, Statement, Thread

_UPPER_ROWS = 25
_LASTING = frozenset({ProblemKind.JSON_MISSING, ProblemKind.DOM_MISSING, ProblemKind.READERS_DISAGREE})
"""What is wrong with a page that was read all the same, and will be so again at the next check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was known when a visit began, and what is wanted of it: by that alone it is decided what is kept.

    What is over is not gone through: where the list shows that it matters all the same, the history is asked.
    """

    account: Account
    history: History
    orders: Sequence[Order] = ()
    """Those at hand (`History.orders_at_hand`)."""
    cases: Sequence[Case] = ()
    """Cases of these orders."""
    statements: Mapping[str, Statement] = field(default_factory=dict)
    wanted: Mapping[str, Why] = field(default_factory=dict)
    """Conversations that are kept also when nothing in them has changed."""
    kept_today: frozenset[str] = frozenset()
    """Conversations of which a capture was kept today."""
    ads_today: Sequence[KeptAd] = ()
    """The ads that were captured since this day began."""

    def orders_of(self, conversations: Iterable[str]) -> list[Order]:
        """Return all orders of these conversations, those at hand as they were when the visit began."""
        wanted = set(conversations)
        at_hand = [order for order in self.orders if order.conversation in wanted]
        others = wanted.difference(order.conversation for order in at_hand)
        return [*at_hand, *self.history.orders_of(others)] if others else at_hand


def before_visit(
    store: Store, account: str, *, now: datetime, asked: Mapping[str, Why] | None = None
) -> Before:
    """Return what is known of an account, and which conversations are wanted.

    Args:
        store: what is remembered.
        account: the account's name.
        now: the moment, which decides what is today, by the German calendar.
        asked: what somebody asks for at this moment.
    """
    begin = datetime.combine(now.astimezone(BERLIN).date(), time(), BERLIN)
    end = datetime.combine(begin.date() + timedelta(days=1), time(), BERLIN)
    shelf = store.shelf(account, since=begin, until=end)
    wanted: dict[str, Why] = dict(asked or {})
    history = store.history(account)
    orders = history.orders_at_hand(wanted)
    cases = history.cases_of(orders)
    for conversation in shelf.wanted:
        wanted.setdefault(conversation, Why.MILESTONE)
    open_cases = {case.order for case in cases if case.is_open}
    for order in orders:
        if order.id in open_cases and order.conversation not in shelf.kept:
            wanted.setdefault(order.conversation, Why.DAILY)
    return Before(
        account=store.account(account),
        history=history,
        orders=orders,
        cases=cases,
        statements=store.statements(account),
        wanted=wanted,
        kept_today=shelf.kept,
        ads_today=shelf.ads,
    )


def why_list(listing: Listing, problems: Sequence[Problem], before: Before, *, at: datetime) -> Why | None:
    """Return why the conversation list is kept: it could not be read well, looks otherwise, or lacks an order."""
    if any(problem.conversation is None for problem in problems):
        return Why.PROBLEM
    reading = _reading(before, at, listing=listing)
    is_new = listing_digest(listing) != before.account.listing_digest
    return Why.CHANGED if is_new or compare(before.orders, reading).events else None


def why_thread(
    thread: Thread | None, problems: Sequence[Problem], before: Before, *, at: datetime
) -> Why | None:
    """Return why a conversation is kept; `None` for the thread where it could not be read.

    A page that cannot be read in full comes first, then what somebody asks for, then what has changed. What is wrong
    with a page day in, day out, is stored once a day and not at every check.
    """
    if thread is None or any(problem.kind not in _LASTING for problem in problems):
        return Why.PROBLEM
    known = before.history.conversations([thread.conversation]).get(thread.conversation)
    wanted = before.wanted.get(thread.conversation)
    is_new = known is None or known.digest != thread.digest or _has_news(thread, before, at)
    if problems and (is_new or thread.conversation not in before.kept_today):
        return Why.PROBLEM
    if wanted in {Why.ASKED, Why.SHIP}:
        return wanted
    return Why.CHANGED if is_new else wanted


def why_page(name: str, statement: Statement | None, before: Before) -> Why | None:
    """Return why an added page is kept."""
    if statement is None:
        return Why.PROBLEM
    known = before.statements.get(name)
    return None if known is not None and known.digest == statement.digest else Why.CHANGED


def why_wall(
    outcome: Outcome, cause: Cause | None, account: Account, *, by_human: bool = False
) -> Why | None:
    """Return why a page is kept that stopped the visit: the first time that this stands in the way.

    What a human meets while browsing is the human's affair, except for a page that nobody understands.
    """
    if by_human and outcome is not Outcome.UNREADABLE:
        return None
    is_new = outcome is not account.last_outcome or (not by_human and cause is not account.last_cause)
    return Why.PROBLEM if is_new else None


def listing_digest(listing: Listing | None) -> str | None:
    """Return a hash of the list's upper end: whatever changes moves there, however far down the list was read."""
    if listing is None:
        return None
    upper = listing.entries[:_UPPER_ROWS]
    rows = [f"{entry.conversation} {sorted(entry.marks.items())}" for entry in upper]
    return sha256("\n".join(rows).encode()).hexdigest()


def _has_news(thread: Thread, before: Before, at: datetime) -> bool:
    """Whether the thread is news for its own orders, also where it says the same as before: words may have been learnt."""
    own = before.orders_of([thread.conversation])
    return bool(compare(own, _reading(before, at, threads=(thread,))).events)


def _reading(
    before: Before, at: datetime, *, listing: Listing | None = None, threads: tuple[Thread, ...] = ()
) -> Reading:
    return Reading(
        account=before.account.name, taken_at=at, outcome=Outcome.OK, listing=listing, threads=threads
    )
