"""The word in the evening that this night may decide on a parcel, and that the machine is likely to sleep through it."""

from datetime import UTC, datetime, time, timedelta

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.cadence import may_still_be_stopped
from watcher.domain.case import Case
from watcher.domain.nights import ENDS, Nights
from watcher.domain.situation import Window
from watcher.domain.step import CaseKind

EVENING = (time(19), time(22))
"""Late enough to know what the day has brought, early enough to plug a machine in; on a German clock."""


def night_watch(case: Case, window: Window | None, nights: Nights, *, now: datetime) -> Alert | None:
    """Return the word of this evening; the same one all evening long, `None` where there is nothing to say.

    1. The case's parcel is on its way and may still be stopped, and its window closes before the next morning.
    2. The machine slept through the latest nights; of one that is not known yet nothing is claimed.
    """
    local = now.astimezone(BERLIN)
    if not EVENING[0] <= local.time() < EVENING[1]:
        return None
    if window is None or case.kind is not CaseKind.IN_TRANSIT or not may_still_be_stopped(case):
        return None
    day = local.date() + timedelta(days=1)
    morning = datetime.combine(day, ENDS, BERLIN).astimezone(UTC)
    if not now < window.closes_at <= morning or not nights.likely_sleeps(now):
        return None
    return Alert(
        key=f"{case.id}/{AlertKind.NIGHT_WATCH}/{day.isoformat()}",
        kind=AlertKind.NIGHT_WATCH,
        account=case.account,
        at=now,
        order=case.order,
        case=case.id,
        details=(("closes", window.closes_at.isoformat()), ("certainty", window.certainty)),
    )
