"""Erasing in time what a carrier's interface has said: its terms give it an end.

What the seller, the page, a mail or a paste said stays, and so does the ledger, which holds kinds and times alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.app import poll_book
from watcher.app.ports import Store
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting, parcel_of
from watcher.domain.polling import FORGOTTEN_AFTER, Asked

_EARLY = timedelta(days=1)
"""A machine that is switched off for the night must not be late."""
_ARRIVED = (Milestone.DELIVERED, Milestone.RETURNED)


def erase_told(store: Store, kept: Mapping[str, timedelta], *, clock: Callable[[], datetime]) -> int:
    """Erase what interfaces have said about parcels whose time is over; returns how many words that were.

    1. The time is over a day before the terms' end, counted from the delivery, to the buyer or back to the seller.
    2. For a parcel that never arrived it is over so long after the day when nobody hears of it any more.
    3. The parcel is asked about no more: that would bring everything back.

    Args:
        store: what is remembered.
        kept: how long after the delivery each carrier's words may be kept; of another carrier, the shortest.
        clock: the present moment.
    """
    now, erased = clock(), 0
    for order in store.orders_told(Origin.API):
        said = store.sightings(order.id)
        if _is_over(order, said, kept, now):
            erased += _erase(store, order, said, now)
    return erased


def _is_over(order: Order, said: Sequence[Sighting], kept: Mapping[str, timedelta], now: datetime) -> bool:
    told = [sighting for sighting in said if sighting.origin is Origin.API]
    terms = [kept.get(sighting.carrier or "", min(kept.values(), default=timedelta())) for sighting in told]
    term = min(terms) - _EARLY
    parcel = parcel_of(said, now=now, carrier=order.carrier, number=order.tracking_number)
    if not parcel.is_at(*_ARRIVED):
        return now >= max(sighting.learnt_at for sighting in told) + FORGOTTEN_AFTER + term
    turned_at = max((each.at for each in said if each.milestone is Milestone.RETURNING), default=None)
    arrivals = [each.at for each in said if each.milestone in _ARRIVED and each.at <= now]
    last_way = [at for at in arrivals if turned_at is None or at >= turned_at]
    return now >= min(last_way or arrivals, default=now) + term


def _erase(store: Store, order: Order, said: Sequence[Sighting], now: datetime) -> int:
    parcel = parcel_of(said, now=now, carrier=order.carrier, number=order.tracking_number)
    number = parcel.number_back or parcel.number
    with store.writing() as writing:
        count = writing.erase_sightings(order.id, Origin.API)
        if number is not None:
            poll_book.save_asked(writing, order.id, Asked(number=number, at=now, ended=True))
        writing.record("tracking_erased", at=now, account=order.account, order=order.id, words=count)
    return count
