"""Figures as the dashboard shows them: each with its count, its range, and the sentence that may be said of it."""

from dataclasses import dataclass

from watcher.domain.figure import INTERCEPTS, Figure, Row, Topic
from watcher.domain.insights import Insights
from watcher.texts.insight_names import column_name, row_name, row_short, topic_note, topic_title
from watcher.texts.insight_words import (
    count_words,
    difference_words,
    headline,
    interval_words,
    loss_rows,
    rate_words,
    rest_words,
    under_way_words,
    unknown_words,
)
from watcher.texts.language import _, current
from watcher.texts.names import reason_name

_CHARTS = {
    Topic.MONTH: "counts",
    Topic.PRICE: "rates",
    Topic.CARRIER: "rates",
    Topic.WEEKDAY: "rates",
    Topic.CATEGORY: "rates",
    Topic.ANSWERS: "rates",
    Topic.BUYER_AGE: "rates",
    Topic.WAITING: "rates",
}
"""Which figures have a chart besides their table, and of which kind."""
_FEWEST_POINTS = 2
"""A chart of one point shows less than its row."""
_MOST_DIFFERENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of a figure's table; a chart reads its numbers from there."""

    name: str
    short: str
    hits: int
    of: int
    count: str
    rate: str
    interval: str
    share: float | None
    """`None` where there are too few to say, and no chart shows it."""
    low: float | None
    high: float | None
    rest: str
    """What else became of attempts: still open, not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One figure: a table, mostly a chart, and what may be said of it."""

    id: str
    title: str
    note: str
    column: str
    happened: str
    """What is counted: cancelled, or came back."""
    chart: str | None
    """`rates`, `counts`."""
    rows: tuple[RowView, ...]
    differences: tuple[str, ...]
    unknown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """How often one reason was named or found."""

    name: str
    named: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightsView:
    """Everything on the page."""

    is_empty: bool
    headline: str
    hits: int
    of: int
    under_way: str
    reasons: tuple[ReasonView, ...]
    no_reason: int
    most: int
    """How often the most frequent reason occurs: the length of a whole bar."""
    figures: tuple[FigureView, ...]
    loss: tuple[tuple[str, str, str], ...]


def insights_view(told: Insights) -> InsightsView:
    """Return the figures in words."""
    reasons = tuple(
        ReasonView(name=reason_name(row.reason, language=current()), named=row.named, found=row.found)
        for row in told.reasons
    )
    return InsightsView(
        is_empty=not told.cancelled.of,
        headline=_tied(headline(told)),
        hits=told.cancelled.hits,
        of=told.cancelled.of,
        under_way=under_way_words(told.under_way) if told.under_way else "",
        reasons=reasons if told.cancelled.hits else (),
        no_reason=told.no_reason,
        most=max([*(row.both for row in told.reasons), told.no_reason, 1]),
        figures=tuple(
            figure_view(figure)
            for figure in told.figures
            if figure.topic is not Topic.MONTH or len(figure.rows) >= _FEWEST_POINTS
        ),
        loss=tuple(loss_rows(told.loss)) if told.cancelled.hits else (),
    )


def figure_view(figure: Figure) -> FigureView:
    """Return one figure in words; it has a chart where more than one point would be in it."""
    topic, rows = figure.topic, tuple(_row(figure.topic, row) for row in figure.rows)
    kind = _CHARTS.get(topic)
    points = len(rows) if kind == "counts" else sum(row.share is not None for row in rows)
    return FigureView(
        id=topic.value,
        title=topic_title(topic),
        note=topic_note(topic),
        column=column_name(topic),
        happened=_("came back") if topic in INTERCEPTS else _("cancelled"),
        chart=kind if points >= _FEWEST_POINTS else None,
        rows=rows,
        differences=tuple(
            _tied(difference_words(topic, pair)) for pair in figure.differences[:_MOST_DIFFERENCES]
        ),
        unknown=unknown_words(topic, figure.unknown) if figure.unknown else "",
    )


def _row(topic: Topic, row: Row) -> RowView:
    rate = row.rate
    low, high = rate.interval
    return RowView(
        name=row_name(topic, row.key),
        short=row_short(topic, row.key),
        hits=rate.hits,
        of=rate.of,
        count=count_words(rate),
        rate=_tied(rate_words(rate)),
        interval=_tied(interval_words(rate)),
        share=round(rate.share, 4) if rate.is_enough else None,
        low=round(low, 4) if rate.is_enough else None,
        high=round(high, 4) if rate.is_enough else None,
        rest=rest_words(row),
    )


def _tied(words: str) -> str:
    """Return words in which no line ends between a number and its sign."""
    return words.replace(" %", "\u00a0%")
