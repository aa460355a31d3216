"""Which nights the machine was awake: parcels are loaded between two and nine, and a machine that sleeps sees nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from watcher.domain.budget import BERLIN

BEGINS, ENDS = time(2), time(9)
"""When carriers scan what goes out for delivery, on a German clock."""
SPAN = timedelta(minutes=30)
"""A span counts as awake when the machine was awake all through it: a laptop that blinks in its sleep watches nothing."""
ENOUGH = 0.75
"""A night with so many of its spans awake was watched."""
JUDGED_BY = 3
"""So many nights, the latest ones, say what the next one will be like."""
FEWEST = 2
"""With fewer nights behind it, nothing is said of a machine."""
_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """What is remembered of the machine's nights; each has the date of its morning."""

    since: date | None = None
    """The day from which on the machine is known."""
    last: date | None = None
    """The latest day on which it was seen to run."""
    awake: Mapping[date, int] = field(default_factory=dict)
    """The spans of a night that were awake, one bit each; a night that is not here had none."""

    def after(self, *, awake_since: datetime, now: datetime) -> "Nights":
        """Return the memory at a moment, the machine having been awake since an earlier one; equal where that is no news.

        After a week without a sign of life, or when the clock was set back, the machine is a new one: nothing is concluded
        from nights in which nobody expected it to run.
        """
        today = now.astimezone(BERLIN).date()
        goes_on = self.last is not None and timedelta(0) <= today - self.last <= _KEPT
        known = self if goes_on else Nights(since=today)
        awake = {day: spans for day, spans in known.awake.items() if today - day < _KEPT}
        spans = awake.get(today, 0) | _spans_between(today, awake_since, now)
        return replace(known, last=today, awake={**awake, today: spans} if spans else awake)

    def likely_sleeps(self, now: datetime) -> bool:
        """Whether the machine slept through most of the latest nights; false while too few are known."""
        nights = self._known(now)
        return len(nights) >= FEWEST and sum(map(self._was_watched, nights)) < len(nights) / 2

    def _known(self, now: datetime) -> list[date]:
        """Return the latest nights that are over and were remembered from their evening on."""
        today = now.astimezone(BERLIN).date()
        days = [today - timedelta(days=back) for back in range(JUDGED_BY + 1)]
        over = [day for day in days if _bounds(day)[1] <= now]
        return [day for day in over[:JUDGED_BY] if self.since is not None and self.since < day]

    def _was_watched(self, day: date) -> bool:
        begins, ends = _bounds(day)
        return self.awake.get(day, 0).bit_count() >= ENOUGH * ((ends - begins) // SPAN)


def _bounds(day: date) -> tuple[datetime, datetime]:
    """Return when the night that ends on that day begins and ends: seven hours, one less or more when clocks are changed."""
    begins = datetime.combine(day, BEGINS, BERLIN).astimezone(UTC)
    return begins, datetime.combine(day, ENDS, BERLIN).astimezone(UTC)


def _spans_between(day: date, start: datetime, end: datetime) -> int:
    """Return the bits of the night's spans that lie wholly between two moments."""
    begins, ends = _bounds(day)
    first = -((begins - max(start, begins)) // SPAN)
    last = (min(end, ends) - begins) // SPAN
    return (1 << last) - (1 << first) if 0 <= first < last else 0
