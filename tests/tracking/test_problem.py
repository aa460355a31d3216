"""What is told of a problem, and how long the source is left alone for it."""

from datetime import timedelta

import pytest

from watcher.texts import language
from watcher.tracking.discovery import sources
from watcher.tracking.problem import explained, rest_after
from watcher.tracking.source import Answer, SourceProblem

DHL = sources()["dhl"]


@pytest.mark.parametrize("problem", SourceProblem)
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_problem_has_words_and_a_way_out(problem: SourceProblem, spoken: language.Language) -> None:
    language.use(spoken)
    told = explained(Answer(problem=problem, detail="HTTP 418"), DHL)
    assert told is not None
    assert "DHL" in told.message
    assert told.advice
    assert "{" not in told.message + told.advice


def test_without_a_problem_nothing_is_told() -> None:
    assert explained(Answer(), DHL) is None
    assert rest_after(Answer()) is None


def test_a_refused_key_names_the_place_to_mend_it() -> None:
    told = explained(Answer(problem=SourceProblem.KEY_REFUSED), DHL)
    assert told is not None
    assert "[tracking.dhl]" in told.advice
    assert "developer.dhl.com" in told.advice


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
