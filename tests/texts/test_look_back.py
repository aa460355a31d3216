"""The look back on a closed case: which facts lead to which suggestion, in both languages."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.domain.look_back import MOST, CaseFacts
from watcher.domain.reason import CancelReason
from watcher.domain.step import CaseKind
from watcher.listings.rules import shipped_rules
from watcher.texts import look_back as module
from watcher.texts.language import LANGUAGES, Language
from watcher.texts.look_back import look_back, rules

BEFORE, AWAY, THERE = CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY
KNOWN = CancelReason.EMERGENCY
"""A reason that no suggestion speaks of."""


def said(facts: CaseFacts) -> list[str]:
    return [each.id for each in look_back(facts, language="de").suggestions]


@pytest.mark.parametrize(
    ("facts", "ids"),
    [
        (CaseFacts(goods=BEFORE, reason=KNOWN), []),
        (CaseFacts(goods=BEFORE, reason=CancelReason.FOUND_CHEAPER), []),
        (CaseFacts(goods=BEFORE, reason=CancelReason.DESCRIPTION), ["name_the_flaws", "more_photos"]),
        (CaseFacts(goods=BEFORE, reason=CancelReason.SHIPPING_COST), ["shipping_cost_up_front"]),
        (CaseFacts(goods=BEFORE, reason=CancelReason.SLOW_ANSWERS), ["answer_sooner"]),
        (CaseFacts(goods=BEFORE, reason=CancelReason.SECOND_THOUGHTS), ["say_what_to_expect"]),
        (CaseFacts(goods=BEFORE), ["ask_why"]),
        (CaseFacts(goods=BEFORE, reason=CancelReason.NONE_GIVEN), ["ask_why"]),
        (CaseFacts(goods=CaseKind.DISPUTED), []),
        (CaseFacts(goods=BEFORE, reason=KNOWN, waited=timedelta(days=3)), ["waited_long"]),
        (CaseFacts(goods=BEFORE, reason=KNOWN, waited=timedelta(days=2, hours=23)), []),
        (
            CaseFacts(goods=BEFORE, reason=CancelReason.SLOW_SHIPPING, waited=timedelta(days=9)),
            ["ship_sooner"],
        ),
        (
            CaseFacts(goods=BEFORE, reason=KNOWN, waited=timedelta(days=9), after_ship_by=True),
            ["day_was_over"],
        ),
        (
            CaseFacts(
                goods=BEFORE,
                reason=CancelReason.DESCRIPTION,
                findings=frozenset({"no_condition", "photo_dark"}),
            ),
            ["ad_left_open", "ad_photos"],
        ),
        (
            CaseFacts(
                goods=BEFORE, reason=CancelReason.DESCRIPTION, findings=frozenset({"photo_dark", "old"})
            ),
            ["name_the_flaws", "ad_photos"],
        ),
        (
            CaseFacts(
                goods=BEFORE, reason=CancelReason.SHIPPING_COST, findings=frozenset({"shipping_unset"})
            ),
            ["ad_shipping"],
        ),
        (
            CaseFacts(goods=BEFORE, reason=CancelReason.SECOND_THOUGHTS, findings=frozenset({"no_returns"})),
            ["ad_terms"],
        ),
        # What was found in the ad says nothing where the reason is another one.
        (CaseFacts(goods=BEFORE, reason=KNOWN, findings=frozenset({"no_condition", "shipping_unset"})), []),
        (CaseFacts(goods=BEFORE, reason=KNOWN, answered_in=timedelta(days=1)), ["answered_late"]),
        (CaseFacts(goods=BEFORE, reason=KNOWN, answered_in=timedelta(hours=23)), []),
        (CaseFacts(goods=THERE, reason=KNOWN, answered_in=timedelta(days=9)), []),
        (CaseFacts(goods=BEFORE, reason=KNOWN, handed_in_after=True), ["ask_before_hand_in"]),
        (CaseFacts(goods=AWAY, reason=KNOWN), ["try_at_all"]),
        (CaseFacts(goods=AWAY, reason=KNOWN, came_back=True), []),
        (CaseFacts(goods=AWAY, reason=KNOWN, tried=True, first_try=timedelta(hours=7)), ["try_at_once"]),
        (CaseFacts(goods=AWAY, reason=KNOWN, tried=True, first_try=timedelta(hours=1)), []),
        (
            CaseFacts(goods=AWAY, reason=KNOWN, tried=True, first_try=timedelta(days=1), came_back=True),
            [],
        ),
        (CaseFacts(goods=AWAY, reason=KNOWN, tried=True, without_number=True), ["keep_number"]),
        (CaseFacts(goods=THERE, reason=KNOWN, without_own_files=True), ["photos_before_shipping"]),
        (CaseFacts(goods=BEFORE, reason=KNOWN, without_own_files=True, without_number=True), []),
        (
            CaseFacts(goods=THERE, reason=KNOWN, under_insured=True, own_costs=True),
            ["insure", "ask_who_pays"],
        ),
        (CaseFacts(goods=AWAY, reason=KNOWN, tried=True, signs=True), ["look_at_signs"]),
        (CaseFacts(goods=BEFORE, reason=KNOWN, signs=True), []),
    ],
)
def test_a_cases_own_facts_lead_to_its_suggestions(facts: CaseFacts, ids: list[str]):
    assert said(facts) == ids


def test_of_many_the_first_three_are_said():
    facts = CaseFacts(
        goods=AWAY,
        reason=CancelReason.DESCRIPTION,
        signs=True,
        without_number=True,
        under_insured=True,
        handed_in_after=True,
    )
    assert said(facts) == ["ask_before_hand_in", "name_the_flaws", "more_photos"]


everything = st.builds(
    CaseFacts,
    goods=st.sampled_from(CaseKind),
    reason=st.none() | st.sampled_from(CancelReason),
    waited=st.none() | st.timedeltas(timedelta(), timedelta(days=60)),
    after_ship_by=st.booleans(),
    findings=st.frozensets(st.sampled_from(["no_condition", "photo_dark", "shipping_unset", "no_returns"])),
    answered_in=st.none() | st.timedeltas(timedelta(), timedelta(days=9)),
    handed_in_after=st.booleans(),
    first_try=st.none() | st.timedeltas(timedelta(), timedelta(days=9)),
    tried=st.booleans(),
    came_back=st.booleans(),
    own_costs=st.booleans(),
    under_insured=st.booleans(),
    without_number=st.booleans(),
    without_own_files=st.booleans(),
    signs=st.booleans(),
)


@given(everything)
def test_never_more_than_three_and_the_same_in_both_languages(facts: CaseFacts):
    german, english = (look_back(facts, language=language) for language in LANGUAGES)
    assert len(german.suggestions) <= MOST
    assert [each.id for each in german.suggestions] == [each.id for each in english.suggestions]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_suggestion_has_its_words_and_its_tip(language: Language):
    words = {entry["id"]: entry for entry in module._data()["suggestion"]}
    assert len(words) == len(rules())
    for entry in words.values():
        assert entry["says"][language].endswith(".")
        assert entry["why"][language].endswith(".")
    assert look_back(CaseFacts(goods=BEFORE, reason=KNOWN), language=language).nothing.endswith(".")


def test_the_two_languages_do_not_say_the_same_words():
    assert [
        entry for entry in module._data()["suggestion"] if entry["says"]["de"] == entry["says"]["en"]
    ] == []


def test_every_finding_that_a_suggestion_rests_on_is_one_that_the_ad_check_can_make():
    known = {rule.id for rule in shipped_rules()}
    assert {name for rule in rules() for name in rule.findings | rule.unless_findings} <= known


def test_every_suggestion_can_be_reached():
    """A rule that others always push out, or that no facts fit, would be dead words."""
    alone = {
        rule.id
        for rule in rules()
        for goods in rule.goods or {BEFORE}
        for reason in rule.reasons or ({None} if rule.no_reason else {KNOWN})
        if rule.id
        in said(
            CaseFacts(
                goods=goods,
                reason=reason,
                waited=None if rule.waited_days is None else timedelta(days=rule.waited_days),
                findings=frozenset(sorted(rule.findings)[:1]),
                answered_in=None if rule.answered_hours is None else timedelta(hours=rule.answered_hours),
                first_try=None if rule.first_try_hours is None else timedelta(hours=rule.first_try_hours),
                **{flag: True for flag in rule.flags if not flag.startswith("not_")},
            )
        )
    }
    assert alone == {rule.id for rule in rules()}


@pytest.mark.parametrize(
    "when", [{}, {"flags": ["unheard_of"]}, {"flags": ["not_unheard_of"]}, {"weather": ["rain"]}]
)
def test_a_rule_that_asks_for_nothing_or_for_the_unknown_is_refused(when: dict[str, object]):
    with pytest.raises(ValueError, match=r"lookback\.toml: mine"):
        module._rule("mine", when)
