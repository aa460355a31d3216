"""How soon the seller answers: medians with their counts, and nothing below six."""

from datetime import UTC, datetime, timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from watcher.domain.own_answers import ENOUGH, own_answers
from watcher.domain.question import AnswerTime

MONDAY = datetime(2026, 11, 9, 17, 30, tzinfo=UTC)
"""Half past six in the evening in Germany."""


def took(minutes: float, asked_at: datetime = MONDAY, *, exact: bool = True) -> AnswerTime:
    return AnswerTime(
        account="main",
        conversation="a:b:c",
        asked_at=asked_at,
        answered_at=asked_at + timedelta(minutes=minutes),
        exact=exact,
    )


def test_half_of_the_answers_come_within_the_median() -> None:
    told = own_answers(took(minutes) for minutes in (600, 5, 10, 20, 30, 40, 50))
    assert told.whole.median == timedelta(minutes=30)
    assert (told.whole.count, told.exact, told.since) == (7, 7, MONDAY)


def test_below_six_nothing_is_said_but_the_count() -> None:
    told = own_answers([took(5)] * (ENOUGH - 1))
    assert (told.whole.count, told.whole.median) == (ENOUGH - 1, None)


def test_they_are_sorted_by_the_german_weekday_and_hour_of_the_question() -> None:
    night = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)  # Tuesday, half past midnight
    told = own_answers([*[took(10)] * 6, took(99, night, exact=False)])
    assert [(each.key, each.count, each.median) for each in told.by_weekday] == [
        (0, 6, timedelta(minutes=10)),
        (1, 1, None),
    ]
    assert [(each.key, each.count) for each in told.by_hour] == [(0, 1), (18, 6)]
    assert told.exact == 6


def test_of_no_answers_nothing_is_said() -> None:
    told = own_answers([])
    assert (told.since, told.whole.count, told.whole.median, told.by_weekday, told.by_hour) == (
        None,
        0,
        None,
        (),
        (),
    )


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=40))
def test_every_answer_is_in_one_weekday_and_one_hour(spans: list[tuple[int, int]]) -> None:
    times = [took(minutes, MONDAY + timedelta(minutes=begins)) for minutes, begins in spans]
    told = own_answers(times)
    assert (
        sum(each.count for each in told.by_weekday) == sum(each.count for each in told.by_hour) == len(times)
    )
    for each in (*told.by_weekday, *told.by_hour, told.whole):
        assert (each.median is not None) is (each.count >= ENOUGH)
    if len(times) >= ENOUGH:
        assert told.whole.median == timedelta(seconds=median(each.took.total_seconds() for each in times))
