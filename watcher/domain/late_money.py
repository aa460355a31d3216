"""Money of a sale that should have moved by now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.money import overdue_since
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import is_by_day

STILL_NEWS = timedelta(days=3)
"""What was due so long before the account was first watched is no news any more."""
FIRST_READING = timedelta(days=1)
"""How long the first reading of an account may take, spread over several visits."""


class WaitsFor(StrEnum):
    """What the money waits for."""

    CONFIRMATION = "confirmation"
    """The buyer has the parcel, and has not said so."""
    PAYOUT = "payout"


_WAITS_FOR: Mapping[Stage, WaitsFor] = {
    Stage.DELIVERED: WaitsFor.CONFIRMATION,
    Stage.RECEIVED: WaitsFor.PAYOUT,
}


def late_money(
    order: Order, case: Case | None, *, watched_since: datetime | None, now: datetime
) -> Alert | None:
    """Return the word that an order's pay-out, or the buyer's confirmation, is overdue; the same one at every later moment.

    1. Money within an open case is the case's own matter.
    2. It is told by day, and only once a check after the due moment has still seen it so: what happened while nobody looked
       is not guessed.
    3. Old sales that a first reading brings are not told: those due long before, and those of which the page did not say
       since when they stand so.
    """
    since, waits_for = overdue_since(order, case, now=now), _WAITS_FOR.get(order.stage)
    if since is None or waits_for is None or (case is not None and case.is_open):
        return None
    if not is_by_day(now) or order.last_seen_at < since or order.confidence is Confidence.UNSURE:
        return None
    if watched_since is None or _was_old_at_first_sight(order, since, watched_since):
        return None
    return Alert(
        key=f"{order.id}/{AlertKind.PAYOUT_OVERDUE}/{waits_for}",
        kind=AlertKind.PAYOUT_OVERDUE,
        account=order.account,
        at=now,
        order=order.id,
        details=(("waits_for", waits_for), ("since", since.isoformat())),
    )


def still_late(order: Order, case: Case | None, *, waits_for: str, now: datetime) -> bool:
    """Whether the money still waits for that."""
    return _WAITS_FOR.get(order.stage) == waits_for and overdue_since(order, case, now=now) is not None


def _was_old_at_first_sight(order: Order, since: datetime, watched_since: datetime) -> bool:
    is_undated = order.stage_at == order.first_seen_at <= watched_since + FIRST_READING
    return is_undated or since < watched_since - STILL_NEWS
