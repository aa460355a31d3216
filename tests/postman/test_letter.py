"""What the seller reads when an alert arrives."""

import re
from dataclasses import replace
from datetime import time, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from functools import cache

import pytest

from notifiers.letter import compose
from notifiers.message import Message, Urgency
from tests.postman.reader import page, write
from tests.postman.samples import (
    HEAD,
    NEWS,
    SEEN_AT,
    a_case,
    an_order,
    case_facts,
    every_letter,
    facts,
)
from tests.support.every import every
from watcher.carriers import own
from watcher.carriers.own import OwnEntry
from watcher.domain.alert import AlertKind
from watcher.domain.confidence import Confidence
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.postman.letter_case import GOODS_AWAY
from watcher.texts.language import LANGUAGES, Language
from watcher.texts.playbook import warning_for

LETTERS = every_letter()
ONE_OF_EACH = [
    *(f"opened-{kind}-likely-known" for kind in CaseKind),
    "reminder-in_transit-2-known",
    "refund-in_transit-known",
    "unknown-known",
    "missing-known",
    "trouble-logged_out",
    "reinstated-known",
    *NEWS,
]
EACH = every("name", LETTERS)
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "A\r\nBcc: victim@example.org\r\n\r\n",
    "\u202e\u2066gnp.exe\u200b",
    "{0.__class__} {buyer} [{title}|x]",
    "{{ 1234 * 5678 }}{% raw %}",
    "\x1b[2J\x00\ud800",
    "x" * 5_000,
]


@cache
def ready(name: str, language: Language) -> Message:
    """A sample's letter, written once."""
    return write(LETTERS[name], language)


@pytest.mark.slow
@EACH
@IN_BOTH
def test_every_letter_is_whole_in_text_and_in_html(name: str, language: Language) -> None:
    message = ready(name, language)
    shown = page(message).text
    for text in (message.subject, message.summary, message.text, shown):
        assert text.strip()
        assert not re.search(r"\bNone\b|\{[a-z_]|\{\{|\{%|\(\s*\)|„\s*“|Undefined|\|\w+\]", text), text
    assert "\n\n\n" not in message.text
    assert len(message.summary.splitlines()) <= 3
    assert message.html is not None
    assert len(message.html.encode()) < 90_000  # Gmail clips what is longer than about 102 kB
    assert f'lang="{language}"' in message.html


@pytest.mark.slow
@EACH
@IN_BOTH
def test_no_letter_suggests_a_button_that_gives_money_back(name: str, language: Language) -> None:
    given = LETTERS[name]
    kind = given.case.kind if given.case else None
    warning = warning_for(kind, language=language) or "\0"
    message = ready(name, language)
    for text in (message.text, page(message).text):
        rest = text.replace(warning, "").casefold()
        assert "kauf stornieren" not in rest
        assert "ich erstatte" not in rest
        if kind in GOODS_AWAY and given.case.is_open and given.alert.kind is not AlertKind.REFUND_SEEN:
            assert warning in text


@EACH
def test_no_letter_promises_what_does_not_exist_yet(name: str) -> None:
    message = ready(name, "de")
    for promise in (
        "antworte auf diese",
        "antworten auf diese",
        "klick hier, um zu bestätigen",
        "stornowacht probe",
        "stornowacht attach",
    ):
        assert promise not in message.text.casefold()


@pytest.mark.slow
@pytest.mark.parametrize("hostile", HOSTILE)
@IN_BOTH
def test_hostile_names_stay_names_on_every_surface(hostile: str, language: Language) -> None:
    order = an_order(
        title=hostile, buyer=hostile, ad_id=hostile, carrier=hostile, tracking_number=hostile,
        unknown_events=(hostile,),
    )  # fmt: skip
    for name in ONE_OF_EACH:
        given = LETTERS[name]
        alert = replace(given.alert, details=tuple((key, hostile) for key, _ in given.alert.details))
        strange = replace(given, alert=alert, order=order, account=hostile, unverified=(order,) * 7)
        message = write(strange, language)
        shown = page(message)
        for text in (message.subject, message.summary, message.text, shown.text):
            assert not re.search("[\r\x00\x1b\u202e\u2066\ud800]", text)
            assert "\nBcc" not in text
            assert "class '" not in text
            assert "7006652" not in text
        assert "\n" not in message.subject
        assert set(shown.tags) <= {*page(ready(name, language)).tags, "a"}
        assert "script" not in shown.tags
        assert not shown.values("onerror")
        assert len(message.subject) <= 180


@every("hostile", HOSTILE)
def test_a_hostile_letter_can_be_sent_as_a_mail_with_no_header_more(hostile: str) -> None:
    order = an_order(title=hostile, buyer=hostile)
    message = write(case_facts(CaseKind.IN_TRANSIT, order=order))
    mail = compose(
        message, sender=Address("S", "a", "example.org"), recipients=[Address("B", "b", "example.org")],
        app_name="Stornowacht", language="de",
    )  # fmt: skip
    again = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert again["Bcc"] is None
    assert {"multipart/alternative", "multipart/related", "image/png"} <= {
        part.get_content_type() for part in again.walk()
    }


@every(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a b",
        "http://",
        "//x",
        "https://x\u202e.de",
        "http://[",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    message = write(facts(AlertKind.ORDER_UNKNOWN, order=an_order(), conversation_url=url))
    assert url not in page(message).values("href")
    assert url not in message.text
    assert message.url != url


def test_the_subject_says_it_all_on_a_lock_screen() -> None:
    subjects = {
        kind: write(case_facts(kind)).subject
        for kind in (CaseKind.IN_TRANSIT, CaseKind.BEFORE_SHIPMENT, CaseKind.AFTER_DELIVERY, CaseKind.UNCLEAR)
    }
    assert subjects == {
        CaseKind.IN_TRANSIT: "Storniert, Paket unterwegs: Friteuse (45,00 €) – bis 04:00 Uhr handeln",
        CaseKind.BEFORE_SHIPMENT: "Storniert: Friteuse (45,00 €) – nicht abgeben",
        CaseKind.AFTER_DELIVERY: "Storniert nach Zustellung: Friteuse (45,00 €) – erst Ware, dann Geld",
        CaseKind.UNCLEAR: "Storniert, Paket wo?: Friteuse (45,00 €) – nicht abgeben, nachsehen",
    }


def test_a_long_title_does_not_push_the_deadline_out_of_the_subject() -> None:
    subject = write(case_facts(CaseKind.IN_TRANSIT, order=an_order(title="Sehr " * 40))).subject
    assert subject.endswith("… (45,00 €) – bis 04:00 Uhr handeln")


@pytest.mark.parametrize(
    ("confidence", "subject", "lead"),
    [
        (Confidence.CERTAIN, "Storniert", "Kleinanzeigen zeigt den Verkauf als storniert."),
        (Confidence.LIKELY, "Wohl storniert", "Das sieht nach einer Stornierung aus – sieh selbst nach."),
        (Confidence.UNSURE, "Vielleicht storniert", "sieh unbedingt selbst nach"),
    ],
)
def test_it_sounds_as_sure_as_it_is(confidence: Confidence, subject: str, lead: str) -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT, confidence=confidence))
    assert message.subject.startswith(f"{subject}, ")
    assert lead in message.text
    assert lead in page(message).text
    if confidence is not Confidence.CERTAIN:
        assert "Kleinanzeigen zeigt den Verkauf als storniert" not in message.text


def test_a_refund_that_opened_the_case_is_called_a_refund() -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT, order=an_order(stage=Stage.REFUNDED)))
    assert message.subject.startswith("Erstattet, Paket unterwegs")
    assert "Geld: laut Seite zurück beim Käufer" in message.text


@pytest.mark.parametrize("kind", [AlertKind.CASE_OPENED, AlertKind.REFUND_SEEN])
def test_once_the_money_is_back_with_the_buyer_nobody_is_told_to_insist(kind: AlertKind) -> None:
    text = write(case_facts(CaseKind.IN_TRANSIT, kind, order=an_order(stage=Stage.REFUNDED))).text
    assert "Hallo Jana Petersen," in text
    assert "bestehst" not in text.split("Danach")[0]


def test_the_first_step_comes_with_its_text_to_copy_before_everything_else_to_do() -> None:
    text = write(case_facts(CaseKind.IN_TRANSIT)).text
    places = [
        text.index(words)
        for words in ("Das Erste: Bitte den Käufer", "Hallo Jana Petersen,", "Dann: Versuch")
    ]
    assert places == sorted(places)
    assert "stornowacht done ck7m2xap ask_buyer_to_refuse" in text


def test_the_carriers_ways_carry_source_date_and_confidence() -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT))
    for text in (message.text, page(message).text):
        assert (
            "paketda.de/news-dhl-paketstopp.html (Seite von 2021-11), gelesen 11/2026. Nicht bestätigt"
            in text
        )
        assert "Eine geprüfte Telefonnummer ist nicht bekannt" in text
        assert "(Uhrzeit nicht bestätigt)" in text


def test_a_time_of_day_that_a_source_names_is_not_called_unconfirmed() -> None:
    order = an_order(carrier="hermes")
    assert "Uhrzeit nicht bestätigt" not in write(case_facts(CaseKind.IN_TRANSIT, order=order)).text


def test_a_carrier_nobody_has_described_is_named_and_everything_is_due_at_once() -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT, order=an_order(carrier="dsv")))
    assert message.subject.endswith("– jetzt handeln")
    assert "Wege bei DSV" in message.text
    assert "dhl.de" not in message.text


def test_what_the_seller_knows_about_the_carrier_is_shown_as_their_own_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = OwnEntry(phone="030 23125 000", cutoff=time(21, 15), note="Zweimal klingeln")
    monkeypatch.setattr(own, "_in_force", [{"hermes": entry}])
    message = write(case_facts(CaseKind.IN_TRANSIT, order=an_order(carrier="hermes")))
    for text in (message.text, page(message).text):
        assert "Telefon: 030 23125 000 (dein eigener Eintrag)" in text
        assert "Anfragen bis 21:15 Uhr (dein eigener Eintrag)." in text
        assert "Dein eigener Eintrag: Zweimal klingeln" in text
        assert "Eine geprüfte Telefonnummer ist nicht bekannt" not in text
    other = write(case_facts(CaseKind.IN_TRANSIT, order=an_order(carrier="dhl")))
    assert "dein eigener Eintrag" not in other.text


def test_a_carrier_fact_that_nobody_has_read_for_a_year_is_shown_as_old() -> None:
    assert "ALT: " not in write(case_facts(CaseKind.IN_TRANSIT)).text
    late = replace(case_facts(CaseKind.IN_TRANSIT), now=SEEN_AT + timedelta(days=500))
    assert "ALT: Seit mehr als einem Jahr hat niemand die Quelle gelesen." in write(late).text


def test_steps_that_are_done_are_not_asked_for_again() -> None:
    case = a_case(CaseKind.IN_TRANSIT).with_step_done("ask_buyer_to_refuse", at=SEEN_AT, by="seller")
    message = write(facts(order=an_order(), case=case))
    assert "Das Erste: Versuch es auch bei DHL" in message.text
    assert "Hallo Jana" not in message.text
    for step in ("ask_carrier", "tell_support"):
        case = case.with_step_done(step, at=SEEN_AT, by="seller")
    message = write(facts(order=an_order(), case=case))
    assert "Wege bei DHL" not in message.text
    assert message.subject.endswith("– noch Schritte offen")


def test_an_unclear_case_asks_where_the_goods_are_and_how_to_answer() -> None:
    text = write(case_facts(CaseKind.UNCLEAR)).text
    for answer in ("still_at_home", "handed_in", "with_buyer"):
        assert f"stornowacht done ck7m2xap {answer}" in text


def test_a_pick_up_has_no_parcel_and_no_carrier() -> None:
    message = write(LETTERS["opened-pickup"])
    assert message.subject == "Storniert: Friteuse (45,00 €) – nicht übergeben"
    assert "Paket" not in message.text
    assert "DHL" not in message.text


def test_a_second_reminder_is_louder_and_says_for_how_long_nobody_has_answered() -> None:
    first, second = (
        write(
            case_facts(
                CaseKind.IN_TRANSIT,
                AlertKind.CASE_REMINDER,
                round_number=number,
                now=SEEN_AT + timedelta(hours=3, minutes=number),
            )
        )
        for number in (1, 2)
    )
    assert first.subject.startswith("1. Erinnerung: Storniert, Paket unterwegs")
    assert second.subject.startswith("2. ERINNERUNG: Storniert, Paket unterwegs")
    assert "Seit 3 Stunden hat niemand bestätigt" in second.text
    assert second.summary.startswith("2. Erinnerung\n")


def test_a_reminder_after_the_deadline_says_so_and_still_says_try() -> None:
    message = write(
        case_facts(
            CaseKind.IN_TRANSIT, AlertKind.CASE_REMINDER, round_number=9, now=SEEN_AT + timedelta(hours=12)
        )
    )
    assert message.subject.endswith("– trotzdem sofort versuchen")
    assert "Die Frist (Mo., 23.11., 04:00 Uhr) ist vorbei." in message.text


def test_an_acknowledged_case_is_not_asked_to_be_acknowledged() -> None:
    case = a_case(CaseKind.IN_TRANSIT, acknowledged_at=SEEN_AT)
    assert "stornowacht ack" not in write(facts(order=an_order(), case=case)).text
    assert "stornowacht ack ck7m2xap" in write(case_facts(CaseKind.IN_TRANSIT)).text


def test_a_refund_while_the_goods_are_away_says_that_they_are_not_back() -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT, AlertKind.REFUND_SEEN))
    assert message.subject == "Erstattung gesehen: Friteuse (45,00 €) – Ware noch nicht zurück"


def test_a_refund_after_the_parcel_came_back_is_good_news() -> None:
    case = a_case(CaseKind.IN_TRANSIT).with_step_done("parcel_back", at=SEEN_AT, by="seller")
    message = write(facts(AlertKind.REFUND_SEEN, order=an_order(), case=case))
    assert message.subject == "Erstattung gesehen: Friteuse (45,00 €)"


@pytest.mark.parametrize(
    ("outcome", "way"),
    [
        (Outcome.LOGGED_OUT, "stornowacht login main"),
        (Outcome.CONSENT, "stornowacht login main"),
        (Outcome.CHALLENGE, "stornowacht login main"),
        (Outcome.BLOCKED, "stornowacht status"),
        (Outcome.UNREACHABLE, "stornowacht check main"),
        (Outcome.UNREADABLE, "stornowacht check main"),
        (Outcome.PARTIAL, "stornowacht check main"),
        (None, "stornowacht status"),
    ],
)
@IN_BOTH
def test_trouble_with_the_account_names_the_way_out(
    outcome: Outcome | None, way: str, language: Language
) -> None:
    message = write(facts(AlertKind.ACCOUNT_TROUBLE, outcome=outcome), language)
    assert f"    {way}\n" in message.text
    assert way in page(message).text
    assert "main" in message.subject


def test_an_account_name_with_blanks_is_quoted_in_the_command() -> None:
    message = write(
        facts(AlertKind.ACCOUNT_TROUBLE, outcome=Outcome.LOGGED_OUT, account="mein konto; rm -rf")
    )
    assert "stornowacht login 'mein konto; rm -rf'" in message.text


def test_the_picture_stands_in_the_letter_by_its_name() -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT))
    [picture] = message.pictures
    assert f"cid:{picture.name}" in page(message).values("src")


@pytest.mark.parametrize("picture", [None, b"", b"RIFF....WEBP"])
def test_without_a_png_there_is_no_broken_picture(picture: bytes | None) -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT, picture=picture))
    assert message.pictures == ()
    assert page(message).values("src") == []


def test_all_letters_of_a_case_share_a_thread_and_those_of_an_account_another() -> None:
    assert write(case_facts(CaseKind.IN_TRANSIT)).thread == "ck7m2xap"
    assert write(case_facts(CaseKind.IN_TRANSIT, AlertKind.REFUND_SEEN)).thread == "ck7m2xap"
    assert write(facts(AlertKind.ACCOUNT_TROUBLE, outcome=Outcome.BLOCKED)).thread == "account/main"


def test_the_message_carries_key_time_urgency_and_whether_it_is_a_repeat() -> None:
    given = case_facts(CaseKind.IN_TRANSIT, repeat=True)
    message = write(given)
    assert (message.key, message.at, message.repeat) == (given.alert.key, SEEN_AT, True)
    assert message.urgency is Urgency.CRITICAL
    calm = replace(given, alert=replace(given.alert, critical=False))
    assert write(calm).urgency is Urgency.NORMAL


def test_the_head_of_the_ledger_stands_in_the_footer() -> None:
    message = write(case_facts(CaseKind.IN_TRANSIT))
    assert HEAD in message.text
    assert HEAD in page(message).text


def test_the_times_are_those_of_the_given_zone() -> None:
    message = write(replace(case_facts(CaseKind.IN_TRANSIT), tz=SEEN_AT.tzinfo))
    assert message.subject.endswith("– bis 03:00 Uhr handeln")
