"""What of the platform's rules matters at a step, in a few lines; `stornowacht policy` has the whole page."""

from datetime import datetime, tzinfo

from watcher.app.agenda import beginnings
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.step import Step
from watcher.policy.periods import due
from watcher.policy.rule import Provider, Rule, Topic
from watcher.policy.rules import rules_for
from watcher.postman.letter_words import said, source_line
from watcher.texts.language import Language
from watcher.texts.names import BERLIN, confidence_name, moment

_TOPICS = frozenset({Topic.MONEY, Topic.PROBLEM, Topic.PROTECTION})
"""What else is said already: how a sale runs by the step and its warning, the law in the fine print."""
_AT_MOST = 2


def policy_lines(
    step: Step,
    case: Case,
    order: Order | None,
    *,
    language: Language,
    now: datetime | None = None,
    tz: tzinfo = BERLIN,
) -> tuple[str, ...]:
    """Return the rules that matter most at a step, each with its end, where that is known, and its source.

    Gaps and what the new payment provider says otherwise are left out: they belong on the whole page.
    """
    rules = [
        rule
        for rule in rules_for(case.kind, step.id)
        if rule.topic in _TOPICS and not rule.unknown and rule.replaced_by is None
    ]
    first = sorted(rules, key=lambda rule: rule.period is None)[:_AT_MOST]
    return tuple(_line(rule, order, language=language, now=now, tz=tz) for rule in first)


def _line(rule: Rule, order: Order | None, *, language: Language, now: datetime | None, tz: tzinfo) -> str:
    since = beginnings(order).get(rule.period.counts_from) if rule.period and order else None
    end = due(rule, since=since) if since else None
    until = (
        said(
            "label.rule_until",
            language=language,
            at=moment(end, language=language, tz=tz, now=now),
            sure=confidence_name(rule.certainty, language=language),
        )
        if end
        else ""
    )
    source = source_line(rule.fact, language=language)
    doubt = said("label.rule_old", language=language) if rule.provider is Provider.OLD else ""
    words = (f"{rule.title.said(language)}:", rule.says.said(language), until, doubt, f"({source})")
    return " ".join(filter(None, words))
