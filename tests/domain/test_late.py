"""What comes too late says so, and many of it become one message."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.domain.samples import NOW
from watcher.domain.alert import Alert, AlertKind, Wakes
from watcher.domain.budget import BERLIN
from watcher.domain.late import Entry, by_urgency, digest, entries, is_late, useful_until
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours

NIGHT = QuietHours(hours=(time(22), time(7)))
ALERT = Alert(key="k1", kind=AlertKind.ORDER_UNKNOWN, account="main", at=NOW, order="o1")
CRITICAL = replace(ALERT, key="k2", kind=AlertKind.CASE_OPENED, critical=True, case="c1")


def test_a_critical_alert_is_news_for_an_hour_and_an_ordinary_one_for_a_day():
    assert useful_until(CRITICAL, NEVER_QUIET) == NOW + timedelta(hours=1)
    assert useful_until(ALERT, NEVER_QUIET) == NOW + timedelta(days=1)
    assert not is_late(CRITICAL, NEVER_QUIET, now=NOW + timedelta(hours=1))
    assert is_late(CRITICAL, NEVER_QUIET, now=NOW + timedelta(hours=1, seconds=1))


def test_a_deadline_of_its_own_comes_first():
    closes = NOW + timedelta(hours=3)
    tonight = replace(ALERT, kind=AlertKind.NIGHT_WATCH, details=(("closes", closes.isoformat()),))
    assert useful_until(tonight, NEVER_QUIET) == closes


@pytest.mark.parametrize("end", ["", "soon", "2026-11-22T12:00:00"])
def test_a_deadline_that_cannot_be_read_does_not_count(end):
    odd = replace(ALERT, details=(("until", end),))
    assert useful_until(odd, NEVER_QUIET) == NOW + timedelta(days=1)


def test_what_quiet_hours_held_back_is_not_late_in_the_morning():
    night = datetime(2026, 11, 24, 23, tzinfo=BERLIN).astimezone(UTC)
    held = replace(CRITICAL, at=night)
    assert not is_late(held, NIGHT, now=night + timedelta(hours=8, minutes=5))
    assert is_late(replace(held, wakes=Wakes.WINDOW_CLOSES), NIGHT, now=night + timedelta(hours=2))


def test_of_a_case_a_digest_tells_the_last_round_alone_and_the_urgent_first():
    rounds = [
        replace(
            CRITICAL, key=f"c1/{n}", kind=AlertKind.CASE_REMINDER, round=n, at=NOW + timedelta(minutes=30 * n)
        )
        for n in range(1, 5)
    ]
    told = by_urgency([ALERT, CRITICAL, *rounds])
    assert [one.key for one in told] == ["c1/4", "k1"]


def test_a_digest_is_as_loud_as_the_loudest_in_it():
    one = digest("email", [ALERT, replace(CRITICAL, wakes=Wakes.PLACE_UNKNOWN)], at=NOW)
    assert (one.kind, one.critical, one.wakes) == (AlertKind.DIGEST, True, Wakes.PLACE_UNKNOWN)
    assert entries(one) == (
        Entry(at=NOW, kind=AlertKind.CASE_OPENED, order="o1", case="c1"),
        Entry(at=NOW, kind=AlertKind.ORDER_UNKNOWN, order="o1", case=None),
    )


def test_a_digest_that_came_too_late_itself_is_taken_apart():
    first = digest("email", [ALERT, CRITICAL], at=NOW)
    other = replace(ALERT, key="k9", order="o9")
    second = digest("email", [first, other], at=NOW + timedelta(days=2))
    assert sorted(entry.order or "" for entry in entries(second)) == ["o1", "o1", "o9"]


def test_lines_that_cannot_be_read_are_left_out():
    odd = replace(ALERT, kind=AlertKind.DIGEST, details=(("entry", "a b c"), ("entry", "x nonsense - -")))
    assert entries(odd) == ()
