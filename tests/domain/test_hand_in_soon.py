"""The word before the usual time to hand parcels in."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.domain.samples import case, order
from tests.support.every import every
from watcher.carriers.calendar import is_working_day
from watcher.domain.budget import BERLIN
from watcher.domain.hand_in_soon import (
    days_waiting,
    hand_in_soon,
    hand_in_today,
    longest_first,
    waits_to_go,
)
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

FIVE = time(17)
MONDAY = date(2026, 11, 9)
NOWHERE = Parcel()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def moment(now: datetime, *, usual: time = FIVE, state: str | None = None) -> datetime | None:
    return hand_in_today(usual, works=lambda day: is_working_day(day, state=state), now=now)


@pytest.mark.parametrize(
    ("hour", "minute", "is_near"),
    [(14, 59, False), (15, 0, True), (16, 59, True), (17, 0, False), (9, 0, False)],
)
def test_the_hand_in_is_near_for_two_hours_and_over_then(hour, minute, is_near):
    assert moment(at(MONDAY, hour, minute)) == (at(MONDAY, 17) if is_near else None)


@pytest.mark.parametrize(
    ("day", "state", "works"),
    [
        (date(2026, 11, 14), None, True),  # a Saturday
        (date(2026, 11, 15), None, False),  # a Sunday
        (date(2026, 12, 25), None, False),
        (date(2026, 6, 4), "BY", False),  # Corpus Christi
        (date(2026, 6, 4), "BE", True),
    ],
)
def test_on_a_day_of_rest_nobody_hands_in(day, state, works):
    assert (moment(at(day, 16), state=state) is not None) is works


@pytest.mark.parametrize("hour", [23, 0])
def test_a_time_just_after_midnight_belongs_to_its_own_day(hour):
    day = MONDAY if hour == 23 else MONDAY + timedelta(days=1)
    assert moment(at(day, hour, 30), usual=time(1)) == at(MONDAY + timedelta(days=1), 1)


@pytest.mark.slow
def test_all_year_long_it_is_near_for_two_hours_of_every_working_day():
    """On the days on which clocks are changed, too."""
    day, last = date(2026, 1, 1), date(2026, 12, 31)
    while day <= last:
        minutes = [at(day, 0) + timedelta(minutes=10 * turn) for turn in range(144)]
        near = [now for now in minutes if moment(now) is not None]
        assert len(near) == (12 if is_working_day(day) else 0)
        day += timedelta(days=1)


def test_a_paid_order_waits_until_somebody_says_it_is_gone():
    paid = order(Stage.PAID)
    assert waits_to_go(paid, [], NOWHERE)
    assert waits_to_go(paid, [], Parcel(milestone=Milestone.LABEL_CREATED))
    for milestone in set(Milestone) - {Milestone.UNKNOWN, Milestone.LABEL_CREATED}:
        assert not waits_to_go(paid, [], Parcel(milestone=milestone))


@every("stage", sorted(set(Stage) - {Stage.PAID}))
def test_no_other_stage_waits_to_go(stage):
    assert not waits_to_go(order(stage), [], NOWHERE)


def test_a_pick_up_deal_and_an_open_case_wait_for_nothing():
    paid = order(Stage.PAID)
    assert not waits_to_go(replace(paid, pickup=True), [], NOWHERE)
    assert not waits_to_go(paid, [case(CaseKind.BEFORE_SHIPMENT, of=paid.id)], NOWHERE)
    assert waits_to_go(paid, [case(CaseKind.BEFORE_SHIPMENT, of="oother")], NOWHERE)


def test_it_is_one_word_a_day_and_none_where_nothing_waits():
    paid = order(Stage.PAID)
    keys = {
        hand_in_soon("main", [paid], moment=at(MONDAY, 17), at=at(MONDAY, 15, minute)).key
        for minute in (0, 59)
    }
    assert keys == {"main/hand_in_soon/2026-11-09"}
    assert hand_in_soon("main", [], moment=at(MONDAY, 17), at=at(MONDAY, 15)) is None


def test_the_one_that_has_waited_longest_comes_first():
    new, old = order(Stage.PAID, "b"), order(Stage.PAID, "a")
    old = replace(old, stage_at=new.stage_at - timedelta(days=4))
    assert longest_first([new, old]) == (old, new)


@pytest.mark.parametrize(
    ("paid_at", "days"),
    [((8, 23, 59), 1), ((9, 0, 1), 0), ((1, 12, 0), 8), ((10, 12, 0), 0)],
)
def test_days_of_waiting_are_counted_on_a_german_calendar(paid_at, days):
    day, hour, minute = paid_at
    paid = replace(order(Stage.PAID), stage_at=at(date(2026, 11, day), hour, minute))
    assert days_waiting(paid, now=at(MONDAY, 0, 30)) == days
