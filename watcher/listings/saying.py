"""How a check puts what it found."""

from watcher.domain.confidence import Confidence
from watcher.listings.rule import Finding, Rule


def finding(rule: Rule, *, certainty: Confidence | None = None, **filling: str) -> Finding:
    """Return what a rule found, as sure as the rule is unless it is said otherwise."""
    return Finding(rule=rule, certainty=certainty or rule.certainty, filling=filling)


def beyond(rule: Rule, value: float) -> Confidence:
    """Return how sure a value below the limit is: likely where it is far below."""
    is_far = rule.likely_limit is not None and value < rule.likely_limit
    return surer(rule.certainty) if is_far else rule.certainty


def surer(certainty: Confidence) -> Confidence:
    """Return at least likely."""
    return Confidence.LIKELY if certainty is Confidence.UNSURE else certainty
