"""`insights`: what past sales teach, as tables, as JSON, as CSV."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from watcher.app.insight_figures import as_csv, as_spreadsheet, figures_json
from watcher.app.insights import insights, since_when
from watcher.bootstrap import house, now
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    print_json,
    print_table,
    say_beside,
)
from watcher.cli.hints import line_width
from watcher.cli.new_file import write_new
from watcher.domain.figure import INTERCEPTS, Figure, Topic
from watcher.domain.insights import Insights
from watcher.domain.loss import Loss
from watcher.errors import UsageError
from watcher.texts.insight_names import column_name, row_name, topic_note, topic_title
from watcher.texts.insight_words import (
    count_words,
    day_words,
    difference_words,
    fine_print,
    headline,
    interval_words,
    loss_rows,
    rate_words,
    under_way_words,
    unknown_words,
)
from watcher.texts.language import _, current
from watcher.texts.names import reason_name

_MOST_DIFFERENCES = 3


@click.command(
    "insights",
    help=_(
        "What your past sales teach: how many were cancelled, at which stage, why, at what price, with which carrier; what "
        "it cost, and which parcels could be stopped."
    ),
)
@click.option(
    "--since",
    default="1y",
    show_default=True,
    help=_("From when on: 90d, 12w, 6m (months), 1y, a date such as 2026-01-31, or all."),
)
@click.option("--account", help=_("Only this account."))
@click.option(
    "--csv",
    "csv_to",
    metavar="FILE|-",
    help=_("Write the figures into a new file for a spreadsheet; - writes them out."),
)
@config_option
@json_option
def insights_command(
    *, since: str, account: str | None, csv_to: str | None, config_path: Path | None, as_json: bool
) -> int:
    """Show the figures of a stretch of time."""
    if as_json and csv_to == "-":
        raise UsageError(_("--json and --csv - both write out the answer."), advice=_("Choose one of them."))
    config, at = load_config(config_path), now()
    wanted = account_names(config, account)[0] if account is not None else None
    begins = since_when(since, now=at)
    with house(config) as our:
        told = insights(our.store, since=begins, account=wanted, now=at)
    if csv_to == "-":
        click.echo(as_csv(told), nl=False)
        return 0
    if csv_to is not None:
        # With the mark by which spreadsheets know UTF-8.
        write_new(Path(csv_to), as_spreadsheet(told).encode("utf-8-sig"))
        say_beside(_("Written: {path}").format(path=csv_to))
    if as_json:
        print_json(figures_json(told))
    elif csv_to is None:
        _print(told)
    return 0


def _print(told: Insights) -> None:
    for line in _heading(told):
        click.echo(line)
    if not told.cancelled.of:
        return
    if told.cancelled.hits:
        _print_reasons(told)
    for figure in told.figures:
        if figure.topic is not Topic.MONTH or len(figure.rows) > 1:
            _print_figure(figure)
    if told.cancelled.hits:
        _print_loss(told.loss)
    click.echo("\n".join(_wrapped(fine_print())))


def _heading(told: Insights) -> Iterator[str]:
    begins = _("since {day}").format(day=day_words(told.since)) if told.since else _("all that is known")
    yield click.style(_("What your sales teach, {since}").format(since=begins), bold=True)
    yield ""
    yield from _wrapped(headline(told))
    if told.under_way:
        yield from _wrapped(under_way_words(told.under_way))
    yield ""


def _print_reasons(told: Insights) -> None:
    click.secho(_("Why, as far as it is known"), bold=True)
    rows = [
        (reason_name(row.reason, language=current()), str(row.named), str(row.found)) for row in told.reasons
    ]
    rows.append((_("nothing known"), str(told.no_reason), ""))
    print_table((_("Reason"), _("named by you"), _("found in the chat")), rows)
    click.echo()


def _print_figure(figure: Figure) -> None:
    click.secho(topic_title(figure.topic), bold=True)
    click.echo("\n".join(_wrapped(topic_note(figure.topic))))
    is_intercept = figure.topic in INTERCEPTS
    happened = _("came back") if is_intercept else _("cancelled")
    rows = []
    for row in figure.rows:
        cells = (
            row_name(figure.topic, row.key),
            count_words(row.rate),
            rate_words(row.rate),
            interval_words(row.rate),
        )
        rows.append((*cells, str(row.open), str(row.unknown)) if is_intercept else cells)
    columns = (column_name(figure.topic), happened, _("share"), _("range"))
    print_table((*columns, _("still open"), _("not known")) if is_intercept else columns, rows)
    for pair in figure.differences[:_MOST_DIFFERENCES]:
        click.echo("\n".join(_wrapped(difference_words(figure.topic, pair))))
    if figure.unknown:
        click.echo("\n".join(_wrapped(unknown_words(figure.topic, figure.unknown))))
    click.echo()


def _print_loss(loss: Loss) -> None:
    click.secho(_("What it cost"), bold=True)
    print_table(("", _("sum"), _("behind it")), list(loss_rows(loss)))
    click.echo()


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, width=line_width(), break_on_hyphens=False, break_long_words=False)
