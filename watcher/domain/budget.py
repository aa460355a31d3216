"""How many pages may be loaded in a day: a promise to the site that no setting of the cadence undercuts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """How many pages were loaded on one day, by the German calendar."""

    day: date | None = None
    count: int = 0

    def on(self, at: datetime) -> int:
        """Return how many there were on the day of `at`."""
        return self.count if self.day == at.astimezone(BERLIN).date() else 0

    def plus(self, pages: int, *, at: datetime) -> "Loads":
        """Return the count with the pages of one more visit."""
        return Loads(day=at.astimezone(BERLIN).date(), count=self.on(at) + pages)


def next_day(at: datetime) -> datetime:
    """Return the next midnight in Germany: then the count begins anew."""
    tomorrow = at.astimezone(BERLIN).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), BERLIN).astimezone(at.tzinfo)


def shortest_interval(*, left: int, cost: int, at: datetime) -> timedelta:
    """Return the interval at which the pages that are left last until midnight, when each visit costs `cost`."""
    rest = next_day(at) - at
    return rest if left < cost else rest * cost / left
