"""Ordinary alerts wait for the morning; what cannot wait breaks through."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import case, steady
from tests.support.every import every
from watcher.domain.alert import AlertKind, Wakes
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours
from watcher.domain.step import CaseKind

NIGHT = QuietHours(hours=(time(22), time(7)))


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def closing(at: datetime) -> Case:
    """A parcel on its way whose window closes at that moment."""
    found = case(CaseKind.IN_TRANSIT)
    steps = tuple(replace(step, due_at=at) if step.id == "ask_carrier" else step for step in found.steps)
    return replace(found, steps=steps)


@every(
    ("at", "quiet"),
    [
        (berlin(24, 21, 59), False),
        (berlin(24, 22), True),
        (berlin(25, 0), True),
        (berlin(25, 6, 59), True),
        (berlin(25, 7), False),
        (berlin(25, 12), False),
    ],
)
def test_hours_over_midnight_are_quiet_from_their_begin_to_just_before_their_end(at, quiet):
    assert NIGHT.is_quiet(at) is quiet


def test_hours_within_a_day_are_quiet_on_that_day():
    nap = QuietHours(hours=(time(13), time(15)))
    assert [nap.is_quiet(berlin(24, hour)) for hour in (12, 13, 14, 15)] == [False, True, True, False]
    assert nap.ends_at(berlin(24, 13, 30)) == berlin(24, 15)


def test_what_is_queued_at_night_may_go_out_in_the_morning_and_by_day_at_once():
    assert NIGHT.ends_at(berlin(24, 23)) == berlin(25, 7)
    assert NIGHT.ends_at(berlin(25, 3)) == berlin(25, 7)
    assert NIGHT.ends_at(berlin(25, 12)) == berlin(25, 12)


def test_without_quiet_hours_nothing_waits_and_nothing_has_to_wake():
    at = berlin(25, 3)
    assert (NEVER_QUIET.is_quiet(at), NEVER_QUIET.ends_at(at), NEVER_QUIET.next_end(at)) == (False, at, None)
    assert NEVER_QUIET.wakes(case(CaseKind.UNCLEAR), AlertKind.CASE_OPENED, now=at) is None


@pytest.mark.parametrize(("month", "day", "hours"), [(10, 24, 10), (3, 27, 8)])
def test_the_nights_of_the_changing_clocks_are_an_hour_longer_or_shorter(month, day, hours):
    year = 2026 if month == 10 else 2027
    begin = berlin(day, 22, month=month, year=year)
    assert NIGHT.ends_at(begin) - begin == timedelta(hours=hours)
    quarter = timedelta(minutes=15)
    assert all(NIGHT.is_quiet(begin + quarter * number) for number in range(hours * 4))
    assert not NIGHT.is_quiet(begin + timedelta(hours=hours))


def test_an_end_within_the_doubled_hour_comes_once():
    odd = QuietHours(hours=(time(22), time(2, 30)))
    begin = berlin(24, 22, month=10)
    quiet = [odd.is_quiet(begin + timedelta(minutes=10) * number) for number in range(60)]
    assert quiet == sorted(quiet, reverse=True)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@steady
@given(moments, clocks, clocks)
def test_quiet_hours_always_end_and_what_waited_goes_out_then(at, begin, end):
    hours = QuietHours(hours=(begin, end))
    released = hours.ends_at(at)
    assert at <= released <= at + timedelta(hours=26)
    assert not hours.is_quiet(released) or begin == end or released == at
    assert hours.is_quiet(at) == (released > at)


def test_a_window_that_closes_before_the_morning_wakes():
    assert (
        NIGHT.wakes(closing(berlin(25, 2)), AlertKind.CASE_OPENED, now=berlin(24, 23)) is Wakes.WINDOW_CLOSES
    )


def test_a_window_that_closes_later_lets_the_seller_sleep():
    assert NIGHT.wakes(closing(berlin(25, 9)), AlertKind.CASE_OPENED, now=berlin(24, 23)) is None


def test_what_is_said_in_the_evening_may_still_wake_when_its_delivery_drags_on():
    assert NIGHT.wakes(closing(berlin(25, 2)), AlertKind.CASE_REMINDER, now=berlin(24, 21)) is not None


def test_goods_of_which_nobody_knows_the_place_wake():
    unclear = case(CaseKind.UNCLEAR)
    assert NIGHT.wakes(unclear, AlertKind.CASE_OPENED, now=berlin(24, 23)) is Wakes.PLACE_UNKNOWN


@pytest.mark.parametrize("kind", [CaseKind.BEFORE_SHIPMENT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED])
def test_what_can_wait_until_the_morning_waits(kind):
    assert NIGHT.wakes(case(kind), AlertKind.CASE_OPENED, now=berlin(24, 23)) is None


@pytest.mark.parametrize("kind", [AlertKind.CASE_CLOSED, AlertKind.REFUND_SEEN, AlertKind.REMINDERS_STOP])
def test_news_that_ask_for_nothing_wake_nobody(kind):
    assert NIGHT.wakes(closing(berlin(25, 2)), kind, now=berlin(24, 23)) is None


def test_a_parcel_that_cannot_be_stopped_any_more_wakes_nobody():
    found = closing(berlin(25, 2))
    asked = replace(
        found,
        steps=tuple(
            replace(step, done_at=berlin(24, 20), done_by="seller") if step.id.startswith("ask_") else step
            for step in found.steps
        ),
    )
    assert NIGHT.wakes(asked, AlertKind.CASE_REMINDER, now=berlin(24, 23)) is None


def test_whoever_does_not_want_to_be_woken_is_not():
    never = QuietHours(hours=NIGHT.hours, wake_me=False)
    assert never.wakes(closing(berlin(25, 2)), AlertKind.CASE_OPENED, now=berlin(24, 23)) is None
    assert never.wakes(case(CaseKind.UNCLEAR), AlertKind.CASE_OPENED, now=berlin(24, 23)) is None


def test_a_window_that_closes_before_anybody_is_up_wakes_too():
    just_after = closing(berlin(25, 7, 15))
    assert NIGHT.wakes(just_after, AlertKind.CASE_OPENED, now=berlin(24, 23)) is Wakes.WINDOW_CLOSES
