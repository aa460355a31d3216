"""How long what is known of an order is kept, and when it goes.

Other people's data have an end date. What may still cost the seller goods, money or a dispute is not touched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.reading import Thread

GONE_AFTER = timedelta(days=90)
"""An order that no check has seen for so long is no longer under way, whatever it was when it was seen last."""
ANNOUNCED_FOR = timedelta(days=7)
"""So long before it goes by itself, the seller is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long each kind of thing is kept after the last that happened; `None`: until the seller says otherwise."""

    orders: timedelta | None = timedelta(days=180)
    """Orders without a case."""
    cases: timedelta | None = timedelta(days=1461)
    """Orders whose cases are closed."""
    lists: timedelta | None = timedelta(days=180)
    """Captures of the conversation list, and of other pages that are about no single order."""
    problems: timedelta | None = timedelta(days=180)
    """Captures that were kept because something was wrong, and that are about no single order."""


class Holds(StrEnum):
    """Why an order may not be forgotten now."""

    OPEN_CASE = "open_case"
    UNDER_WAY = "under_way"


def holds(order: Order, cases: Iterable[Case], *, now: datetime) -> Holds | None:
    """Return why an order may not be forgotten; `None`: it may."""
    if any(case.is_open for case in cases if case.order == order.id):
        return Holds.OPEN_CASE
    if not order.stage.is_live or now - order.last_seen_at > GONE_AFTER:
        return None
    return Holds.UNDER_WAY


def is_lost(order: Order, *, read_at: datetime | None) -> bool:
    """Whether an order has long gone from the account, and not merely been looked for by nobody.

    A watch that was switched off for months proves nothing.

    Args:
        order: the order.
        read_at: when its account was last read completely; `None`: never.
    """
    return read_at is not None and read_at - order.last_seen_at > GONE_AFTER


def last_moved(order: Order, cases: Iterable[Case], others: Iterable[datetime] = ()) -> datetime:
    """Return when the last thing happened to an order: a stage, the end of a case, a capture, a note, a file."""
    ends = (case.closed_at or case.opened_at for case in cases if case.order == order.id)
    return max(order.stage_at, order.first_seen_at, *ends, *others)


def goes_at(moved_at: datetime, keeping: Keeping, *, has_case: bool) -> datetime | None:
    """Return when the time of an order that is over has come; `None` where it is kept for good.

    Args:
        moved_at: when the last thing happened to it.
        keeping: how long what is kept.
        has_case: whether there ever was a case about it.
    """
    span = keeping.cases if has_case else keeping.orders
    return None if span is None else moved_at + span


def taken_up_again(
    orders: Iterable[Order], threads: Iterable[Thread], digests: Mapping[str, str]
) -> list[Order]:
    """Return the orders, those forgotten ones awake again whose thread says something new.

    What is read unchanged stays forgotten: else the next check would fill in again what was erased.

    Args:
        orders: what is remembered.
        threads: what a check has read.
        digests: what each conversation's thread was when it was last read.
    """
    news = {thread.conversation for thread in threads if digests.get(thread.conversation) != thread.digest}
    return [
        replace(order, forgotten_at=None) if order.forgotten_at and order.conversation in news else order
        for order in orders
    ]
