"""The words of each step: complete, without holes, and never harmful."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from watcher.carriers.knowledge import all_carriers
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.playbook import plan
from watcher.domain.reason import CancelReason
from watcher.domain.situation import Situation
from watcher.domain.step import RULES, CaseKind
from watcher.texts.language import LANGUAGES, Language
from watcher.texts.playbook import Recipient, StepWords, Subject, known_steps, law, warning_for, words_for

AT = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
AWAY = (CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED)
DONE = (
    {},
    {"ask_carrier": AT - timedelta(days=3)},
    {"ask_carrier": AT - timedelta(days=3), "parcel_back": AT, "goods_back": AT, "agree": AT},
    {"insist": AT},
)
PARCELS = (
    *(Parcel(milestone=milestone, at=AT, at_shop=True) for milestone in Milestone),
    Parcel(milestone=Milestone.IN_TRANSIT, at=AT, confidence=Confidence.UNSURE, contradicts=True),
)
PLANNED = list(
    dict.fromkeys(
        (kind, step.id)
        for kind, parcel, reason, pickup, done in product(
            CaseKind, PARCELS, (None, CancelReason.SEEMS_FRAUDULENT), (False, True), DONE
        )
        for step in plan(
            Situation(
                kind=kind,
                at=AT,
                parcel=parcel,
                reason=reason,
                pickup=pickup,
                done=done,
                support_asked_at=AT,
                overdue=frozenset({"refund_seen"}),
            )
        )
    )
)
BUTTONS = ("kauf stornieren", "ich erstatte dem käufer", "verkauf ablehnen", "rückerstattung")
GIVING_BACK = re.compile(
    r"erstatte (?!dem käufer sein geld zurück“)|geld zurückgeben|zahl\w* .{0,20}zurück|refund (?:the buyer|now|him|her|it)|"
    r"give .{0,20}money back|brich den (?:ver)?kauf ab|stornier(?:e|st du) den",
    re.IGNORECASE,
)
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)


def subjects(kind: CaseKind) -> list[Subject]:
    bare = [Subject(kind=kind), Subject(kind=kind, carrier="other")]
    return [
        *bare,
        *(
            Subject(
                kind=kind,
                order="ok7m2xap",
                conversation="abc12:def34:ghi56",
                title="Friteuse",
                buyer="Jana Petersen",
                ad_id="2748193001",
                amount_cents=4500,
                carrier=known.id,
                carrier_name=known.name or None,
                tracking_number="00340434161094022115",
                cancelled_at=AT,
            )
            for known in all_carriers()
        ),
    ]


def advice(words: StepWords) -> str:
    """Everything but the warning: what a reader may take for a suggestion."""
    return "\n".join((words.title, words.why, *(draft.label + "\n" + draft.text for draft in words.drafts)))


def everything() -> list[tuple[CaseKind, Language, StepWords]]:
    return [
        (kind, language, words_for(step, subject, language=language))
        for kind, step in PLANNED
        for language, subject in product(LANGUAGES, subjects(kind))
    ]


@IN_BOTH
def test_every_step_that_can_be_planned_has_words_and_no_words_are_left_over(language: Language) -> None:
    assert known_steps(language) == {step for _, step in PLANNED} == RULES.keys()


@IN_BOTH
def test_every_step_has_a_short_title_and_a_calm_reason(language: Language) -> None:
    for kind, step in PLANNED:
        words = words_for(step, Subject(kind=kind, carrier="dhl", carrier_name="DHL"), language=language)
        assert 0 < len(words.title) <= 70
        assert not words.title.endswith((".", "!"))
        assert words.why
        assert "!" not in words.why
        assert len(words.why) <= 330


def test_no_text_has_a_hole_a_bracket_or_a_placeholder_in_it() -> None:
    for _, _, words in everything():
        text = advice(words)
        assert not re.search(r"None|[{}\[\]|]|\(\s*\)|„\s*“|“\s*”|  | [,.?!]|\n\n\n", text), text


def test_both_languages_offer_the_same_drafts_and_warnings() -> None:
    for kind, step in PLANNED:
        for subject in subjects(kind):
            german, english = (words_for(step, subject, language=language) for language in LANGUAGES)
            assert [draft.to for draft in german.drafts] == [draft.to for draft in english.drafts]
            assert (german.warning is None) == (english.warning is None)


def test_before_the_goods_are_back_no_text_suggests_a_button_that_gives_money_back() -> None:
    for kind, _, words in everything():
        if kind in AWAY:
            text = advice(words).casefold()
            assert not any(button in text for button in BUTTONS), text
            assert not GIVING_BACK.search(text), text


@IN_BOTH
@pytest.mark.parametrize("kind", [*AWAY, CaseKind.UNCLEAR])
def test_where_the_goods_may_be_away_a_warning_names_the_buttons_and_says_not_to_press(
    kind: CaseKind, language: Language
) -> None:
    warning = warning_for(kind, language=language)
    assert warning is not None
    assert re.match({"de": r"Drück .*\bnicht", "en": r"Do not press"}[language], warning)
    for button in ("Kauf stornieren", "Ich erstatte dem Käufer sein Geld zurück"):
        before = warning[: warning.index(button)]
        assert re.search(r"nicht|not |nor ", before)


@IN_BOTH
@pytest.mark.parametrize("kind", AWAY)
def test_each_case_with_the_goods_away_warns_at_its_first_step_and_where_money_is_the_subject(
    kind: CaseKind, language: Language
) -> None:
    order = [step for case_kind, step in PLANNED if case_kind is kind]
    tempting = {order[0], "parcel_back", "goods_back", "refund_seen", "outcome_seen", "agree_or_escalate"} & {
        *order
    }
    for step in tempting:
        words = words_for(step, Subject(kind=kind), language=language)
        assert words.warning == warning_for(kind, language=language)


@IN_BOTH
def test_as_long_as_the_goods_are_at_home_nothing_is_warned_of(language: Language) -> None:
    assert warning_for(CaseKind.BEFORE_SHIPMENT, language=language) is None
    assert words_for("ask_buyer", Subject(kind=CaseKind.BEFORE_SHIPMENT), language=language).warning is None


@IN_BOTH
@pytest.mark.parametrize("step", ["ask_buyer_to_refuse", "goods_back", "agree_or_escalate"])
def test_insisting_is_offered_beside_agreeing(step: str, language: Language) -> None:
    drafts = words_for(step, Subject(kind=CaseKind.IN_TRANSIT), language=language).drafts
    assert len(drafts) == 2
    assert "besteh" in drafts[1].label or "insist" in drafts[1].label


@IN_BOTH
def test_goods_under_way_are_never_said_to_be_at_home_and_goods_at_home_never_to_be_sent(
    language: Language,
) -> None:
    at_home = re.compile(r"nichts verschickt|verschicke ich nichts|will not ship|nicht verschickt")
    sent = re.compile(r"Einlieferungsbeleg|Sendungsverlauf|(?:habe ich|schon) verschickt")
    for kind, spoken, words in everything():
        texts = "\n".join(draft.text for draft in words.drafts)
        if spoken == language and kind in AWAY:
            assert not at_home.search(
                texts.replace("bevor ich etwas verschickt habe", "nichts verschickt")
            ), texts
        if spoken == language and kind is CaseKind.BEFORE_SHIPMENT:
            assert not sent.search(texts), texts


def test_nobody_asks_not_to_release_money_when_the_buyer_must_not_get_it_back() -> None:
    for _, _, words in everything():
        for draft in words.drafts:
            assert not re.search(r"geben Sie[^.]* frei|freigeben", draft.text), draft.name


@IN_BOTH
def test_under_way_the_reason_and_a_rough_tone_have_their_texts(language: Language) -> None:
    in_transit, disputed = Subject(kind=CaseKind.IN_TRANSIT), Subject(kind=CaseKind.DISPUTED)
    offered = [draft.name for draft in words_for("name_reason", in_transit, language=language).drafts]
    assert offered == ["ask_why_in_transit", "calm_answer"]
    answers = [draft.name for draft in words_for("answer_problem", disputed, language=language).drafts]
    assert answers == ["answer", "calm_answer"]


@IN_BOTH
def test_who_may_insist_under_way_reads_that_it_only_works_while_the_money_is_held(
    language: Language,
) -> None:
    held = {"de": "nur solange das Geld noch zurückgehalten wird", "en": "only while the money is still held"}
    drafts = words_for("ask_buyer_to_refuse", Subject(kind=CaseKind.IN_TRANSIT), language=language).drafts
    assert held[language] in drafts[1].label


@IN_BOTH
def test_in_a_dispute_nobody_says_that_the_buyer_has_the_goods(language: Language) -> None:
    warning = warning_for(CaseKind.DISPUTED, language=language) or ""
    assert {"de": "noch nicht wieder bei dir", "en": "not back with you yet"}[language] in warning
    assert not re.search(r"die Ware hat er|still has the goods", warning)


@IN_BOTH
def test_what_is_said_of_the_law_is_named_as_no_legal_advice(language: Language) -> None:
    no_advice = {"de": "keine Rechtsberatung", "en": "not legal advice"}[language]
    assert no_advice in law(language)
    for kind, spoken, words in everything():
        if spoken == language and re.search(r"Privatleuten|private persons", words.why):
            assert no_advice in words.why, kind


def test_the_old_provider_is_named_where_its_period_is() -> None:
    for language, doubt in (("de", "nicht bestätigt"), ("en", "not confirmed")):
        why = words_for("agree_or_escalate", Subject(kind=CaseKind.DISPUTED), language=language).why  # type: ignore[arg-type]
        assert "OPP" in why
        assert doubt in why


def test_for_dhl_the_buyer_is_asked_to_click_and_told_that_consent_comes_first() -> None:
    words = words_for("ask_buyer_to_refuse", Subject(kind=CaseKind.IN_TRANSIT, carrier="dhl"), language="de")
    assert "Annahme verweigern" in words.title
    assert words.draft is not None
    assert "Bist du einverstanden" in words.draft.text
    assert words.draft.to is Recipient.BUYER


def test_the_support_text_holds_what_the_support_asks_for() -> None:
    subject = next(one for one in subjects(CaseKind.IN_TRANSIT) if one.carrier == "dhl")
    words = words_for("tell_support", subject, language="de")
    assert words.draft is not None
    for fact in ("Friteuse", "2748193001", "Jana Petersen", "45,00 €", "DHL 00340434161094022115", "22.11."):
        assert fact in words.draft.text


@pytest.mark.parametrize(
    "hostile",
    ["{0.__class__}", "{buyer}", "[{title}|x]", "A\r\nBcc: x", "\u202egnp.exe", "{{ 7*7 }}", "x" * 10_000],
)
@IN_BOTH
def test_a_hostile_name_stays_a_name(hostile: str, language: Language) -> None:
    subject = Subject(
        kind=CaseKind.IN_TRANSIT, title=hostile, buyer=hostile, carrier="dhl", carrier_name=hostile
    )
    for step in known_steps(language):
        text = advice(words_for(step, subject, language=language))
        assert "class '" not in text
        assert "\r" not in text
        assert "\u202e" not in text
        assert "\nBcc" not in text
        assert "x" * 81 not in text


def test_a_step_of_a_later_version_has_its_id_for_a_title() -> None:
    assert words_for("from_the_future", Subject(), language="de").title == "from_the_future"
