"""Why a buyer cancelled. Every sentence here is invented."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.captures import steady
from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.message import LONGEST_TEXT, Message
from watcher.domain.reason import CancelReason, FoundReason
from watcher.pages.reasons import MOST_CHARACTERS, reason_in

CANCELLED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

LIKELY = [
    ("found_cheaper", "Hallo, ich muss leider stornieren. Ich habe es woanders günstiger gefunden."),
    ("found_cheaper", "Sorry, hab storniert, bei einem anderen Anbieter zugeschlagen."),
    ("found_cheaper", "I cancelled because I found it cheaper elsewhere."),
    ("found_cheaper", "Ich habe storniert, da ich ein besseres Angebot bekommen habe"),
    ("second_thoughts", "Ich habe es mir anders überlegt und storniert."),
    ("second_thoughts", "Bitte stornieren, ich brauche die Lampe doch nicht mehr."),
    ("second_thoughts", "Habe aus Versehen auf kaufen geklickt, bitte rückgängig machen."),
    ("second_thoughts", "Sorry, I changed my mind, please cancel."),
    ("second_thoughts", "Wir möchten den Tisch doch nicht nehmen."),
    ("second_thoughts", "I cancelled it, I don’t need it anymore."),
    ("description", "Die Bilder stimmen nicht mit der Beschreibung überein, daher Storno."),
    ("description", "Das Kleid ist nicht wie beschrieben, ich storniere."),
    ("description", "Ich trete vom Kauf zurück, der Schrank ist leider zu groß."),
    ("description", "Cancelled, the item is not as described."),
    ("shipping_cost", "Der Versand ist mir zu teuer, ich habe storniert."),
    ("shipping_cost", "Habe storniert wegen der zu hohen Versandkosten"),
    ("shipping_cost", "Shipping is too expensive for me, so I cancelled."),
    ("slow_shipping", "Sie haben immer noch nicht verschickt, deshalb habe ich storniert."),
    ("slow_shipping", "Der Versand dauert mir zu lange, bitte Kauf abbrechen."),
    ("slow_shipping", "Ich storniere, es kommt zum Geburtstag zu spät."),
    ("slow_shipping", "It hasn't been shipped, I want a refund."),
    ("slow_answers", "Keine Antwort seit Tagen, ich habe storniert."),
    ("slow_answers", "Sie haben nicht geantwortet, daher Storno."),
    ("slow_answers", "You never reply, I cancelled the order."),
    ("emergency", "Muss stornieren, wir hatten einen Todesfall in der Familie."),
    ("emergency", "Mein Auto ist kaputt, ich muss den Kauf leider absagen."),
    ("emergency", "I have to cancel, my father is in hospital."),
    ("other", "Das wirkt auf mich wie Betrug, ich storniere."),
    ("other", "Mir ist das nicht geheuer, bitte Geld zurück."),
    ("other", "I cancelled, I don't trust this."),
    ("none_given", "Ich storniere ohne Angabe von Gründen."),
    ("none_given", "Ich muss aus persönlichen Gründen stornieren."),
]
NOTHING = [
    "Hallo, ist der Artikel noch da?",
    "Vielen Dank, das Paket ist da!",
    "Die Versandkosten sind nicht zu teuer, passt alles.",
    "Keine Sorge, ich halte das nicht für Betrug.",
    "Ich habe es nirgends günstiger gesehen, danke!",
    "Geht es auch günstiger?",
    "Wenn ich es woanders günstiger finde, melde ich mich.",
    "Haben Sie es noch nicht verschickt?",
    "Ist das ein Fake oder ein Original?",
    "Entschuldigung, dass ich nicht geantwortet habe.",
    "Ich storniere nicht, keine Angst.",
    "Können Sie den Kauf stornieren?",
    "Die Lampe ist genau wie beschrieben.",
    "Falls der Versand zu teuer ist, hole ich ab.",
    "Ist der Schrank nicht zu groß für einen Kombi?",
    "",
]


def said(text: str, *, hours: float = 0, inbound: bool | None = True) -> Message:
    return Message(at=CANCELLED + timedelta(hours=hours), inbound=inbound, text=text)


def found(*messages: Message) -> FoundReason:
    reason = reason_in(messages, cancelled_at=CANCELLED)
    assert reason is not None
    return reason


@every(("reason", "text"), LIKELY)
def test_a_reason_in_a_message_that_cancels_is_likely(reason, text):
    told = found(said(text, hours=-1))
    assert (told.reason, told.confidence) == (CancelReason(reason), Confidence.LIKELY)
    assert told.sentence


@every("text", NOTHING)
def test_other_words_are_no_reason(text):
    assert reason_in([said(text, hours=-1)], cancelled_at=CANCELLED) is None


def test_the_sentence_is_the_one_that_gives_the_reason():
    told = found(said("Hallo Marlene. Ich habe es günstiger gefunden! Bitte stornieren."))
    assert told.sentence == "Ich habe es günstiger gefunden!"
    assert "günstiger" not in repr(told)


def test_a_reason_without_a_word_of_cancelling_is_unsure_and_must_be_close():
    text = "Leider habe ich es woanders günstiger gefunden."
    assert found(said(text, hours=-2)).confidence is Confidence.UNSURE
    assert reason_in([said(text, hours=-24 * 5)], cancelled_at=CANCELLED) is None


def test_a_reason_that_no_phrase_knows_is_another_one_unsurely():
    told = found(said("Ich muss leider stornieren, weil der Papagei die Farbe ablehnt."))
    assert (told.reason, told.confidence) == (CancelReason.OTHER, Confidence.UNSURE)


def test_the_message_nearest_to_the_cancellation_wins_before_or_after_it():
    near, far = "Ich storniere, der Versand dauert zu lange.", "Storno: günstiger gefunden."
    for messages in ([said(near, hours=1), said(far, hours=-5)], [said(far, hours=5), said(near, hours=-1)]):
        assert found(*messages).reason is CancelReason.SLOW_SHIPPING


def test_a_message_that_cancels_wins_over_a_nearer_one_that_does_not():
    messages = [
        said("Der Versand dauert zu lange.", hours=-1),
        said("Storniert, günstiger gefunden.", hours=-9),
    ]
    assert found(*messages).reason is CancelReason.FOUND_CHEAPER


@pytest.mark.parametrize("inbound", [False, None])
def test_only_the_other_persons_messages_count(inbound):
    message = said("Storniert, weil woanders günstiger gefunden.", inbound=inbound)
    assert reason_in([message], cancelled_at=CANCELLED) is None


@pytest.mark.parametrize("days", [-15, 15])
def test_what_was_written_weeks_away_is_not_about_the_cancellation(days):
    message = said("Storniert, günstiger gefunden.", hours=24 * days)
    assert reason_in([message], cancelled_at=CANCELLED) is None


def test_a_message_without_a_time_counts_last():
    untimed = Message(inbound=True, text="Storniert, günstiger gefunden.")
    assert found(untimed).reason is CancelReason.FOUND_CHEAPER
    timed = said("Storniert, der Versand ist zu teuer.", hours=200)
    assert found(untimed, timed).reason is CancelReason.SHIPPING_COST


@steady
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_words_give_a_reason_or_none(texts):
    told = reason_in([said(text) for text in texts], cancelled_at=CANCELLED)
    assert told is None or (told.sentence.isprintable() and len(told.sentence) <= 200)


def test_that_something_seems_fraudulent_is_never_found_only_told():
    told = found(said("Betrug! Sie sind ein Betrüger, ich will mein Geld zurück, storniert."))
    assert (told.reason, told.rule) == (CancelReason.OTHER, "distrust")
    with pytest.raises(ValueError, match="seller"):
        replace(told, reason=CancelReason.SEEMS_FRAUDULENT)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Storniert, günstiger gefunden.", "found_cheaper"),
        ("Storniert, weil der Papagei die Farbe ablehnt.", "because"),
    ],
)
def test_what_was_found_names_the_rule_that_found_it(text, rule):
    assert found(said(text)).rule == rule


@pytest.mark.parametrize(
    ("earlier", "later", "wins"),
    [
        (None, Confidence.UNSURE, True),
        (Confidence.UNSURE, Confidence.UNSURE, True),
        (Confidence.UNSURE, Confidence.LIKELY, True),
        (Confidence.LIKELY, Confidence.LIKELY, True),
        (Confidence.LIKELY, Confidence.UNSURE, False),
    ],
)
def test_what_is_found_later_wins_unless_it_is_less_sure(earlier, later, wins):
    known = found(said("Storniert, günstiger gefunden."))
    before = replace(known, confidence=earlier) if earlier else None
    assert replace(known, confidence=later).outweighs(before) is wins


@pytest.mark.slow
@every(
    "text",
    [
        "Ich storniere, " + "zu " * 3_000,
        "versand " * 400 + "storno",
        "a" * 5_000_000,
        "\u202e" * 3_000,
        "nicht " * 400,
        "",
    ],
    ids=["zu", "versand", "long", "bidi", "nicht", "empty"],
)
def test_of_thousands_of_hostile_messages_only_the_nearest_are_in_reach(text):
    tells = "Storniert, günstiger gefunden."
    flood = [said(text, hours=1 + number % 90) for number in range(10_000)]
    assert len([message for message in flood if message.text == text]) * 20 > MOST_CHARACTERS
    assert reason_in([*flood, said(tells, hours=200)], cancelled_at=CANCELLED) is None
    assert found(*flood, said(tells, hours=0.5)).reason is CancelReason.FOUND_CHEAPER


def test_the_table_knows_no_repetition_without_an_end():
    data = tomllib.loads(files("watcher.pages").joinpath("reasons.toml").read_text(encoding="utf-8"))
    patterns = [data["cancelling"], data["because"]]
    for entry in data["reason"]:
        patterns += [*entry.get("phrases", ()), *entry.get("denials", ()), entry.get("unless", "")]
    for pattern in patterns:
        assert not re.search(r"(?<!\\)[*+]|,\}", pattern), pattern


def test_the_shipped_reasons_are_all_known_and_a_message_is_never_kept_longer_than_it_may_be():
    data = tomllib.loads(files("watcher.pages").joinpath("reasons.toml").read_text(encoding="utf-8"))
    reasons = {CancelReason(entry.get("reason", entry["id"])) for entry in data["reason"]}
    assert reasons == set(CancelReason) - {CancelReason.SEEMS_FRAUDULENT}
    assert len(found(said("Storniert, günstiger gefunden " + "x" * LONGEST_TEXT)).sentence) <= 200
