"""A summary comes at its time, once, by day; what it says is counted, not guessed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from tests.support.every import every
from tests.support.values import CASE, ORDER
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.stage import Stage
from watcher.domain.summary import SummaryEvery, SummaryPlan, last_slot, summarise, summary_due

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
"""Eight o'clock in Germany."""
WEEKLY = SummaryPlan()
DAILY = SummaryPlan(every=SummaryEvery.DAILY)
LONG_AGO = MONDAY - timedelta(days=100)


def key(plan: SummaryPlan, now: datetime, *, since: datetime | None = LONG_AGO) -> str | None:
    alert = summary_due(plan, watched_since=since, account="main", now=now)
    return alert.key if alert else None


@every("days", range(7))
def test_the_weekly_one_comes_on_monday_and_stays_the_same_all_week(days: int) -> None:
    assert key(WEEKLY, MONDAY + timedelta(days=days)) == "summary/weekly/2026-11-23"
    assert key(WEEKLY, MONDAY - timedelta(minutes=1)) in {None, "summary/weekly/2026-11-16"}


def test_the_daily_one_has_a_key_of_its_own_each_day() -> None:
    keys = {key(DAILY, MONDAY + timedelta(days=days)) for days in range(7)}
    assert len(keys) == 7


def test_at_night_nobody_is_told_and_in_the_morning_everybody() -> None:
    early = SummaryPlan(every=SummaryEvery.DAILY, at=time(3))
    assert key(early, datetime(2026, 11, 23, 2, 30, tzinfo=UTC)) is None
    assert key(early, MONDAY + timedelta(hours=2)) == "summary/daily/2026-11-23"


def test_there_is_none_for_a_time_before_anybody_watched() -> None:
    assert key(WEEKLY, MONDAY + timedelta(days=2), since=MONDAY + timedelta(days=1)) is None
    assert key(WEEKLY, MONDAY, since=None) is None
    assert key(SummaryPlan(every=SummaryEvery.NEVER), MONDAY) is None


def test_a_first_summary_begins_where_watching_began() -> None:
    began = MONDAY - timedelta(days=2)
    alert = summary_due(WEEKLY, watched_since=began, account="main", now=MONDAY)
    assert alert is not None
    assert dict(alert.details)["since"] == began.isoformat()


def test_the_german_clock_counts_on_both_sides_of_its_change() -> None:
    summer = datetime(2026, 3, 29, 9, tzinfo=UTC)  # the clocks went forward this night
    assert last_slot(DAILY, now=summer) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert last_slot(DAILY, now=summer - timedelta(days=1)) == datetime(2026, 3, 28, 7, tzinfo=UTC)


def test_what_waits_for_the_seller_is_told_with_what_is_due_first() -> None:
    late = replace(CASE, id="late", steps=(replace(CASE.steps[0], due_at=MONDAY + timedelta(days=1)),))
    soon = replace(CASE, id="soon", steps=(replace(CASE.steps[0], due_at=MONDAY),))
    closed = replace(soon, id="closed", closed_at=MONDAY)
    summary = summarise(
        since=LONG_AGO,
        orders=[ORDER],
        cases=[late, closed, soon],
        good_checks=3,
        bad_checks=1,
        channels=[ChannelHealth(channel="email")],
    )
    assert [waiting.case.id for waiting in summary.steps] == ["soon", "late"]


def test_what_ended_long_ago_is_no_news() -> None:
    running = replace(ORDER, stage=Stage.SHIPPED)
    ended = replace(ORDER, stage=Stage.PAID_OUT, stage_at=MONDAY)
    old = replace(ended, stage_at=LONG_AGO)
    summary = summarise(
        since=MONDAY - timedelta(days=7),
        orders=[running, running, ended, old],
        cases=[],
        good_checks=0,
        bad_checks=0,
        channels=[],
    )
    assert (summary.stages, summary.ended) == ({Stage.SHIPPED: 2}, {Stage.PAID_OUT: 1})
