"""How soon the seller answers: the median, in all and by the weekday and the hour at which was asked.

Each figure has its count, and below `ENOUGH` none is told. Nights count like days: it is how long the buyer waited.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from watcher.domain.budget import BERLIN
from watcher.domain.question import AnswerTime

ENOUGH = 6
"""Below that, no median is told. With six, the true one lies between the shortest and the longest in 97 of 100 cases
(1 - 2 x 0.5^6); with five it is below the usual 95."""
DAYS, HOURS = 7, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigure:
    """How long the answers of one group took."""

    key: int
    """The weekday (0 is Monday) or the hour, on a German clock; 0 for all together."""
    count: int
    median: timedelta | None
    """`None`: there are too few to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswers:
    """Everything that is said about the seller's own answers."""

    since: datetime | None
    """When the first of these questions was asked."""
    whole: AnswerFigure
    exact: int
    """How many are known from the messages themselves."""
    by_weekday: tuple[AnswerFigure, ...]
    by_hour: tuple[AnswerFigure, ...]


def own_answers(times: Iterable[AnswerTime]) -> OwnAnswers:
    """Return what these answers tell; weekdays and hours at which nobody asked have no row."""
    known = list(times)
    return OwnAnswers(
        since=min((each.asked_at for each in known), default=None),
        whole=_figure(0, known),
        exact=sum(each.exact for each in known),
        by_weekday=_grouped(known, range(DAYS), lambda at: at.weekday()),
        by_hour=_grouped(known, range(HOURS), lambda at: at.hour),
    )


def _grouped(
    known: Sequence[AnswerTime], keys: Iterable[int], key_of: Callable[[datetime], int]
) -> tuple[AnswerFigure, ...]:
    groups: dict[int, list[AnswerTime]] = {key: [] for key in keys}
    for each in known:
        groups[key_of(each.asked_at.astimezone(BERLIN))].append(each)
    return tuple(_figure(key, group) for key, group in groups.items() if group)


def _figure(key: int, group: Sequence[AnswerTime]) -> AnswerFigure:
    return AnswerFigure(
        key=key,
        count=len(group),
        median=_median(group) if len(group) >= ENOUGH else None,
    )


def _median(group: Sequence[AnswerTime]) -> timedelta:
    return timedelta(seconds=median(each.took.total_seconds() for each in group))
