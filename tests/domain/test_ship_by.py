"""Until when a parcel should leave: the page's word, else the seller's promise; and the few words about it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.domain.samples import order
from tests.support.every import every
from watcher.carriers.calendar import add_working_days
from watcher.domain.alert import AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.order import Order
from watcher.domain.ship_by import (
    Promise,
    ShipBy,
    ShipByOrigin,
    most_urgent_first,
    ship_by,
    ship_by_near,
    ship_by_over,
)
from watcher.domain.stage import Stage

FRIDAY = date(2026, 11, 13)
"""Two weeks before the last Sunday of the church year; no holiday is near."""


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def end_of(day: date) -> datetime:
    return at(day, 23, 59).replace(second=59)


def promise(days: int, state: str | None = None) -> Promise:
    return Promise(days=days, after=lambda day, count: add_working_days(day, count, state=state))


ON_FRIDAY = at(FRIDAY)


def paid(on: datetime = ON_FRIDAY, **changes: object) -> Order:
    return replace(order(Stage.PAID), stage_at=on, paid_at=on, **changes)


@every(
    ("on", "days", "state", "until"),
    [
        (at(FRIDAY), 1, None, date(2026, 11, 14)),  # a Saturday is a working day
        (at(FRIDAY), 2, None, date(2026, 11, 16)),  # Sunday is none
        (at(FRIDAY, 23, 59), 1, None, date(2026, 11, 14)),
        (
            at(date(2026, 12, 24)),
            1,
            None,
            date(2026, 12, 28),
        ),  # two holidays, one of them a Saturday, and a Sunday
        (at(date(2026, 6, 3)), 1, "BY", date(2026, 6, 5)),  # Corpus Christi
        (at(date(2026, 6, 3)), 1, "BE", date(2026, 6, 4)),
    ],
)
def test_a_promise_is_counted_in_working_days_from_the_day_after_the_payment(
    on: datetime, days: int, state: str | None, until: date
) -> None:
    assert ship_by(paid(on), promise(days, state)) == ShipBy(at=end_of(until), origin=ShipByOrigin.PROMISE)


def test_the_pages_own_date_comes_before_the_promise() -> None:
    named = at(date(2026, 11, 28), 18)
    assert ship_by(paid(ship_by=named), promise(1)) == ShipBy(at=named, origin=ShipByOrigin.PAGE)


def test_nothing_is_known_without_a_date_a_promise_a_payment_or_a_parcel() -> None:
    assert ship_by(paid(), None) is None
    assert ship_by(replace(order(Stage.SHIPPED), paid_at=None), promise(1)) is None
    assert ship_by(paid(pickup=True, ship_by=at(FRIDAY)), promise(1)) is None


def test_a_paid_order_of_which_nobody_told_the_payment_counts_from_since_when_it_stands_so() -> None:
    told = ship_by(replace(paid(), paid_at=None), promise(1))
    assert told is not None
    assert told.day == date(2026, 11, 14)


@every(
    ("now", "left"),
    [
        (at(FRIDAY), 3),
        (at(date(2026, 11, 15), 23, 59), 1),
        (at(date(2026, 11, 16), 0, 1), 0),
        (at(date(2026, 11, 16), 23, 58), 0),
        (at(date(2026, 11, 17), 0, 1), -1),
        (at(date(2026, 11, 20)), -4),
    ],
)
def test_days_are_counted_by_the_german_calendar(now: datetime, left: int) -> None:
    assert ShipBy(at=end_of(date(2026, 11, 16)), origin=ShipByOrigin.PAGE).days_left(now=now) == left


def test_a_day_whose_hour_is_over_is_over() -> None:
    until = ShipBy(at=at(FRIDAY, 12), origin=ShipByOrigin.PAGE)
    assert (until.days_left(now=at(FRIDAY, 11)), until.days_left(now=at(FRIDAY, 13))) == (0, -1)


def test_the_most_urgent_comes_first_and_those_without_a_date_by_their_payment() -> None:
    orders = {
        name: replace(paid(at(FRIDAY) - timedelta(days=ago)), id=name)
        for name, ago in (("late", 1), ("soon", 0), ("old", 9), ("new", 2))
    }
    dates = {
        "late": ShipBy(at=end_of(date(2026, 11, 20)), origin=ShipByOrigin.PAGE),
        "soon": ShipBy(at=end_of(date(2026, 11, 14)), origin=ShipByOrigin.PROMISE),
    }
    assert [each.id for each in most_urgent_first(orders.values(), dates)] == ["soon", "late", "old", "new"]


# --- the words about it

UNTIL = ShipBy(at=end_of(date(2026, 11, 17)), origin=ShipByOrigin.PROMISE)
"""A Tuesday."""


def told_on(day: int, hour: int = 10, month: int = 11) -> datetime:
    return at(date(2026, month, day), hour)


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        (told_on(15), False),
        (told_on(16, 3), False),  # nobody is woken for it
        (told_on(16), True),
        (told_on(17), True),
        (told_on(18), False),
    ],
)
def test_it_is_near_on_its_day_and_on_the_day_before(now: datetime, *, is_told: bool) -> None:
    assert (ship_by_near(paid(), UNTIL, now=now) is not None) is is_told


def test_near_is_one_word_for_each_date() -> None:
    order_ = paid()
    keys = {ship_by_near(order_, UNTIL, now=told_on(day)).key for day in (16, 17)}  # type: ignore[union-attr]
    later = replace(UNTIL, at=UNTIL.at + timedelta(days=1))
    other = ship_by_near(order_, later, now=told_on(17))
    assert len(keys) == 1
    assert other is not None
    assert other.key not in keys


def days_told(nows: list[datetime], *, watched_since: datetime | None = ON_FRIDAY) -> list[int]:
    """On which of these moments it is told, when every word that is due is queued."""
    queued, days = set[str](), []
    for now in nows:
        alert = ship_by_over(
            paid(), UNTIL, was_told=queued.__contains__, watched_since=watched_since, now=now
        )
        if alert is not None and alert.key not in queued:
            assert alert.kind is AlertKind.SHIP_BY_OVER
            queued.add(alert.key)
            days.append(now.astimezone(BERLIN).day)
    return days


def test_that_it_is_over_is_told_three_times_every_two_days() -> None:
    hours = [told_on(15, 0) + timedelta(hours=hour) for hour in range(24 * 16)]
    assert days_told(hours) == [18, 20, 22]


def test_after_a_sleep_two_days_still_lie_between_two_words() -> None:
    assert days_told([told_on(19), told_on(20), told_on(21), told_on(22), told_on(30)]) == [19, 21, 30]


def test_a_date_that_was_over_long_before_the_watch_began_is_no_news() -> None:
    assert days_told([told_on(28)], watched_since=told_on(27)) == []
    assert days_told([told_on(28)], watched_since=None) == []
    assert days_told([told_on(20)], watched_since=told_on(19)) == [20]


def test_near_and_over_are_never_told_on_the_same_day() -> None:
    """Also where the page names an hour."""
    until = ShipBy(at=at(date(2026, 11, 17), 12), origin=ShipByOrigin.PAGE)
    for hour in range(8, 22):
        now = told_on(17, hour)
        assert (
            ship_by_over(paid(), until, was_told=lambda _key: False, watched_since=at(FRIDAY), now=now)
            is None
        )
    assert ship_by_near(paid(), until, now=told_on(17, 11)) is not None
    assert ship_by_near(paid(), until, now=told_on(17, 13)) is None
