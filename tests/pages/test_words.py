"""What a card's wording means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.shop.cards import CARDS
from tests.pages.captures import steady
from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage
from watcher.pages.wording import UNKNOWN, meaning_of_words, plain_text

STAGES = {
    "REQUESTED": Stage.REQUESTED,
    "COUNTER_OFFERED": Stage.REQUESTED,
    "REQUEST_DECLINED": Stage.DECLINED,
    "REQUEST_AUTO_DECLINED": Stage.DECLINED,
    "BUYER_DECLINED": Stage.DECLINED,
    "ACCEPTED": Stage.AWAITING_PAYMENT,
    "PAYMENT_PENDING": Stage.AWAITING_PAYMENT,
    "PAID": Stage.PAID,
    "PAID_WITH_DATE": Stage.PAID,
    "AVAILABILITY_ASKED": Stage.PAID,
    "AVAILABILITY_CONFIRMED": Stage.PAID,
    "SHIPPED": Stage.SHIPPED,
    "DELIVERED": Stage.DELIVERED,
    "RECEIVED": Stage.RECEIVED,
    "PAID_OUT": Stage.PAID_OUT,
    "PAYMENT_EXPIRED": Stage.EXPIRED,
    "BUYER_CANCELLED": Stage.CANCELLED,
    "SELLER_CANCELLED": Stage.CANCELLED,
    "REFUNDED": Stage.REFUNDED,
    "CHARGEBACK": Stage.REFUNDED,
    "DISPUTED": Stage.DISPUTED,
    "SURVEY": None,
    "MYSTERY": Stage.UNKNOWN,
}


def stage_of(heading, text=""):
    return meaning_of_words(heading, text).stage


@every("name", sorted(CARDS))
def test_every_card_of_the_practice_shop_is_read_as_what_it_is(name):
    words = CARDS[name].words
    assert stage_of(words.title, words.text) is STAGES[name]


def test_a_paid_pickup_is_read_from_its_text():
    words = CARDS["PAID"].pickup
    assert stage_of(words.title, words.text) is Stage.PAID


@every(
    "heading",
    [
        "Der Käufer hat storniert",
        "Kauf storniert",
        "Stornierung",
        "Stornierungsanfrage des Käufers",
        "Storno durch den Käufer",
        "Kauf abgebrochen",
        "Abbruch durch den Käufer",
        "Der Käufer hat den Kauf zurückgezogen",
        "Der Käufer ist vom Kauf zurückgetreten",
        "Kauf widerrufen",
        "Widerruf",
        "Kauf rückgängig gemacht",
        "Order cancelled",
        "KAUF STORNIERT",
    ],
)
def test_every_word_for_a_cancellation_is_likely_one(heading):
    """Likely, because no public source shows the platform's own word."""
    meaning = meaning_of_words(heading)
    assert (meaning.stage, meaning.confidence) == (Stage.CANCELLED, Confidence.LIKELY)


@every(
    "heading",
    [
        "Rückerstattung",
        "Geld erstattet",
        "Rückzahlung",
        "Geld zurückgezahlt",
        "Refund",
        "Chargeback",
        "Rückbuchung",
    ],
)
def test_every_word_for_money_going_back_is_likely_a_refund(heading):
    meaning = meaning_of_words(heading)
    assert (meaning.stage, meaning.confidence) == (Stage.REFUNDED, Confidence.LIKELY)


@every(
    "heading",
    [
        "Die Anfrage wurde automatisch abgelehnt.",
        "Anfrage automatisch abgelehnt",
        "Anfrage abgelehnt",
        "Preisvorschlag abgelehnt",
        "Der Käufer hat die Anfrage zurückgezogen",
        "Gegenangebot wurde vom Käufer abgelehnt",
    ],
)
def test_a_request_that_is_refused_or_withdrawn_is_declined(heading):
    assert stage_of(heading) is Stage.DECLINED


@every(
    ("heading", "stage"),
    [
        ("Die Anfrage wurde automatisch abgelehnt.", Stage.DECLINED),
        ("Geld ausgezahlt", Stage.PAID_OUT),
        ("Artikel versenden", Stage.PAID),
        ("Verfügbarkeit bestätigt", Stage.PAID),
        ("Zahlung ausstehend", Stage.AWAITING_PAYMENT),
        ("Anfrage erhalten", Stage.REQUESTED),
        ("Preisvorschlag", Stage.REQUESTED),
        ("Gegenangebot", Stage.REQUESTED),
    ],
)
def test_words_that_a_source_shows_are_certain(heading, stage):
    meaning = meaning_of_words(heading)
    assert (meaning.stage, meaning.confidence) == (stage, Confidence.CERTAIN)


@pytest.mark.parametrize(
    ("heading", "text", "stage"),
    [
        ("Artikel versenden", "Versende bis morgen, sonst wird der Kauf storniert.", Stage.PAID),
        (
            "Zahlung ausstehend",
            "Der Käufer kann den Kauf noch abbrechen oder storniert ihn.",
            Stage.AWAITING_PAYMENT,
        ),
        ("Der Käufer hat storniert", "Der Artikel wurde versendet.", Stage.CANCELLED),
    ],
)
def test_the_heading_decides_over_the_text(heading, text, stage):
    assert stage_of(heading, text) is stage


def test_the_text_of_an_unknown_heading_is_asked_and_believed_less():
    meaning = meaning_of_words("Neuigkeit", "Der Käufer hat den Kauf storniert.")
    assert (meaning.stage, meaning.confidence) == (Stage.CANCELLED, Confidence.UNSURE)


@every(
    "heading",
    [
        "Der Kauf wurde nicht storniert",
        "Der Kauf kann nicht mehr storniert werden",
        "Nicht vom Käufer storniert",
        "Keine Stornierung",
        "Stornierung nicht möglich",
        "Stornierung abgelehnt",
        "Keine Rückerstattung",
        "Noch nicht erstattet",
        "Rückerstattung fehlgeschlagen",
        "Kein Problem gemeldet",
        "Geld noch nicht ausgezahlt",
        "Auszahlung fehlgeschlagen",
        "Artikel noch nicht versandt",
        "Noch nicht unterwegs",
        "Paket konnte nicht zugestellt werden",
        "Anfrage noch nicht akzeptiert",
    ],
)
def test_a_negation_is_for_a_person_to_read(heading):
    assert meaning_of_words(heading) == UNKNOWN


@pytest.mark.parametrize(
    "heading",
    [
        "Nicht bezahlt, Kauf storniert",
        "Kauf storniert, nicht versenden!",
        "Kauf storniert – bitte nicht mehr versenden",
        "Kauf storniert: Geld noch nicht erstattet",
        "Nicht geliefert und deshalb storniert",
    ],
)
def test_a_negation_elsewhere_does_not_hide_a_cancellation(heading):
    assert stage_of(heading) is Stage.CANCELLED


@pytest.mark.parametrize(
    "text",
    [
        "Versende den Artikel bis morgen, sonst wird der Kauf storniert.",
        "Wenn der Käufer storniert, sagen wir dir Bescheid.",
        "Falls das Paket nicht ankommt, gibt es eine Rückerstattung.",
    ],
)
def test_what_could_happen_has_not_happened(text):
    assert meaning_of_words("Erinnerung", text) == UNKNOWN


def test_a_condition_ends_with_its_sentence():
    assert stage_of("Neuigkeit", "Melde dich, wenn du magst. Der Kauf wurde storniert.") is Stage.CANCELLED


def test_a_failed_payment_says_itself_what_it_means():
    assert stage_of("Die Zahlung ist nicht eingegangen") is Stage.EXPIRED


@every(
    "heading",
    [
        "Kauf\u00a0storniert",
        "Kauf\u2009storniert",
        "Kauf\u202fstorniert",
        "  Kauf\n\tstorniert ",
        "Kauf stor\u00adniert",
        "Kauf \u200bstorniert",
        "\u202eKauf storniert\u202c",
    ],
)
def test_thin_breaking_and_invisible_spaces_change_nothing(heading):
    assert stage_of(heading) is Stage.CANCELLED


def test_an_umlaut_may_be_written_in_two_characters():
    assert stage_of("Kauf zuru\u0308ckgezogen") is Stage.CANCELLED


@pytest.mark.parametrize("heading", ["", "   ", "Neuigkeit", "Paket teleportiert", "Kauf stornieren"])
def test_words_that_no_table_knows_are_unknown(heading):
    assert meaning_of_words(heading) == UNKNOWN


def test_a_survey_says_nothing_about_the_order():
    assert stage_of("Bewerte deine Erfahrung") is None


@steady
@given(st.text(max_size=300), st.text(max_size=300))
def test_no_words_whatever_are_too_much(heading, text):
    assert meaning_of_words(heading, text).confidence in Confidence


@steady
@given(st.text(max_size=200))
def test_plain_text_is_one_visible_line(text):
    plain = plain_text(text)
    assert plain == plain_text(plain)
    assert plain.isprintable()
    assert plain == plain.strip()
