"""The platform's rules and periods with their sources and dates, as far as they are publicly known."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.domain.confidence import Confidence
from watcher.policy.rule import Rule, Topic
from watcher.policy.rules import rules
from watcher.policy.support import support_ways
from watcher.postman.letter_words import source_line
from watcher.postman.policy_words import period_words, source_words, standing_words, topic_words
from watcher.texts.language import current
from watcher.web.desk import desk_of
from watcher.web.render import page


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One rule in words."""

    id: str
    title: str
    period: str
    says: str
    standing: str
    source: str
    is_doubtful: bool


def policy(request: Request) -> Response:
    """Show the dated rules, and how support is reached."""
    today, language = desk_of(request).clock().date(), current()

    def shown(rule: Rule) -> RuleView:
        return RuleView(
            id=rule.id,
            title=rule.title.said(language),
            period=period_words(rule.period) if rule.period else "",
            says=rule.says.said(language),
            standing=standing_words(rule, today),
            source=source_words(rule),
            is_doubtful=rule.certainty is Confidence.UNSURE,
        )

    topics = [
        (topic.value, topic_words(topic), [shown(rule) for rule in rules() if rule.topic is topic])
        for topic in Topic
    ]
    ways = [
        (
            way.title.said(language),
            way.address,
            way.says.said(language),
            source_line(way.fact, language=language),
        )
        for way in support_ways()
    ]
    return page(request, "policy.html", topics=topics, ways=ways)


ROUTES = (Route("/policy", policy),)
