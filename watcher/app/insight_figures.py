"""Figures for other programs: JSON for scripts, CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from watcher.domain.figure import INTERCEPTS, Figure, Row
from watcher.domain.insights import Insights
from watcher.domain.loss import Spread
from watcher.domain.rate import ENOUGH, Rate
from watcher.texts.insight_names import row_name
from watcher.texts.language import current
from watcher.texts.names import reason_name

Json = dict[str, Any]
COLUMNS = (
    "figure", "group", "name", "hits", "of", "share", "low", "high", "open", "unknown", "found", "cents", "days",
    "median_days",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet would compute instead of show (OWASP, "CSV Injection")."""


def figures_json(told: Insights) -> Json:
    """Return the figures; a rate of too few is null, its count is not."""
    loss = told.loss
    return {
        "since": _time(told.since),
        "until": _time(told.until),
        "enough": ENOUGH,
        "cancelled": _rate_json(told.cancelled),
        "under_way": told.under_way,
        "reasons": [
            {"reason": row.reason.value, "named": row.named, "found": row.found} for row in told.reasons
        ],
        "no_reason": told.no_reason,
        "figures": {figure.topic.value: _figure_json(figure) for figure in told.figures},
        "loss": {
            "price_cents": loss.price_cents,
            "priced": loss.priced,
            "own_costs_cents": loss.own_costs_cents,
            "with_own_costs": loss.with_own_costs,
            "open_costs_cents": loss.open_costs_cents,
            "with_open_costs": loss.with_open_costs,
            "missing_cents": loss.missing_cents,
            "missing": loss.missing,
            "bound": _spread_json(loss.bound),
            "handling": _spread_json(loss.handling),
        },
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _figure_json(figure: Figure) -> Json:
    return {
        "rows": [_row_json(figure, row) for row in figure.rows],
        "unknown": figure.unknown,
        "differences": [{"more": more.key, "less": less.key} for more, less in figure.differences],
    }


def _row_json(figure: Figure, row: Row) -> Json:
    told = {"key": row.key, **_rate_json(row.rate)}
    return {**told, "open": row.open, "unknown": row.unknown} if figure.topic in INTERCEPTS else told


def _rate_json(rate: Rate) -> Json:
    low, high = rate.interval
    return {
        "hits": rate.hits,
        "of": rate.of,
        "share": round(rate.share, 4) if rate.is_enough else None,
        "low": round(low, 4) if rate.is_enough else None,
        "high": round(high, 4) if rate.is_enough else None,
    }


def _spread_json(spread: Spread) -> Json:
    median = None if spread.median_days is None else round(spread.median_days, 2)
    return {"count": spread.count, "total_days": round(spread.total_days, 2), "median_days": median}


def as_csv(told: Insights) -> str:
    """Return the figures as a table (RFC 4180); no cell begins so that a spreadsheet would compute it."""
    return _table(told, delimiter=",", point=".")


def as_spreadsheet(told: Insights) -> str:
    """Return the same table as a spreadsheet of the language in force opens it: a German one parts cells by semicolons."""
    is_german = current() == "de"
    return _table(told, delimiter=";" if is_german else ",", point="," if is_german else ".")


def _table(told: Insights, *, delimiter: str, point: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter=delimiter)
    writer.writeheader()
    for line in _lines(told):
        writer.writerow({name: _cell(value, point=point) for name, value in line.items()})
    return out.getvalue()


def _lines(told: Insights) -> Iterator[Json]:
    yield {"figure": "cancelled", **_numbers(told.cancelled), "open": told.under_way}
    for row in told.reasons:
        name = reason_name(row.reason, language=current())
        yield {
            "figure": "reason",
            "group": row.reason.value,
            "name": name,
            "hits": row.named,
            "of": told.cancelled.hits,
            "found": row.found,
        }
    yield {"figure": "no_reason", "hits": told.no_reason, "of": told.cancelled.hits}
    for figure in told.figures:
        for each in figure.rows:
            line = {
                "figure": figure.topic.value,
                "group": each.key,
                "name": row_name(figure.topic, each.key),
                **_numbers(each.rate),
            }
            attempts = {"open": each.open, "unknown": each.unknown} if figure.topic in INTERCEPTS else {}
            yield {**line, **attempts}
        if figure.unknown:
            yield {"figure": figure.topic.value, "group": "", "unknown": figure.unknown}
    yield from _loss_lines(told)


def _loss_lines(told: Insights) -> Iterator[Json]:
    loss = told.loss
    for name, count, cents in (
        ("price", loss.priced, loss.price_cents),
        ("own_costs", loss.with_own_costs, loss.own_costs_cents),
        ("open_costs", loss.with_open_costs, loss.open_costs_cents),
        ("missing", loss.missing, loss.missing_cents),
    ):
        yield {"figure": "loss", "group": name, "hits": count, "of": told.cancelled.hits, "cents": cents}
    for name, spread in (("bound", loss.bound), ("handling", loss.handling)):
        yield {
            "figure": "loss",
            "group": name,
            "hits": spread.count,
            "of": told.cancelled.hits,
            **{key: value for key, value in _spread_json(spread).items() if key == "median_days"},
            "days": round(spread.total_days, 2),
        }


def _numbers(rate: Rate) -> Json:
    return {name: "" if value is None else value for name, value in _rate_json(rate).items()}


def _cell(value: object, *, point: str) -> object:
    """Return a value as a cell; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, str):
        text = "".join(char if char.isprintable() else " " for char in value)
        return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
    if isinstance(value, float):
        return str(value).replace(".", point)
    return "" if value is None else value
