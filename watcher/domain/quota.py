"""How often a source may be asked: so many questions a day, and never two in a row too quickly.

Days are counted in GMT: DHL sets its count back at 00:00 GMT (support-developer.dhl.com, 2023). Everything here is a
value, so that a restart forgets nothing: whoever asks stores `asked(used, now)` before the question goes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

LONGEST_REST: Final = timedelta(days=1)
"""Nothing that is stored keeps a source silent for longer, however wrong the clock was when it was stored."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What a source allows."""

    per_day: int
    shortest_pause: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What was used of a quota."""

    day: date
    """The day in GMT that `count` is about."""
    count: int = 0
    last_at: datetime | None = None
    """When the last question went out."""
    not_before: datetime | None = None
    """The source said no to more: it is left alone until then."""


def asked(used: Used | None, now: datetime) -> Used:
    """Return what is used once a question goes out now; a day that is over no longer counts."""
    today = now.astimezone(UTC).date()
    count = _count(used, today)
    # After a small step back of the clock the later day goes on: else its end would grant a second quota.
    day = max(today, used.day) if used and count else today
    not_before = used.not_before if used else None
    return Used(day=day, count=count + 1, last_at=now.astimezone(UTC), not_before=not_before)


def rested(used: Used, *, until: datetime | None) -> Used:
    """Return the same, left alone until then; `None` ends a rest."""
    return replace(used, not_before=until.astimezone(UTC) if until else None)


def count_on(used: Used | None, now: datetime) -> int:
    """Return how many questions count against the present day."""
    return _count(used, now.astimezone(UTC).date())


def may_ask(used: Used | None, quota: Quota, now: datetime) -> bool:
    """Whether a question may go out now; `None`: nothing was ever asked."""
    return next_at(used, quota, now) <= now


def next_at(used: Used | None, quota: Quota, now: datetime) -> datetime:
    """Return when the next question may go out, in UTC; `now` where that is at once.

    A clock that was set back by more than a day was wrong before, and what it counted says nothing: then the source
    itself says when it has had enough.
    """
    now = now.astimezone(UTC)
    moments = [now]
    if used is None:
        return now
    if _count(used, now.date()) >= quota.per_day:
        moments.append(datetime.combine(max(used.day, now.date()) + _DAY, time(), tzinfo=UTC))
    if used.last_at is not None and used.last_at <= now + quota.shortest_pause:
        moments.append(used.last_at + quota.shortest_pause)
    if used.not_before is not None and used.not_before <= now + LONGEST_REST:
        moments.append(used.not_before)
    return max(moments).astimezone(UTC)


def plain(used: Used) -> dict[str, str | int | None]:
    """Return the same in values that any store can keep."""
    return {
        "day": used.day.isoformat(),
        "count": used.count,
        "last_at": used.last_at.isoformat() if used.last_at else None,
        "not_before": used.not_before.isoformat() if used.not_before else None,
    }


def from_plain(values: Mapping[str, object]) -> Used | None:
    """Return what `plain` told; `None` where it cannot be read, as if nothing had been asked."""
    day, count = values.get("day"), values.get("count")
    if not isinstance(day, str) or not isinstance(count, int) or isinstance(count, bool) or count < 0:
        return None
    try:
        return Used(
            day=date.fromisoformat(day),
            count=count,
            last_at=_moment(values.get("last_at")),
            not_before=_moment(values.get("not_before")),
        )
    except (ValueError, OverflowError):
        return None


def _count(used: Used | None, today: date) -> int:
    if used is None or not today <= used.day <= _after(today):
        return 0
    return used.count


def _after(day: date) -> date:
    return day if day == date.max else day + _DAY


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None:
        raise ValueError(value)
    return at.astimezone(UTC)
