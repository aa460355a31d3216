"""The rules as data: complete, in both languages, and clear about their mistakes."""

import pytest

from tests.support.every import every
from watcher.domain.fact import Grade
from watcher.listings.rule import Check, Topic
from watcher.listings.rules import own_rule, rule_from, rules_in_force, shipped_rules, tips
from watcher.listings.shipping import options

RULES = shipped_rules()
ENTRY = {
    "id": "mine",
    "tip": 1,
    "topic": "text",
    "check": "lacks",
    "needs": ["zustand*"],
    "certainty": "likely",
    "is_wording": True,
    "source": "a guide",
    "seen": "2026-11-01",
    "confidence": "seen",
    "de": {"says": "a", "why": "b", "better": "c"},
    "en": {"says": "a", "why": "b", "better": "c"},
}


@every("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_rule_says_what_why_and_what_is_better_in_both_languages(rule):
    for saying in (rule.says, rule.why, rule.better):
        assert saying.de
        assert saying.en
        assert not saying.de.startswith("Du musst")
    assert rule.fact is not None
    assert rule.fact.source
    assert rule.fact.confidence in {Grade.SEEN, Grade.INFERRED}


def test_their_names_are_their_own_and_they_stand_in_the_order_of_an_ad():
    assert len({rule.id for rule in RULES}) == len(RULES)
    topics = [list(Topic).index(rule.topic) for rule in RULES]
    assert topics == sorted(topics)


def test_every_check_has_a_rule():
    assert {rule.check for rule in RULES} | {Check.HAS} == set(Check)


def test_every_tip_has_rules_or_says_why_not():
    for tip in tips():
        assert any(rule.tip == tip.number for rule in RULES) != bool(tip.unseen)
    assert [tip.number for tip in tips()] == list(range(1, 8))


def test_no_rule_promises_or_judges_people():
    words = " ".join(f"{rule.says.de} {rule.why.de} {rule.better.de}" for rule in RULES).casefold()
    assert [word for word in ("garantiert", "betrüger", "immer ", "sicher nicht") if word in words] == []


@every(
    ("change", "message"),
    [
        ({"tip": 8}, "rule 'mine': tip must be 1 to 7, not 8"),
        ({"check": "guess"}, "rule 'mine': 'guess' is not a valid Check"),
        ({"certainty": "very"}, "rule 'mine': 'very' is not a valid Confidence"),
        ({"needs": []}, "rule 'mine': needs is missing"),
        ({"needs": ["*"]}, "rule 'mine': '*' has neither letters nor digits"),
        ({"check": "has"}, "rule 'mine': never is missing"),
        ({"nedes": ["x"]}, "rule 'mine': nedes is unknown"),
        ({"de": {"says": "{days}", "why": "", "better": ""}}, "rule 'mine': nothing fills {days} in says"),
        ({"de": {"says": "a"}}, "rule 'mine': why is missing"),
    ],
)
def test_a_mistake_is_named_with_its_rule_and_place(change: dict, message: str):
    with pytest.raises(ValueError, match=r"rule .mine.") as fault:
        rule_from(ENTRY | change)
    assert str(fault.value) == message


def test_a_rule_without_a_field_is_told_which():
    with pytest.raises(ValueError, match="rule 'mine': source is missing"):
        rule_from({name: value for name, value in ENTRY.items() if name != "source"})


def test_switching_off_what_does_not_exist_names_what_does():
    with pytest.raises(ValueError, match="no rule 'condition'; known are title_short, text_missing"):
        rules_in_force(off=["condition"])


def test_an_own_rule_cannot_take_a_name_that_is_taken():
    mine = own_rule(name="old", needs=["x"], never=[], says="s", why="", better="")
    with pytest.raises(ValueError, match="'old' already"):
        rules_in_force(own=[mine])


@pytest.mark.parametrize(("needs", "never"), [([], []), (["a"], ["b"]), (["/a(/"], [])])
def test_an_own_rule_needs_one_kind_of_plain_words(needs: list, never: list):
    with pytest.raises(ValueError, match=r"either needs or never|write words"):
        own_rule(name="x", needs=needs, never=never, says="s", why="", better="")


def test_every_shipping_option_has_its_source_and_no_invented_limit():
    known = options()
    assert {name: option.kg for name, option in known.items() if option.kg} == {
        "DHL_001": 2.0, "DHL_002": 5.0, "DHL_003": 10.0, "DHL_005": 20.0, "DHL_004": 31.5,
    }  # fmt: skip
    assert all(option.fact.source for option in known.values())
