"""When a parcel that nobody collects goes back by itself: from the day it began to wait, and the carrier's storage period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from watcher.carriers.calendar import add_working_days, next_delivery_day
from watcher.carriers.knowledge import BERLIN, Carrier, Days, Hold
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.domain.parcel import Milestone, Parcel, Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesBack:
    """From when a parcel is expected to be on its way back by itself."""

    on: date
    certainty: Confidence
    """Never more than likely: a storage period is what the carrier says it does."""


def goes_back(known: Carrier, since: date, *, state: str | None = None) -> GoesBack | None:
    """Return from when a parcel goes back that nobody collects; `None` where no storage period is known.

    The day on which it began to wait is not counted. Where the carrier's places differ (a shop, a locker) the longest
    period counts, for nobody should take the parcel for returned too early; the answer is then unsure, as it is where the
    period is only inferred, or old and weak knowledge.

    Args:
        known: what is known of the carrier.
        since: the day on which the parcel began to wait.
        state: the German state whose holidays count, where it is known.
    """
    if not known.holds:
        return None
    last = max(_last_day(hold, since, state) for hold in known.holds)
    sure = len(known.holds) == 1 and all(_is_reliable(hold, since) for hold in known.holds)
    return GoesBack(
        on=next_delivery_day(last, state=state), certainty=Confidence.LIKELY if sure else Confidence.UNSURE
    )


def waits_since(parcel: Parcel, sightings: Iterable[Sighting]) -> date | None:
    """Return the day on which a parcel began to wait to be collected; `None` unless it is known to wait now.

    That is the first of the words in a row that say so: carriers repeat them every day.
    """
    if not parcel.is_at(Milestone.HELD_AT_PICKUP) or parcel.at is None:
        return None
    began = parcel.at
    counted = (
        each
        for each in sightings
        if each.at <= began
        and each.milestone is not Milestone.UNKNOWN
        and each.confidence is not Confidence.UNSURE
    )
    for sighting in sorted(counted, key=lambda each: (each.at, each.learnt_at), reverse=True):
        if sighting.milestone is not Milestone.HELD_AT_PICKUP:
            break
        began = sighting.at
    return began.astimezone(BERLIN).date()


def _is_reliable(hold: Hold, since: date) -> bool:
    return hold.fact is None or (hold.fact.confidence is Grade.SEEN and not hold.fact.is_old(since))


def _last_day(hold: Hold, since: date, state: str | None) -> date:
    """Return the last day on which the parcel can be collected."""
    if hold.counted is Days.CALENDAR:
        return since + timedelta(days=hold.days)
    return add_working_days(since, hold.days, saturdays=hold.counted is Days.WORKING, state=state)
