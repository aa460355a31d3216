"""`policy`: what the platform's protection promises and asks, as far as it is publicly known, and what matters in a case."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import click

from watcher.app.agenda import beginnings
from watcher.app.seller import find
from watcher.bootstrap import House, house, now
from watcher.cli.common import config_option, json_option, load_config, moment, print_json, printable
from watcher.cli.report import Json, time_json
from watcher.cli.support import support_json
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.policy.periods import due
from watcher.policy.rule import CountsFrom, Rule, Topic
from watcher.policy.rules import rules, rules_for
from watcher.policy.support import SupportWay, support_ways
from watcher.postman.letter_facts import subject_of
from watcher.postman.letter_words import source_line
from watcher.postman.policy_words import old_words, period_words, source_words, standing_words, topic_words
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, kind_name
from watcher.texts.playbook import words_for

_WIDTH = 78
ASK_SUPPORT = frozenset({"tell_support", "follow_up_support", "ask_about_refund", "report_fraud"})
"""Steps that send the seller to the platform's support."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matter:
    """What the page is about: the rules of one case, or all."""

    rules: tuple[Rule, ...]
    case: Case | None = None
    order: Order | None = None
    since: Mapping[CountsFrom, datetime] = field(default_factory=dict)
    """What of that which periods count from is known."""


@click.command(
    "policy", help=_("The platform's rules and periods, with their sources; for a CASE what matters there.")
)
@click.argument("case", required=False)
@config_option
@json_option
def policy_command(case: str | None, *, config_path: Path | None, as_json: bool) -> int:
    """Show the dated policy page."""
    config = load_config(config_path)
    if case is None:
        matter = _Matter(rules=rules())
    else:
        with house(config) as our:
            matter = _matter_of(our, case)
    if as_json:
        print_json(_as_json(matter, now().date()))
        return 0
    for line in _page(matter, now().date()):
        click.echo(line)
    return 0


def _matter_of(our: House, wanted: str) -> _Matter:
    case = find(wanted, our.store.cases(), what="case")
    order = find(case.order, our.store.orders(), what="order")
    return _Matter(rules=rules_for(case.kind), case=case, order=order, since=beginnings(order))


def _page(matter: _Matter, today: date) -> Iterator[str]:
    yield click.style(_("“Sicher bezahlen”: what is publicly known of its rules"), bold=True)
    yield from _wrapped(
        _(
            "Read from help pages, press and law, never tried on the real site. What your page says counts more. "
            "This is no legal advice."
        ),
        indent="",
    )
    if matter.case is not None and matter.order is not None:
        yield ""
        yield from _wrapped(
            _("Case {case}: {title} – {kind}. Shown is what matters there.").format(
                case=matter.case.id,
                title=printable(matter.order.title or matter.order.id),
                kind=kind_name(matter.case.kind, language=current()),
            ),
            indent="",
        )
    for topic in Topic:
        about = [rule for rule in matter.rules if rule.topic is topic]
        if about:
            yield ""
            yield click.style(topic_words(topic).upper(), bold=True)
        for rule in about:
            yield ""
            yield from _lines(rule, matter, today)
    if _asks_support(matter.case):
        yield ""
        yield click.style(_("How to reach support").upper(), bold=True)
        for way in support_ways():
            yield ""
            yield from _way_lines(way, today)


def _asks_support(case: Case | None) -> bool:
    """Whether the page says how to reach support: in a case, while one of its steps sends the seller there."""
    return case is None or any(step.is_open and step.id in ASK_SUPPORT for step in case.steps)


def _way_lines(way: SupportWay, today: date) -> Iterator[str]:
    title = way.title.said(current())
    heading = f"{title}: {way.address}" if way.address else title
    yield from (click.style(line, bold=True) for line in _wrapped(heading, indent=""))
    yield from _wrapped(way.says.said(current()))
    if way.fact.is_old(today):
        yield from (click.style(line, fg="yellow") for line in _wrapped(old_words()))
    yield from (click.style(line, dim=True) for line in _wrapped(source_line(way.fact, language=current())))


def _lines(rule: Rule, matter: _Matter, today: date) -> Iterator[str]:
    title = rule.title.said(current())
    heading = f"{title}: {period_words(rule.period)}" if rule.period else title
    yield from (click.style(line, bold=True) for line in _wrapped(heading, indent=""))
    yield from _wrapped(rule.says.said(current()))
    end = _end(rule, matter)
    if end is not None:
        sure = confidence_name(rule.certainty, language=current())
        yield click.style("  " + _("Here until {at} ({sure}).").format(at=moment(end), sure=sure), bold=True)
    steps = _step_titles(rule, matter)
    if steps:
        yield from _wrapped(_("Matters for: {steps}").format(steps=" · ".join(steps)))
    doubtful = "yellow" if rule.certainty is Confidence.UNSURE else None
    yield from (click.style(line, fg=doubtful) for line in _wrapped(standing_words(rule, today)))
    yield from (click.style(line, dim=True) for line in _wrapped(source_words(rule)))


def _wrapped(text: str, *, indent: str = "  ") -> list[str]:
    """Break a text into lines; addresses stay whole, to be copied."""
    return textwrap.wrap(
        text,
        width=_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _step_titles(rule: Rule, matter: _Matter) -> list[str]:
    """Return what the case still asks for and the rule matters for."""
    case, order = matter.case, matter.order
    if case is None or order is None:
        return []
    subject = subject_of(order, case)
    return [
        words_for(step.id, subject, language=current()).title
        for step in case.steps
        if step.is_open and step.id in rule.steps
    ]


def _end(rule: Rule, matter: _Matter) -> datetime | None:
    since = matter.since.get(rule.period.counts_from) if rule.period else None
    return None if since is None else due(rule, since=since)


def _as_json(matter: _Matter, today: date) -> Json:
    return {
        "case": matter.case.id if matter.case else None,
        "rules": [_rule_json(rule, matter, today) for rule in matter.rules],
        "support": support_json(),
    }


def _rule_json(rule: Rule, matter: _Matter, today: date) -> Json:
    period = rule.period
    return {
        "id": rule.id,
        "topic": rule.topic.value,
        "provider": rule.provider.value,
        "title": {"de": rule.title.de, "en": rule.title.en},
        "says": {"de": rule.says.de, "en": rule.says.en},
        "period": {"hours": period.hours, "days": period.days, "counts_from": period.counts_from.value}
        if period
        else None,
        "until": time_json(_end(rule, matter)),
        "certainty": rule.certainty.value,
        "unknown": rule.unknown,
        "replaced_by": rule.replaced_by,
        "source": rule.fact.source,
        "published": rule.fact.published,
        "seen": rule.fact.seen.isoformat(),
        "confidence": rule.fact.confidence.value,
        "old": rule.fact.is_old(today),
        "kinds": sorted(rule.kinds),
        "steps": list(rule.steps),
    }
