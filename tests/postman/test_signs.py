"""Hints in letters: why the buyer cancelled, and what is worth a second look. Every quote in them is invented."""

from dataclasses import replace

import pytest

from notifiers.message import Message
from tests.postman.reader import page, write
from tests.postman.samples import FOUND, SEEN_AT, SIGNS, a_case, an_order, case_facts, facts
from tests.postman.test_letter import HOSTILE
from watcher.domain.alert import AlertKind
from watcher.domain.reason import CancelReason
from watcher.domain.signs import Sign
from watcher.domain.step import CaseKind
from watcher.postman.letter import LetterFacts
from watcher.texts.language import LANGUAGES, Language

IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)


def surfaces(given: LetterFacts, language: Language = "de") -> tuple[Message, list[str]]:
    message = write(given, language)
    return message, [" ".join(text.split()) for text in (message.text, page(message).text)]


def opened(kind: CaseKind = CaseKind.IN_TRANSIT, **changes: object) -> LetterFacts:
    return case_facts(kind, order=an_order(), **changes)


def test_a_new_cases_letter_gives_the_reason_found_with_its_sentence_and_rule_as_a_hint() -> None:
    _, shown = surfaces(opened(found=FOUND))
    for text in shown:
        assert "woanders günstiger gefunden (wahrscheinlich; ein Hinweis, kein Urteil)" in text
        assert "„Ich habe sie woanders günstiger gefunden.“ – Regel: found_cheaper" in text


def test_it_says_when_none_was_found_and_what_the_seller_named_comes_first() -> None:
    _, shown = surfaces(opened())
    assert all("im Chat keiner gefunden" in text for text in shown)
    named = replace(opened(found=FOUND), case=a_case(CaseKind.IN_TRANSIT, reason=CancelReason.EMERGENCY))
    _, shown = surfaces(named)
    for text in shown:
        assert "Notfall (von dir genannt)" in text
        assert "günstiger" not in text


def test_a_dispute_has_no_reason_for_a_cancellation() -> None:
    _, shown = surfaces(opened(CaseKind.DISPUTED, found=FOUND))
    assert not any("günstiger" in text or "keiner gefunden" in text for text in shown)


@IN_BOTH
@pytest.mark.parametrize("kind", [AlertKind.CASE_OPENED, AlertKind.CASE_REMINDER, AlertKind.SIGNS_SEEN])
def test_each_sign_says_what_was_written_what_to_do_and_which_rule_raised_it(
    kind: AlertKind, language: Language
) -> None:
    given = (
        facts(kind, order=an_order(), signs=SIGNS)
        if kind is AlertKind.SIGNS_SEEN
        else case_facts(CaseKind.IN_TRANSIT, kind, order=an_order(), signs=SIGNS)
    )
    _, shown = surfaces(given, language)
    for text in shown:
        assert "Kann ich das Geld auch per PayPal schicken?" in text
        assert "pays_elsewhere" in text
        assert "new_account" in text
        assert {"de": "Hinweise, keine Urteile", "en": "hints, no verdicts"}[language] in text
        assert {"de": "Bleib bei „Sicher bezahlen“", "en": "Stay with “Sicher bezahlen”"}[language] in text


def test_in_a_cases_letter_what_must_be_done_comes_before_the_hints() -> None:
    message, _ = surfaces(opened(signs=SIGNS))
    assert message.text.index("stornowacht ack") < message.text.index("PayPal")


def test_a_letter_about_signs_is_not_loud() -> None:
    given = facts(AlertKind.SIGNS_SEEN, order=an_order(), signs=SIGNS)
    message = write(replace(given, alert=replace(given.alert, critical=False)))
    assert message.urgency.name == "NORMAL"
    assert "Zahlung an der Plattform vorbei" in message.summary


def test_an_address_in_a_quote_is_no_link_in_a_mail() -> None:
    quote = "Bestätige hier: https://kleinanzeigen-auszahlung.example/x oder kleinanzeigen-geld.example"
    sign = Sign(rule="asks_code", at=SEEN_AT, quote=quote)
    found = replace(FOUND, sentence=quote)
    message, shown = surfaces(opened(signs=(sign,), found=found))
    assert not any("auszahlung.example" in href for href in page(message).values("href"))
    for text in shown:
        assert "kleinanzeigen-auszahlung[.]example" in text
        assert "://kleinanzeigen" not in text
        assert "geld.example" not in text


@IN_BOTH
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_quotes_stay_words_on_every_surface(hostile: str, language: Language) -> None:
    signs = tuple(Sign(rule=rule, at=None, quote=hostile) for rule in ("haste", "courier", hostile))
    for given in (
        opened(signs=signs, found=replace(FOUND, sentence=hostile, rule=hostile)),
        facts(AlertKind.SIGNS_SEEN, order=an_order(), signs=signs),
    ):
        message = write(given, language)
        shown = page(message)
        for text in (message.subject, message.summary, message.text, shown.text):
            assert not set(text) & set("\r\x00\x1b\u202e\u2066\ud800")
            assert "\nBcc" not in text
            assert "class '" not in text
            assert "7006652" not in text
        assert "script" not in shown.tags
        assert not shown.values("onerror")
        assert len(message.text) < 20_000


def test_of_many_signs_the_letter_shows_some_and_says_how_many_more_there_are() -> None:
    signs = tuple(Sign(rule=f"rule_{number}", at=SEEN_AT) for number in range(9))
    _, shown = surfaces(opened(signs=signs))
    assert all("und 3 weitere" in text for text in shown)


def test_the_step_that_asks_for_the_reason_says_how_to_name_it() -> None:
    case = a_case(CaseKind.BEFORE_SHIPMENT)
    given = replace(
        facts(AlertKind.STEP_DUE, order=an_order(), details=(("step", "name_reason"),)), case=case
    )
    _, shown = surfaces(given)
    assert all(f"stornowacht reason {case.id}" in text for text in shown)


def test_the_step_to_the_police_leads_to_their_online_station() -> None:
    case = a_case(CaseKind.IN_TRANSIT)
    step = replace(case.steps[0], id="report_to_police", moves_to=None)
    given = replace(
        facts(AlertKind.STEP_DUE, order=an_order(), details=(("step", "report_to_police"),)),
        case=replace(case, steps=(step,)),
    )
    message, _ = surfaces(given)
    assert "https://portal.onlinewache.polizei.de/de/" in page(message).values("href")
    assert "Onlinewache der Polizei:\nhttps://portal.onlinewache.polizei.de/de/" in message.text
