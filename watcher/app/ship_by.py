"""Until when paid orders should leave, by what the page says and what the seller promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from watcher.app.ports import Store
from watcher.carriers.calendar import add_working_days
from watcher.domain.case import Case
from watcher.domain.hand_in_soon import waits_to_go
from watcher.domain.order import Order
from watcher.domain.parcel import parcel_of
from watcher.domain.ship_by import Promise, ShipBy, most_urgent_first, ship_by
from watcher.domain.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A paid order that is still to be handed in, and until when."""

    order: Order
    until: ShipBy | None


def promise_of(days: int | None, *, state: str | None) -> Promise | None:
    """Return the seller's promise: working days are Monday to Saturday without the holidays of that state."""
    if days is None:
        return None
    return Promise(days=days, after=lambda day, count: add_working_days(day, count, state=state))


def ship_dates(orders: Iterable[Order], promise: Promise | None) -> dict[str, ShipBy]:
    """Return until when orders should leave, by their ids; those without a date are not in it."""
    dates = ((order.id, ship_by(order, promise)) for order in orders)
    return {order: date for order, date in dates if date is not None}


def still_to_go(store: Store, *, promise: Promise | None, now: datetime) -> list[Going]:
    """Return every paid order that is still to be handed in, the most urgent first."""
    catalogue = store.catalogue()
    paid = [order for order in catalogue.at_stake() if order.stage is Stage.PAID]
    cases: list[Case] = catalogue.open_cases() if paid else []
    waiting = [
        order for order in paid if waits_to_go(order, cases, parcel_of(store.sightings(order.id), now=now))
    ]
    dates = ship_dates(waiting, promise)
    return [Going(order=order, until=dates.get(order.id)) for order in most_urgent_first(waiting, dates)]
