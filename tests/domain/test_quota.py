"""How often a source may be asked: over midnight in Greenwich, after restarts, and whatever the clock does."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from watcher.domain.quota import (
    LONGEST_REST,
    Quota,
    Used,
    asked,
    from_plain,
    may_ask,
    next_at,
    plain,
    rested,
)

QUOTA = Quota(per_day=3, shortest_pause=timedelta(seconds=5))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAUSE = timedelta(seconds=5)
DAY = timedelta(days=1)


def after(*moments: datetime) -> Used:
    used: Used | None = None
    for moment in moments:
        used = asked(used, moment)
    assert used is not None
    return used


def test_who_never_asked_may_ask() -> None:
    assert may_ask(None, QUOTA, NOON)
    assert next_at(None, QUOTA, NOON) == NOON


def test_two_questions_are_five_seconds_apart() -> None:
    used = after(NOON)
    assert not may_ask(used, QUOTA, NOON + timedelta(seconds=4))
    assert next_at(used, QUOTA, NOON) == NOON + PAUSE
    assert may_ask(used, QUOTA, NOON + PAUSE)


def test_a_used_up_day_ends_at_midnight_in_greenwich() -> None:
    used = after(NOON, NOON + PAUSE, NOON + 2 * PAUSE)
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert next_at(used, QUOTA, NOON + timedelta(hours=1)) == midnight
    assert not may_ask(used, QUOTA, midnight - timedelta(seconds=1))
    assert may_ask(used, QUOTA, midnight)
    assert asked(used, midnight).count == 1


def test_midnight_in_germany_grants_nothing() -> None:
    german = timezone(timedelta(hours=1))
    evening = datetime(2026, 11, 23, 23, 50, tzinfo=german)
    used = after(evening, evening + PAUSE, evening + 2 * PAUSE)
    assert used.day == date(2026, 11, 23)
    assert not may_ask(used, QUOTA, datetime(2026, 11, 24, 0, 30, tzinfo=german))
    assert may_ask(used, QUOTA, datetime(2026, 11, 24, 1, 0, tzinfo=german))


def test_a_clock_set_back_over_midnight_grants_no_second_quota() -> None:
    early = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)
    used = after(early, early + PAUSE, early + 2 * PAUSE)
    back = early - timedelta(hours=1)
    assert next_at(used, QUOTA, back) == datetime(2026, 11, 25, tzinfo=UTC)
    assert not may_ask(used, QUOTA, early + timedelta(hours=1))
    assert may_ask(used, QUOTA, datetime(2026, 11, 25, tzinfo=UTC))


def test_what_is_asked_after_a_small_step_back_still_counts_for_the_later_day() -> None:
    early = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)
    used = after(early, early - timedelta(hours=1), early - timedelta(minutes=30))
    assert (used.day, used.count) == (date(2026, 11, 24), 3)
    assert not may_ask(used, QUOTA, early + timedelta(hours=1))


def test_a_clock_set_back_by_hours_does_not_keep_a_pause_of_hours() -> None:
    assert may_ask(after(NOON), QUOTA, NOON - timedelta(hours=3))


def test_a_clock_that_was_years_ahead_does_not_silence_the_source() -> None:
    ahead = NOON + timedelta(days=400)
    used = rested(after(ahead, ahead, ahead), until=ahead + timedelta(hours=6))
    assert may_ask(used, QUOTA, NOON)
    assert asked(used, NOON).count == 1
    assert asked(used, NOON).day == NOON.date()


def test_a_source_that_said_no_is_left_alone_until_then_even_after_a_restart() -> None:
    used = rested(after(NOON), until=NOON + timedelta(hours=6))
    again = from_plain(plain(used))
    assert again == used
    assert next_at(again, QUOTA, NOON + timedelta(hours=1)) == NOON + timedelta(hours=6)
    assert may_ask(again, QUOTA, NOON + timedelta(hours=6))
    assert may_ask(rested(used, until=None), QUOTA, NOON + PAUSE)


@every(
    "values",
    [
        {},
        {"day": "gestern", "count": 1},
        {"day": "2026-11-23", "count": "1"},
        {"day": "2026-11-23", "count": -1},
        {"day": "2026-11-23", "count": True},
        {"day": "2026-11-23", "count": 1, "last_at": "2026-11-23T12:00:00"},
        {"day": "2026-11-23", "count": 1, "not_before": 7},
        {"day": "2026-11-23", "count": 1, "last_at": "0001-01-01T00:00:00+23:00"},
    ],
)
def test_what_cannot_be_read_is_as_if_nothing_had_been_asked(values: dict[str, Any]) -> None:
    assert from_plain(values) is None


_MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
)
_USED = st.builds(
    Used,
    day=st.dates(),
    count=st.integers(min_value=0, max_value=10),
    last_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    not_before=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(used=_USED, now=_MOMENTS)
def test_values_go_to_the_store_and_back_and_nothing_stored_silences_it_for_long(
    used: Used, now: datetime
) -> None:
    assert from_plain(plain(used)) == used
    due = next_at(used, QUOTA, now)
    assert now <= due <= now + 2 * DAY
    assert due <= now + LONGEST_REST or used.count >= QUOTA.per_day
    assert may_ask(used, QUOTA, due)
    assert asked(used, now).last_at == now


@given(st.lists(_MOMENTS, min_size=1, max_size=60))
def test_while_the_clock_only_goes_forward_the_quota_is_never_overdrawn(moments: list[datetime]) -> None:
    used: Used | None = None
    went: list[datetime] = []
    for moment in sorted(moments):
        for now in (moment, moment + timedelta(seconds=2), moment + timedelta(seconds=7)):
            if (not went or now >= went[-1]) and may_ask(used, QUOTA, now):
                used = asked(used, now)
                went.append(now)
    assert all(late - early >= PAUSE for early, late in pairwise(went))
    days = [moment.date() for moment in went]
    assert max(map(days.count, days)) <= QUOTA.per_day
