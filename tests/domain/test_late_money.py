"""Pay-outs and confirmations that should have come by now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import case, order, steady
from tests.support.every import every
from watcher.domain.alert import AlertKind
from watcher.domain.confidence import Confidence
from watcher.domain.late_money import late_money, still_late
from watcher.domain.money import CONFIRMED_WITHIN, PAYOUT_WITHIN
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, is_by_day

SINCE = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
"""A Monday at noon in Germany."""
MINUTE = timedelta(minutes=1)


def sale(stage: Stage, *, since: datetime = SINCE, seen: datetime, **known: object) -> Order:
    """An order that stands so since then, first seen a week earlier."""
    known = {"stage_at": since, "first_seen_at": since - timedelta(days=7), "last_seen_at": seen, **known}
    return replace(order(stage, "offer"), **known)  # type: ignore[arg-type]


def told(one: Order, at: datetime, *, watched_since: datetime | None = SINCE - timedelta(days=90)):
    return late_money(one, None, watched_since=watched_since, now=at)


@pytest.mark.parametrize(
    ("stage", "within", "waits_for"),
    [(Stage.RECEIVED, PAYOUT_WITHIN, "payout"), (Stage.DELIVERED, CONFIRMED_WITHIN, "confirmation")],
)
def test_money_is_told_as_late_once_its_time_is_over(stage, within, waits_for):
    due = SINCE + within
    assert told(sale(stage, seen=due - MINUTE), due - MINUTE) is None
    alert = told(sale(stage, seen=due), due)
    assert alert.kind is AlertKind.PAYOUT_OVERDUE
    assert dict(alert.details) == {"waits_for": waits_for, "since": due.isoformat()}
    later = due + timedelta(days=3)
    assert told(sale(stage, seen=later), later).key == alert.key


@every("stage", sorted(set(Stage) - {Stage.RECEIVED, Stage.DELIVERED}))
def test_no_other_stage_waits_for_money_in_this_sense(stage):
    late = SINCE + timedelta(days=60)
    assert told(sale(stage, seen=late), late) is None


def test_what_happened_while_nobody_looked_is_not_guessed():
    due = SINCE + PAYOUT_WITHIN
    assert told(sale(Stage.RECEIVED, seen=due - MINUTE), due + timedelta(days=40)) is None


def test_money_is_no_matter_of_the_night():
    due = SINCE + PAYOUT_WITHIN
    night = due.replace(hour=23)
    assert told(sale(Stage.RECEIVED, seen=night), night) is None


def test_within_an_open_case_the_case_says_it():
    due = SINCE + timedelta(days=30)
    one, its_case = sale(Stage.DELIVERED, seen=due), case(CaseKind.AFTER_DELIVERY)
    assert late_money(one, its_case, watched_since=SINCE, now=due) is None


def test_what_nobody_is_sure_of_is_not_told():
    due = SINCE + timedelta(days=30)
    assert told(sale(Stage.RECEIVED, seen=due, confidence=Confidence.UNSURE), due) is None


@pytest.mark.parametrize(
    ("days_before", "is_told"), [(30, False), (4, False), (2, True), (0, True), (-5, True)]
)
def test_a_first_check_tells_of_what_has_just_come_due_and_not_of_old_sales(days_before, is_told):
    due = SINCE + PAYOUT_WITHIN
    watched_since = due + timedelta(days=days_before)
    at = max(due, watched_since)
    assert (told(sale(Stage.RECEIVED, seen=at), at, watched_since=watched_since) is not None) is is_told


def test_twenty_old_sales_without_a_date_are_not_told_two_weeks_after_the_first_check():
    """The page did not say since when: what is remembered is the moment of the first check."""
    first = SINCE
    at = first + CONFIRMED_WITHIN + timedelta(days=1)
    old = sale(Stage.DELIVERED, seen=at, since=first, first_seen_at=first)
    assert told(old, at, watched_since=first) is None
    new = replace(old, first_seen_at=first - timedelta(days=5), stage_at=first)
    assert told(new, at, watched_since=first - timedelta(days=9)) is not None


def test_an_account_that_was_never_checked_has_no_late_money():
    due = SINCE + timedelta(days=30)
    assert told(sale(Stage.RECEIVED, seen=due), due, watched_since=None) is None


def test_money_that_has_moved_meanwhile_is_not_late_any_more():
    at = SINCE + timedelta(days=30)
    assert still_late(sale(Stage.RECEIVED, seen=at), None, waits_for="payout", now=at)
    assert not still_late(sale(Stage.RECEIVED, seen=at), None, waits_for="confirmation", now=at)
    assert not still_late(sale(Stage.PAID_OUT, seen=at), None, waits_for="payout", now=at)


_year = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
_days = st.timedeltas(timedelta(days=-20), timedelta(days=40))


@steady
@given(
    stage=st.sampled_from([Stage.RECEIVED, Stage.DELIVERED]),
    since=_year,
    apart=st.tuples(_days, _days, _days, _days),
)
def test_in_any_order_of_moments_one_sale_is_one_word_by_day_and_seen_so(stage, since, apart):
    first, seen, watched, now = (since + span for span in apart)
    alert = late_money(
        sale(stage, since=since, seen=seen, first_seen_at=first), None, watched_since=watched, now=now
    )
    if alert is not None:
        assert is_by_day(now)
        assert datetime.fromisoformat(dict(alert.details)["since"]) <= min(now, seen)
        assert alert.key.endswith(f"/payout_overdue/{dict(alert.details)['waits_for']}")
