"""The protection policy: every rule that is publicly known, read from `rules.toml` beside this module."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from watcher.domain.fact import Fact, Grade, Saying
from watcher.domain.step import CaseKind
from watcher.policy.rule import CountsFrom, Period, Provider, Rule, Topic


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, topic by topic, in the order in which they are worth reading."""
    data = tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
    topics = tuple(Topic)
    return tuple(sorted(map(_rule, data["rule"]), key=lambda rule: topics.index(rule.topic)))


def rules_for(
    kind: CaseKind, step_id: str | None = None, provider: Provider | None = None
) -> tuple[Rule, ...]:
    """Return the rules that matter in a case of that kind, or at one of its steps.

    Args:
        kind: the kind of case.
        step_id: the step; `None` for the whole case. A step that no rule names gives none.
        provider: the payment provider that handles the sale; `None` or `BOTH` while nobody knows.
    """
    return tuple(
        rule
        for rule in rules()
        if kind in rule.kinds and step_id in {None, *rule.steps} and rule.holds_for(provider)
    )


def rule_named(rule_id: str) -> Rule:
    """Return the rule of that id.

    Raises:
        KeyError: there is none.
    """
    return _by_id()[rule_id]


@cache
def _by_id() -> Mapping[str, Rule]:
    return {rule.id: rule for rule in rules()}


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        id=entry["id"],
        topic=Topic(entry["topic"]),
        provider=Provider(entry["provider"]),
        title=Saying(**entry["title"]),
        says=Saying(**entry["says"]),
        period=_period(entry["period"]) if "period" in entry else None,
        fact=Fact(
            source=entry["source"],
            seen=entry["seen"],
            confidence=Grade(entry["confidence"]),
            published=entry.get("published"),
        ),
        kinds=frozenset(map(CaseKind, entry["kinds"])),
        steps=tuple(entry["steps"]),
        unknown=entry.get("unknown", False),
        replaced_by=entry.get("replaced_by"),
    )


def _period(entry: Mapping[str, Any]) -> Period:
    return Period(
        hours=entry.get("hours", 0),
        days=entry.get("days", 0),
        counts_from=CountsFrom(entry["counts_from"]),
    )
