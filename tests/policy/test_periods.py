"""When periods end: in elapsed time, whatever the clocks do, and never surer than the source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.rooms import CASE_RULES
from tests.support.values import CASE, ORDER
from watcher.app.case_book import circumstances_of
from watcher.domain.confidence import Confidence
from watcher.domain.playbook import plan
from watcher.domain.situation import situation_of
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.policy.periods import agree_until, confirm_until, due, problem_until, release_at
from watcher.policy.rules import rule_named, rules

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
moments = st.datetimes(
    datetime(1, 1, 1),
    datetime(9999, 12, 31, 23, 59),
    timezones=st.one_of(
        st.just(UTC),
        st.just(BERLIN),
        st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    ),
)


@pytest.mark.parametrize(
    ("period", "length", "certainty"),
    [
        (confirm_until, timedelta(hours=48), Confidence.LIKELY),
        (problem_until, timedelta(days=14), Confidence.LIKELY),
        (agree_until, timedelta(days=5), Confidence.LIKELY),
        (release_at, timedelta(days=14), Confidence.UNSURE),
    ],
)
def test_a_period_ends_after_what_the_source_says_and_is_no_surer(period, length, certainty) -> None:  # type: ignore[no-untyped-def]
    ends = period(NOON)
    assert ends.at == NOON + length
    assert ends.certainty is certainty
    assert ends.rule.fact.source


@pytest.mark.parametrize(
    ("paid", "ends"),
    [
        ("2027-03-27 12:00", "2027-03-29 13:00"),  # the night is an hour shorter
        ("2026-10-24 12:00", "2026-10-26 11:00"),  # the night is an hour longer
        ("2026-11-22 12:00", "2026-11-24 12:00"),
        ("2026-12-31 08:00", "2027-01-02 08:00"),
    ],
)
def test_48_hours_are_48_hours_when_the_clocks_change(paid: str, ends: str) -> None:
    paid_at = datetime.fromisoformat(paid).replace(tzinfo=BERLIN)
    assert confirm_until(paid_at).at.astimezone(BERLIN).replace(tzinfo=None) == datetime.fromisoformat(ends)


def test_a_day_is_24_hours_since_no_source_says_otherwise() -> None:
    reported = datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN)
    ends = agree_until(reported).at
    assert ends - reported.astimezone(UTC) == timedelta(hours=5 * 24)
    assert ends.astimezone(BERLIN).hour == 11


@pytest.mark.parametrize("fold", [0, 1])
def test_both_half_past_twos_of_the_long_night_are_told_apart(fold: int) -> None:
    paid_at = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold)
    assert confirm_until(paid_at).at == datetime(2026, 10, 27, fold, 30, tzinfo=UTC)


@settings(derandomize=True, deadline=None)
@given(moments)
def test_any_moment_has_an_end_that_can_be_shown_and_never_comes_too_early(since: datetime) -> None:
    for period in (agree_until, problem_until, confirm_until, release_at):
        ends = period(since).at
        assert ends.utcoffset() == timedelta(0)
        assert ends.astimezone(BERLIN)
        assert ends.astimezone(timezone(timedelta(hours=14)))


def test_what_ends_after_the_calendar_ends_with_it() -> None:
    assert agree_until(datetime.max.replace(tzinfo=UTC)).at.year == 9999


def test_only_rules_with_a_period_have_an_end() -> None:
    for rule in rules():
        assert (due(rule, since=NOON) is None) is (rule.period is None)


def test_a_moment_without_a_zone_is_refused() -> None:
    for period in (agree_until, problem_until, confirm_until, release_at):
        with pytest.raises(ValueError, match="time zone"):
            period(datetime(2026, 11, 22))
    with pytest.raises(ValueError, match="time zone"):
        due(rule_named("report_problem"), since=datetime(2026, 11, 22))


def test_a_dispute_is_planned_by_the_policys_time_to_agree() -> None:
    disputed = replace(ORDER, stage=Stage.DISPUTED, stage_at=NOON)
    around = circumstances_of(disputed, (), (), rules=CASE_RULES, at=NOON)
    case = replace(CASE, kind=CaseKind.DISPUTED, steps=())
    steps = {step.id: step for step in plan(situation_of(case, disputed, around, at=NOON))}
    ends = agree_until(NOON)
    assert (steps["agree_or_escalate"].due_at, steps["agree_or_escalate"].certainty) == (
        ends.at,
        ends.certainty,
    )


def test_a_report_that_is_seen_late_is_due_at_once_and_never_in_the_past() -> None:
    disputed = replace(ORDER, stage=Stage.DISPUTED, stage_at=NOON)
    later = NOON + timedelta(days=30)
    around = circumstances_of(disputed, (), (), rules=CASE_RULES, at=later)
    case = replace(CASE, kind=CaseKind.DISPUTED, steps=())
    steps = {step.id: step for step in plan(situation_of(case, disputed, around, at=later))}
    assert steps["agree_or_escalate"].due_at == later


def test_without_a_problem_report_no_rule_says_until_when_to_agree() -> None:
    for stage in set(Stage) - {Stage.DISPUTED}:
        order = replace(ORDER, stage=stage)
        assert circumstances_of(order, (), (), rules=CASE_RULES, at=NOON).agree_by is None
