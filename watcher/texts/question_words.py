"""Questions that wait and own answer times, in words."""

from datetime import datetime, timedelta

from watcher.domain.figure import Topic
from watcher.domain.own_answers import ENOUGH, AnswerFigure, OwnAnswers
from watcher.domain.question import OLD, Question
from watcher.texts.insight_names import row_name
from watcher.texts.insight_words import day_words
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import BERLIN, lasting

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_EXACT_BELOW = 10
"""From ten on, half an hour or half a day more says nothing."""


def title_words(question: Question) -> str:
    """Return what the question is about."""
    return question.title or _("(no title)")


def buyer_words(question: Question) -> str:
    """Return who asked."""
    return question.buyer or _("name not known")


def age_words(question: Question, *, now: datetime) -> str:
    """Return for how long a question has waited: "for 5 hours"."""
    return _("for {span}").format(span=lasting(now - question.asked_at, language=current()))


def span_words(span: timedelta) -> str:
    """Write how long an answer took: `12 min`, `1,5 h`, `2,3 Tage`."""
    if span < _HOUR:
        return _("{number} min").format(number=max(round(span.total_seconds() / 60), 1))
    if span < 2 * _DAY:
        return _("{number} h").format(number=_number(span / _HOUR))
    return _("{number} days").format(number=_number(span / _DAY))


def median_words(figure: AnswerFigure) -> str:
    """Return a median, or that there are too few to say."""
    return _("too few to say") if figure.median is None else span_words(figure.median)


def count_words(figure: AnswerFigure) -> str:
    """Return the count behind a median."""
    return ngettext("{count} answer", "{count} answers", figure.count).format(count=figure.count)


def weekday_words(figure: AnswerFigure) -> str:
    """Return the weekday at which was asked."""
    return row_name(Topic.WEEKDAY, str(figure.key))


def hour_words(figure: AnswerFigure) -> str:
    """Return the hour in which was asked: `18-19 Uhr`."""
    return _("{begin}–{end} h").format(begin=figure.key, end=figure.key + 1)


def whole_words(told: OwnAnswers) -> str:
    """Say how soon the seller answers, of how many answers and from when on; or that nothing is known yet."""
    if told.since is None:
        return _(
            "No answer of yours is known yet. They come with the conversations that Stornowacht opens anyway."
        )
    since = day_words(told.since.astimezone(BERLIN).date())
    if told.whole.median is None:
        return _("{count} so far, since {day}: too few to say how soon you answer.").format(
            count=count_words(told.whole), day=since
        )
    return _("Half of your answers came within {span} ({count} since {day}).").format(
        span=span_words(told.whole.median), count=count_words(told.whole), day=since
    )


def rough_words(told: OwnAnswers) -> str:
    """Say how many answers were only seen between two looks; nothing where all are exact."""
    rough = told.whole.count - told.exact
    if not rough:
        return ""
    return ngettext(
        "{count} of them was only seen in the list: its time is rough.",
        "{count} of them were only seen in the list: their times are rough.",
        rough,
    ).format(count=rough)


def fine_print() -> str:
    """Say how the figures are meant."""
    return _(
        "Median from the first unanswered message to your answer, nights included, by when you were asked. Below {enough} answers "
        "none is told. Only what Stornowacht has seen counts, and no answer after more than {days} days."
    ).format(enough=ENOUGH, days=OLD.days)


def waiting_line(count: int, oldest: Question | None, *, now: datetime) -> str:
    """Say that questions wait, and for how long the first has: one line."""
    words = ngettext(
        "{count} question waits for your answer", "{count} questions wait for your answer", count
    ).format(count=count)
    if oldest is None:
        return words
    return _("{words}, the oldest {age}").format(words=words, age=age_words(oldest, now=now))


def _number(amount: float) -> str:
    """Write a number with one digit behind the point, where that says something."""
    shown = f"{amount:.1f}" if amount < _EXACT_BELOW else f"{amount:.0f}"
    shown = shown.removesuffix(".0")
    return shown.replace(".", ",") if current() == "de" else shown
