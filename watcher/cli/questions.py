"""`questions`: buyers' questions that wait for an answer, and how soon you answered so far."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from watcher.app.questions import Waiting, waiting_questions
from watcher.bootstrap import house, now
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    moment,
    print_json,
    print_table,
)
from watcher.cli.hints import line_width
from watcher.cli.report import Json, time_json
from watcher.domain.own_answers import ENOUGH, AnswerFigure
from watcher.domain.question import Question
from watcher.pages.addresses import message_box
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name
from watcher.texts.question_words import (
    age_words,
    buyer_words,
    fine_print,
    hour_words,
    median_words,
    rough_words,
    title_words,
    weekday_words,
    whole_words,
)


@click.command(
    "questions",
    help=_(
        "Questions of buyers that wait for your answer, and how soon you answered so far. Nothing is visited: it is what the last "
        "looks have seen."
    ),
)
@click.argument("account", required=False)
@config_option
@json_option
def questions_command(*, account: str | None, config_path: Path | None, as_json: bool) -> int:
    """Show what waits, the oldest first."""
    config = load_config(config_path)
    wanted = account_names(config, account)[0] if account is not None else None
    with house(config) as our:
        told = waiting_questions(our.store, wanted, now=now())
    if as_json:
        print_json(_told_json(told, config.site.base_url))
        return 0
    several = wanted is None and len(config.account) > 1
    _print_open(told, several=several, remind=config.answers.remind_after is not None)
    _print_answers(told)
    return 0


def _told_json(told: Waiting, base_url: str) -> Json:
    answers = told.answers
    return {
        "questions": [
            {**_question_json(each, base_url), "old": old}
            for questions, old in ((told.open, False), (told.old, True))
            for each in questions
        ],
        "answer_times": {
            "since": time_json(answers.since),
            "count": answers.whole.count,
            "exact": answers.exact,
            "enough": ENOUGH,
            "median_seconds": _seconds(answers.whole),
            "by_weekday": [{"weekday": each.key, **_figure_json(each)} for each in answers.by_weekday],
            "by_hour": [{"hour": each.key, **_figure_json(each)} for each in answers.by_hour],
        },
    }


def _question_json(question: Question, base_url: str) -> Json:
    return {
        "account": question.account,
        "conversation": question.conversation,
        "title": question.title,
        "buyer": question.buyer,
        "asked_at": time_json(question.asked_at),
        "waits_seconds": int((now() - question.asked_at).total_seconds()),
        "seen_at": time_json(question.seen_at),
        "confidence": question.confidence,
        "reminded_at": time_json(question.reminded_at),
        "url": message_box(base_url, question.conversation),
    }


def _figure_json(figure: AnswerFigure) -> Json:
    return {"count": figure.count, "median_seconds": _seconds(figure)}


def _seconds(figure: AnswerFigure) -> int | None:
    return None if figure.median is None else int(figure.median.total_seconds())


def _print_open(told: Waiting, *, several: bool, remind: bool) -> None:
    if not told.open:
        click.secho(_("No question waits for your answer."), bold=True)
    else:
        click.secho(_("These questions wait for your answer"), bold=True)
        _print_questions(told.open, several=several)
        _say(_("You answer on the site yourself; Stornowacht only reads."))
        if not remind:
            _say(_('To be reminded: [answers] remind_after in your config, such as "4h".'))
    click.echo()
    if told.old:
        click.secho(_("Old, and no longer reminded of"), bold=True)
        _print_questions(told.old, several=several)
        click.echo()


def _print_questions(questions: Sequence[Question], *, several: bool) -> None:
    at = now()
    columns = [_("Waits"), _("Item"), _("Buyer"), _("Asked"), _("How sure"), _("Last seen")]
    rows = [
        [
            age_words(each, now=at),
            title_words(each),
            buyer_words(each),
            moment(each.asked_at),
            confidence_name(each.confidence, language=current()),
            moment(each.seen_at),
        ]
        for each in questions
    ]
    if several:
        columns.append(_("Account"))
        rows = [[*row, each.account] for row, each in zip(rows, questions, strict=True)]
    print_table(columns, rows)


def _print_answers(told: Waiting) -> None:
    answers = told.answers
    click.secho(_("How soon you answer"), bold=True)
    _say(whole_words(answers))
    if answers.since is None:
        return
    if rough_words(answers):
        _say(rough_words(answers))
    if answers.whole.median is not None:
        columns = (_("Median"), _("Count"))
        print_table(
            (_("Asked on"), *columns),
            [(weekday_words(each), median_words(each), str(each.count)) for each in answers.by_weekday],
        )
        print_table(
            (_("Asked at"), *columns),
            [(hour_words(each), median_words(each), str(each.count)) for each in answers.by_hour],
        )
    _say(fine_print())


def _say(text: str) -> None:
    click.echo(textwrap.fill(text, width=line_width(), break_on_hyphens=False, break_long_words=False))
