"""How long a carrier can still be asked to stop a parcel: from where it is, the hand-in, the weekday and the carrier's cutoff."""

from datetime import UTC, date, datetime, time, timedelta

from watcher.carriers.calendar import next_delivery_day
from watcher.carriers.knowledge import BERLIN, Carrier, carrier
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.situation import Window

_CLOSED = frozenset(
    {
        Milestone.OUT_FOR_DELIVERY,
        Milestone.HELD_AT_PICKUP,
        Milestone.DELIVERED,
        Milestone.RETURNING,
        Milestone.RETURNED,
    }
)
_EVENING = time(12)
"""A cutoff after noon is one of the evening before: nobody redirects a parcel that has been delivered."""


def window_of(
    parcel: Parcel, at: datetime, *, known: Carrier | None = None, state: str | None = None
) -> Window | None:
    """Return until when the carrier can be asked; `None` once it cannot, or where no cutoff is known: then ask at once.

    1. Once the parcel is loaded, waits for its recipient, is delivered or on its way back, no carrier stops it.
    2. Otherwise it may be delivered on the next working day: the one after the hand-in at the earliest.
    3. The carrier's cutoff for that day is the end of the window. When it has passed and the parcel was not loaded, the
       next day's counts.

    That a parcel arrives on the first possible day is a cautious guess: the window is never more than likely, and unsure
    where the hand-in is not known or the cutoff is old or weak knowledge.

    Args:
        parcel: what is known of it.
        at: the present moment.
        known: what is known of its carrier, with the seller's own entries; without it the shipped facts alone.
        state: the German state whose holidays count, where it is known.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.utcoffset() is None:
        raise ValueError("the window needs a time with a time zone")
    if parcel.is_sure and parcel.milestone in _CLOSED:
        return None
    cutoff = (known or carrier(parcel.carrier)).cutoff
    if cutoff is None:
        return None
    today = at.astimezone(BERLIN).date()
    day = _first_day(parcel, today, state)
    closes = _closing(day, cutoff.time)
    while closes <= at:
        day = next_delivery_day(day, state=state)
        closes = _closing(day, cutoff.time)
    knows_start = parcel.handed_in_at is not None or parcel.is_at(Milestone.AT_DEPOT)
    fact = cutoff.fact
    is_weak = fact is not None and (fact.confidence is Grade.UNVERIFIED or fact.is_old(today))
    sure = knows_start and not is_weak
    return Window(closes_at=closes, certainty=Confidence.LIKELY if sure else Confidence.UNSURE)


def _first_day(parcel: Parcel, today: date, state: str | None) -> date:
    """Return the first day from today on, today included, on which the parcel can be delivered."""
    soonest = next_delivery_day(today - timedelta(days=1), state=state)
    if parcel.handed_in_at is None or parcel.is_at(Milestone.AT_DEPOT):
        return soonest
    return max(next_delivery_day(parcel.handed_in_at.astimezone(BERLIN).date(), state=state), soonest)


def _closing(day: date, cutoff: time) -> datetime:
    on = day - timedelta(days=1) if cutoff >= _EVENING else day
    return datetime.combine(on, cutoff, tzinfo=BERLIN).astimezone(UTC)
