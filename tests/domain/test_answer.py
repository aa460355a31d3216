"""How long a source is left alone after what it answered."""

from datetime import timedelta

import pytest

from watcher.domain.answer import Answer, SourceProblem, rest_after


def test_after_an_answer_without_a_problem_nobody_waits() -> None:
    assert rest_after(Answer()) is None


@pytest.mark.parametrize("problem", [SourceProblem.KEY_REFUSED, SourceProblem.QUOTA_SPENT])
def test_a_refused_key_and_a_used_up_quota_are_not_tried_again_soon(problem: SourceProblem) -> None:
    rest = rest_after(Answer(problem=problem))
    assert rest is not None
    assert rest >= timedelta(hours=1)


@pytest.mark.parametrize(
    ("asked_for", "rest"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=900), timedelta(days=1)),
    ],
)
def test_the_sources_own_wish_is_kept_within_reason(asked_for: timedelta, rest: timedelta) -> None:
    assert rest_after(Answer(problem=SourceProblem.QUOTA_SPENT, retry_after=asked_for)) == rest


def test_a_number_that_is_not_known_keeps_no_other_parcel_waiting() -> None:
    assert rest_after(Answer(problem=SourceProblem.NOT_FOUND)) is None
    assert rest_after(Answer(problem=SourceProblem.NOT_UNDERSTOOD)) is None
