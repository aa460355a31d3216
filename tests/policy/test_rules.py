"""The protection policy: sourced, in both languages, honest about gaps, and shown where it matters."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.playbook import plan
from watcher.domain.reason import CancelReason
from watcher.domain.situation import Situation
from watcher.domain.step import RULES, CaseKind
from watcher.policy.rule import Provider, Rule, Topic
from watcher.policy.rules import rule_named, rules, rules_for

AT = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
EVERY = every("rule", rules(), ids=lambda rule: rule.id)
FORMAL = re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b")
PROMISES = ("garantiert", "guaranteed", "in jedem fall", "in any case", "immer", "always")
OUT_OF_PLACE = ("/work", "facts", "other public code", "another client")
PLANNED = {
    (kind, step.id)
    for kind, milestone, pickup, done, reason in product(
        CaseKind,
        Milestone,
        (False, True),
        ({}, {"parcel_back": AT, "goods_back": AT}, {"insist": AT}),
        (None, CancelReason.SEEMS_FRAUDULENT),
    )
    for step in plan(
        Situation(
            kind=kind,
            at=AT,
            parcel=Parcel(milestone=milestone, at=AT, at_shop=True),
            reason=reason,
            pickup=pickup,
            done=done,
            support_asked_at=AT,
            overdue=frozenset({"refund_seen"}),
        )
    )
}


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in rules()}) == len(rules()) >= 12


def test_rules_stand_topic_by_topic() -> None:
    topics = [rule.topic for rule in rules()]
    assert list(dict.fromkeys(topics)) == list(Topic)
    assert topics == sorted(topics, key=list(Topic).index)


@EVERY
def test_every_rule_has_a_source_a_date_and_a_confidence(rule: Rule) -> None:
    fact = rule.fact
    assert fact.source.strip() == fact.source != ""
    assert date(2026, 1, 1) <= fact.seen <= date.today()  # noqa: DTZ011 - a calendar day, not a moment
    assert fact.confidence in Grade
    assert fact.published is None or datetime.strptime(fact.published, "%Y-%m").replace(tzinfo=UTC)
    assert not any(words in fact.source for words in OUT_OF_PLACE)


@EVERY
def test_every_rule_is_said_in_both_languages(rule: Rule) -> None:
    for saying in (rule.title, rule.says):
        assert saying.de.strip()
        assert saying.en.strip()
        assert saying.de != saying.en


@EVERY
def test_german_says_du_and_promises_nothing(rule: Rule) -> None:
    german = f"{rule.title.de} {rule.says.de}"
    assert not FORMAL.search(german)
    assert not any(promise in f"{german} {rule.says.en}".casefold() for promise in PROMISES)


@EVERY
def test_a_rule_is_short_enough_to_be_read(rule: Rule) -> None:
    assert max(len(rule.title.de), len(rule.title.en)) <= 40
    assert max(len(rule.says.de), len(rule.says.en)) <= 260


@EVERY
def test_a_gap_is_never_said_to_be_seen_and_has_no_period(rule: Rule) -> None:
    if rule.unknown:
        assert rule.fact.confidence is Grade.UNVERIFIED
        assert rule.period is None
        assert rule.certainty is Confidence.UNSURE


@EVERY
def test_a_period_is_given_in_hours_or_in_days(rule: Rule) -> None:
    if rule.period is not None:
        assert (rule.period.hours > 0) is not (rule.period.days > 0)
        assert rule.period.length > timedelta(0)


@EVERY
def test_what_one_provider_alone_promised_is_never_certain(rule: Rule) -> None:
    assert rule.provider is Provider.BOTH or rule.certainty is not Confidence.CERTAIN


@EVERY
def test_a_replaced_rule_is_the_old_providers_and_names_one_of_the_new(rule: Rule) -> None:
    if rule.replaced_by is not None:
        assert rule.provider is Provider.OLD
        assert rule_named(rule.replaced_by).provider is Provider.NEW
        assert rule.certainty is Confidence.UNSURE


@EVERY
def test_each_step_of_a_rule_can_come_up_in_its_cases(rule: Rule) -> None:
    assert set(rule.steps) <= set(RULES)
    assert rule.kinds
    assert len(set(rule.steps)) == len(rule.steps) > 0
    for step in rule.steps:
        assert any((kind, step) in PLANNED for kind in rule.kinds), step
    for kind in rule.kinds - {CaseKind.UNCLEAR}:
        assert any((kind, step) in PLANNED for step in rule.steps), kind


@every(
    ("kind", "step"),
    [
        (CaseKind.BEFORE_SHIPMENT, "do_not_hand_in"),
        (CaseKind.BEFORE_SHIPMENT, "refund_seen"),
        (CaseKind.IN_TRANSIT, "refund_seen"),
        (CaseKind.IN_TRANSIT, "tell_support"),
        (CaseKind.IN_TRANSIT, "parcel_back"),
        (CaseKind.IN_TRANSIT, "keep_proof"),
        (CaseKind.AFTER_DELIVERY, "goods_back"),
        (CaseKind.AFTER_DELIVERY, "outcome_seen"),
        (CaseKind.UNCLEAR, "do_not_hand_in"),
        (CaseKind.DISPUTED, "answer_problem"),
        (CaseKind.DISPUTED, "agree_or_escalate"),
        (CaseKind.DISPUTED, "keep_proof"),
    ],
)
def test_the_steps_where_rules_decide_have_some(kind: CaseKind, step: str) -> None:
    assert rules_for(kind, step)


@pytest.mark.parametrize("kind", CaseKind)
def test_a_case_shows_what_its_steps_show(kind: CaseKind) -> None:
    for step in RULES:
        assert set(rules_for(kind, step)) <= set(rules_for(kind))


def test_a_step_that_nobody_knows_has_no_rules() -> None:
    assert rules_for(CaseKind.DISPUTED, "dance") == ()


def test_wherever_goods_are_gone_it_says_that_the_own_buttons_pay_back() -> None:
    for kind in set(CaseKind) - {CaseKind.BEFORE_SHIPMENT}:
        assert rule_named("seller_cancels") in rules_for(kind)
    for kind in (CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED):
        assert rule_named("goods_before_money") in rules_for(kind)


def test_what_happens_when_a_buyer_cancels_is_a_gap_that_is_named() -> None:
    gap = rule_named("buyer_cancels")
    assert gap.unknown
    assert all(gap in rules_for(kind) for kind in set(CaseKind) - {CaseKind.DISPUTED})


def test_a_provider_has_its_own_rules_and_those_of_both() -> None:
    old = set(rules_for(CaseKind.DISPUTED, provider=Provider.OLD))
    new = set(rules_for(CaseKind.DISPUTED, provider=Provider.NEW))
    assert {rule.provider for rule in old} == {Provider.OLD, Provider.BOTH}
    assert {rule.provider for rule in new} == {Provider.NEW, Provider.BOTH}
    assert old | new == set(rules_for(CaseKind.DISPUTED))
    assert rules_for(CaseKind.DISPUTED, provider=Provider.BOTH) == rules_for(CaseKind.DISPUTED)


def test_old_facts_are_old_after_a_year() -> None:
    fact = rule_named("agree_within_5_days").fact
    assert not fact.is_old(fact.seen + timedelta(days=365))
    assert fact.is_old(fact.seen + timedelta(days=366))


def test_a_rule_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(KeyError):
        rule_named("dance")
