"""Until when a parcel should leave: as the page says, else as the seller has promised; and when that is worth a word."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.late_money import STILL_NEWS
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import is_by_day

SLOW = 3
"""Days after which a paid order that is still at home counts as slow: this program's own threshold, no official one is known."""
MOST_TOLD, EVERY = 3, 2
"""How often it is told that a date has passed, and after how many days again."""


class ShipByOrigin(StrEnum):
    """From where a date is known."""

    PAGE = "page"
    PROMISE = "promise"
    """The seller's own: so many working days after the payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipBy:
    """Until when a parcel should leave."""

    at: datetime
    origin: ShipByOrigin

    @property
    def day(self) -> date:
        """Its day, on a German calendar."""
        return self.at.astimezone(BERLIN).date()

    def days_left(self, *, now: datetime) -> int:
        """Return how many days are left, by the calendar: 0 is today, less than 0 is over. Today's hour may be over, too."""
        left = (self.day - now.astimezone(BERLIN).date()).days
        return -1 if left == 0 and self.at < now else left


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """So many working days after the day of the payment."""

    days: int
    after: Callable[[date, int], date]
    """The day on which so many working days after a day are over."""


def ship_by(order: Order, promise: Promise | None) -> ShipBy | None:
    """Return until when an order should leave; `None` where neither the page nor a promise says so, or there is no parcel.

    The page's word counts before the promise. The promise runs from the payment, and to the last moment of its day.
    """
    if order.pickup:
        return None
    if order.ship_by is not None:
        return ShipBy(at=order.ship_by, origin=ShipByOrigin.PAGE)
    paid_at = order.paid_at or (order.stage_at if order.stage is Stage.PAID else None)
    if promise is None or paid_at is None:
        return None
    day = promise.after(paid_at.astimezone(BERLIN).date(), promise.days)
    last = datetime.combine(day, time(23, 59, 59), BERLIN).astimezone(UTC)
    return ShipBy(at=last, origin=ShipByOrigin.PROMISE)


def most_urgent_first(orders: Iterable[Order], dates: Mapping[str, ShipBy]) -> tuple[Order, ...]:
    """Return orders by their dates; those without one come behind, in the order in which they were paid."""

    def urgency(order: Order) -> tuple[bool, datetime, datetime, str]:
        date_ = dates.get(order.id)
        return (date_ is None, date_.at if date_ else order.stage_at, order.stage_at, order.id)

    return tuple(sorted(orders, key=urgency))


def ship_by_near(order: Order, until: ShipBy, *, now: datetime) -> Alert | None:
    """Return the word that an order should leave by tomorrow or today: one for each date, by day."""
    if until.days_left(now=now) not in {0, 1} or not is_by_day(now):
        return None
    return _alert(AlertKind.SHIP_BY_NEAR, order, until, str(until.day), now)


def ship_by_over(
    order: Order,
    until: ShipBy,
    *,
    was_told: Callable[[str], bool],
    watched_since: datetime | None,
    now: datetime,
) -> Alert | None:
    """Return the word that the date is over: on the day after, then once every two days, three times at most, by day.

    Args:
        order: a paid order that still waits to go.
        until: its date.
        was_told: whether an alert of that key was ever queued.
        watched_since: dates that were over long before are no news (`STILL_NEWS`).
        now: this moment.
    """
    today, told = now.astimezone(BERLIN).date(), 0
    if until.day >= today or not is_by_day(now):
        return None
    if watched_since is None or until.at < watched_since - STILL_NEWS:
        return None
    for ago in range((today - until.day).days, -1, -1):
        day = today - timedelta(days=ago)
        if was_told(_key(AlertKind.SHIP_BY_OVER, order, f"{until.day}/{day}")):
            told += 1
            if told >= MOST_TOLD or ago < EVERY:
                return None
    return _alert(AlertKind.SHIP_BY_OVER, order, until, f"{until.day}/{today}", now)


def _key(kind: AlertKind, order: Order, name: str) -> str:
    return f"{order.id}/{kind}/{name}"


def _alert(kind: AlertKind, order: Order, until: ShipBy, name: str, now: datetime) -> Alert:
    return Alert(
        key=_key(kind, order, name),
        kind=kind,
        account=order.account,
        at=now,
        order=order.id,
        details=(("ship_by", until.at.isoformat()), ("origin", until.origin.value)),
    )
