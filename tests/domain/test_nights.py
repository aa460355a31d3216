"""Which nights the machine was awake, and what is said in the evening before one that decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import case, steady
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.night_watch import night_watch
from watcher.domain.nights import Nights
from watcher.domain.situation import Window
from watcher.domain.step import CaseKind

MONDAY = date(2026, 11, 9)
CHANGES = [date(2026, 3, 28), date(2026, 10, 24)]
"""The evenings before the clocks are changed."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def lived(nights: Nights, day: date, days: int, *, sleeps: tuple[int, int] | None, every: int = 30) -> Nights:
    """The memory of a machine that is looked at every so many minutes, and sleeps between these hours each night."""
    moment, end, awake_since = at(day, 12), at(day + timedelta(days=days), 12), None
    while moment <= end:
        hour = moment.astimezone(BERLIN).hour
        asleep = sleeps is not None and (
            sleeps[0] <= hour < sleeps[1] if sleeps[0] < sleeps[1] else hour >= sleeps[0] or hour < sleeps[1]
        )
        awake_since = None if asleep else (awake_since or moment)
        if awake_since is not None:
            nights = nights.after(awake_since=awake_since, now=moment)
        moment += timedelta(minutes=every)
    return nights


def evening(day: date) -> datetime:
    return at(day, 19, 30)


def test_nothing_is_claimed_of_a_machine_that_nobody_knows():
    assert not Nights().likely_sleeps(evening(MONDAY))
    assert not lived(Nights(), MONDAY, 0, sleeps=(23, 7)).likely_sleeps(evening(MONDAY))
    assert not lived(Nights(), MONDAY, 1, sleeps=(23, 7)).likely_sleeps(evening(MONDAY + timedelta(days=1)))


def test_a_machine_that_slept_through_two_nights_is_expected_to_sleep_again():
    assert lived(Nights(), MONDAY, 2, sleeps=(23, 7)).likely_sleeps(evening(MONDAY + timedelta(days=2)))


@pytest.mark.parametrize("sleeps", [None, (23, 2), (9, 12), (13, 18)])
def test_a_machine_that_is_awake_while_parcels_are_loaded_is_not_suspected(sleeps):
    nights = lived(Nights(), MONDAY, 5, sleeps=sleeps)
    assert not nights.likely_sleeps(evening(MONDAY + timedelta(days=5)))


@pytest.mark.parametrize("sleeps", [(23, 6), (1, 8), (3, 9), (0, 7)])
def test_a_machine_that_sleeps_for_much_of_the_night_is(sleeps):
    nights = lived(Nights(), MONDAY, 5, sleeps=sleeps)
    assert nights.likely_sleeps(evening(MONDAY + timedelta(days=5)))


def test_blinking_in_its_sleep_is_not_being_awake():
    nights = lived(Nights(), MONDAY, 1, sleeps=None)
    for day in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)):
        nights = nights.after(awake_since=at(day, 12), now=at(day, 13))
        for hour in range(9):
            moment = at(day + timedelta(days=1), hour, 7)
            nights = nights.after(awake_since=moment, now=moment + timedelta(seconds=20))
    nights = nights.after(
        awake_since=at(MONDAY + timedelta(days=4), 11), now=at(MONDAY + timedelta(days=4), 12)
    )
    assert nights.likely_sleeps(evening(MONDAY + timedelta(days=4)))


def test_one_night_through_does_not_make_a_watchman_but_two_do():
    slept = lived(Nights(), MONDAY, 4, sleeps=(23, 8))
    once = lived(slept, MONDAY + timedelta(days=4), 1, sleeps=None)
    assert once.likely_sleeps(evening(MONDAY + timedelta(days=5)))
    twice = lived(once, MONDAY + timedelta(days=5), 1, sleeps=None)
    assert not twice.likely_sleeps(evening(MONDAY + timedelta(days=6)))


def test_a_restart_costs_half_an_hour_and_not_the_night():
    nights = lived(Nights(), MONDAY, 1, sleeps=None)
    for day in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)):
        restarted = at(day + timedelta(days=1), 4, 10)
        nights = nights.after(awake_since=at(day, 12), now=restarted - timedelta(seconds=5))
        nights = nights.after(awake_since=restarted, now=at(day + timedelta(days=1), 12))
    assert not nights.likely_sleeps(evening(MONDAY + timedelta(days=3)))


def test_after_a_holiday_the_machine_is_a_new_one():
    nights = lived(Nights(), MONDAY, 3, sleeps=None)
    back = MONDAY + timedelta(days=20)
    nights = nights.after(awake_since=at(back, 10), now=at(back, 11))
    assert not nights.likely_sleeps(evening(back))
    assert nights.since == back


def test_a_clock_that_was_wrong_for_a_while_accuses_nobody():
    nights = lived(Nights(), MONDAY, 3, sleeps=None)
    wrong = date(2031, 1, 1)
    nights = nights.after(awake_since=at(wrong, 10), now=at(wrong, 11))
    back = MONDAY + timedelta(days=3)
    nights = lived(nights, back, 0, sleeps=None)
    assert not nights.likely_sleeps(evening(back))


@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize(("sleeps", "expected"), [(None, False), ((23, 8), True)])
def test_a_night_of_six_or_eight_hours_is_judged_as_every_other(day, sleeps, expected):
    begun = day - timedelta(days=2)
    nights = lived(Nights(), begun, 3, sleeps=sleeps, every=10)
    assert nights.likely_sleeps(evening(day + timedelta(days=1))) is expected


@pytest.mark.parametrize(("sleeps", "expected"), [(None, False), ((23, 8), True)])
def test_a_whole_year_long_the_verdict_stays_the_same(sleeps, expected):
    nights, day = Nights(), date(2026, 1, 2)
    nights = lived(nights, day, 3, sleeps=sleeps, every=60)
    for _ in range(360):
        day += timedelta(days=1)
        nights = lived(nights, day + timedelta(days=2), 1, sleeps=sleeps, every=60)
        assert nights.likely_sleeps(evening(day + timedelta(days=3))) is expected
    assert len(nights.awake) <= 7, "what is remembered does not grow"


def test_what_is_no_news_changes_nothing():
    nights = Nights().after(awake_since=at(MONDAY, 2), now=at(MONDAY, 10))
    assert nights.after(awake_since=at(MONDAY, 2), now=at(MONDAY, 18)) == nights
    assert nights.after(awake_since=at(MONDAY, 11), now=at(MONDAY, 18)) == nights


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@steady
@given(spans=st.lists(st.tuples(moments, moments), max_size=20), evening_of=moments)
def test_the_memory_takes_any_order_of_moments(spans, evening_of):
    nights = Nights()
    for one, other in spans:
        nights = nights.after(awake_since=min(one, other), now=max(one, other))
        assert nights.after(awake_since=min(one, other), now=max(one, other)) == nights
        assert all(0 < bits < 1 << 16 for bits in nights.awake.values())
    assert nights.likely_sleeps(evening_of) in {True, False}


SLEEPER = lived(Nights(), MONDAY, 3, sleeps=(23, 8))
THURSDAY = MONDAY + timedelta(days=3)
FOUR = Window(closes_at=at(THURSDAY + timedelta(days=1), 4))


def transit() -> Case:
    return case(CaseKind.IN_TRANSIT)


def test_the_evening_before_a_deciding_night_is_told_with_its_end():
    alert = night_watch(transit(), FOUR, SLEEPER, now=evening(THURSDAY))
    assert alert is not None
    assert alert.key == "cabc/night_watch/2026-11-13"
    assert alert.details == (("closes", FOUR.closes_at.isoformat()), ("certainty", Confidence.LIKELY))


def test_all_evening_long_it_is_the_same_word():
    keys = {night_watch(transit(), FOUR, SLEEPER, now=at(THURSDAY, hour)).key for hour in (19, 20, 21)}
    assert len(keys) == 1


@pytest.mark.parametrize(("hour", "minute"), [(12, 0), (18, 59), (22, 0), (23, 30)])
def test_it_is_told_in_the_evening_alone(hour, minute):
    assert night_watch(transit(), FOUR, SLEEPER, now=at(THURSDAY, hour, minute)) is None


def test_a_machine_that_stays_awake_needs_no_word():
    awake = lived(Nights(), MONDAY, 3, sleeps=None)
    assert night_watch(transit(), FOUR, awake, now=evening(THURSDAY)) is None


@pytest.mark.parametrize(
    "closes", [at(THURSDAY + timedelta(days=1), 9, 1), at(THURSDAY + timedelta(days=2), 4), at(THURSDAY, 19)]
)
def test_a_window_that_closes_in_another_night_can_wait(closes):
    assert night_watch(transit(), Window(closes_at=closes), SLEEPER, now=evening(THURSDAY)) is None


def test_without_a_window_there_is_nothing_to_say():
    assert night_watch(transit(), None, SLEEPER, now=evening(THURSDAY)) is None


@pytest.mark.parametrize(
    "other",
    [
        case(CaseKind.BEFORE_SHIPMENT),
        case(CaseKind.UNCLEAR),
        case(CaseKind.AFTER_DELIVERY),
        transit().closed(at=evening(THURSDAY), ending=Ending.BY_SELLER),
    ],
)
def test_only_a_parcel_that_may_still_be_stopped_is_spoken_of(other):
    assert night_watch(other, FOUR, SLEEPER, now=evening(THURSDAY)) is None


@pytest.mark.parametrize("day", CHANGES)
def test_the_nights_in_which_clocks_are_changed_are_told_of_as_well(day):
    nights = lived(Nights(), day - timedelta(days=3), 3, sleeps=(23, 8), every=10)
    window = Window(closes_at=at(day + timedelta(days=1), 4))
    alert = night_watch(transit(), window, nights, now=evening(day))
    assert alert is not None
    assert alert.key.endswith((day + timedelta(days=1)).isoformat())
