"""The word before the usual time to hand parcels in: which paid orders wait, and since when."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.stage import Stage

BEFORE = timedelta(hours=2)
"""Time enough to ask, to pack and to leave."""
_AT_HOME = frozenset({Milestone.UNKNOWN, Milestone.LABEL_CREATED})


def hand_in_today(usual: time, *, works: Callable[[date], bool], now: datetime) -> datetime | None:
    """Return the moment of the hand-in that is now less than two hours away; `None` where none is, or on a day of rest.

    The usual time is one of a German clock, as are all times that the seller is told.
    """
    today = now.astimezone(BERLIN).date()
    for day in (today, today + timedelta(days=1)):
        moment = datetime.combine(day, usual, BERLIN).astimezone(UTC)
        if moment - BEFORE <= now < moment and works(day):
            return moment
    return None


def waits_to_go(order: Order, cases: Collection[Case], parcel: Parcel) -> bool:
    """Whether a paid order is still to be handed in: it has a parcel, nothing speaks against it, and nobody has said it is gone."""
    if order.stage is not Stage.PAID or order.pickup or parcel.milestone not in _AT_HOME:
        return False
    return not any(case.is_open and case.order == order.id for case in cases)


def hand_in_key(account: str, day: date) -> str:
    """Return the key of an account's word of that day."""
    return f"{account}/{AlertKind.HAND_IN_SOON}/{day.isoformat()}"


def hand_in_soon(account: str, waiting: Sequence[Order], *, moment: datetime, at: datetime) -> Alert | None:
    """Return the word of that day; `None` where nothing waits."""
    if not waiting:
        return None
    day = moment.astimezone(BERLIN).date()
    return Alert(
        key=hand_in_key(account, day),
        kind=AlertKind.HAND_IN_SOON,
        account=account,
        at=at,
        details=(("until", moment.isoformat()),),
    )


def longest_first(orders: Iterable[Order]) -> tuple[Order, ...]:
    """Return orders in the order in which they were paid."""
    return tuple(sorted(orders, key=lambda order: (order.stage_at, order.id)))


def days_waiting(order: Order, *, now: datetime) -> int:
    """Return for how many days an order has been paid, by the German calendar."""
    since = order.paid_at or order.stage_at
    return max((now.astimezone(BERLIN).date() - since.astimezone(BERLIN).date()).days, 0)
