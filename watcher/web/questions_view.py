"""Questions that wait and own answer times, as the dashboard shows them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from watcher.domain.own_answers import AnswerFigure, OwnAnswers
from watcher.domain.question import Question
from watcher.pages.addresses import message_box
from watcher.texts.question_words import (
    age_words,
    hour_words,
    median_words,
    rough_words,
    weekday_words,
    whole_words,
)
from watcher.web.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One question that waits."""

    question: Question
    age: str
    url: str
    """Where it is answered: the site's own page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """How long the answers of one weekday or hour took."""

    name: str
    median: str
    count: int
    minutes: int | None
    """`None`: too few to say, and no bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersView:
    """The own answer times in words."""

    whole: str
    rough: str
    is_told: bool
    """Whether there are enough to say anything."""
    by_weekday: Sequence[FigureRow]
    by_hour: Sequence[FigureRow]


def waiting_views(questions: Iterable[Question], desk: Desk) -> list[QuestionView]:
    """Return questions in words."""
    at, base = desk.clock(), desk.config.site.base_url
    return [
        QuestionView(question=each, age=age_words(each, now=at), url=message_box(base, each.conversation))
        for each in questions
    ]


def answers_view(told: OwnAnswers) -> AnswersView:
    """Return the own answer times in words."""
    return AnswersView(
        whole=whole_words(told),
        rough=rough_words(told),
        is_told=told.whole.median is not None,
        by_weekday=_rows(told.by_weekday, weekday_words),
        by_hour=_rows(told.by_hour, hour_words),
    )


def _rows(figures: Iterable[AnswerFigure], name: Callable[[AnswerFigure], str]) -> tuple[FigureRow, ...]:
    return tuple(
        FigureRow(
            name=name(each),
            median=median_words(each),
            count=each.count,
            minutes=None if each.median is None else max(round(each.median.total_seconds() / 60), 1),
        )
        for each in figures
    )
