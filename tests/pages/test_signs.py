"""Signs in the chat: what must be noticed, and the everyday words that must not. Every sentence here is invented."""

import random
import re
import tomllib
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from re import _parser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.captures import steady
from tests.support.every import every
from watcher.domain.message import LONGEST_TEXT, Message
from watcher.domain.signs import FACT_RULES, NEW_ACCOUNT, Sign
from watcher.pages.sentences import within_reach
from watcher.pages.signs import MOST_CHARACTERS, SignWords, signs_in, words_of

DEAL = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TABLE = tomllib.loads(files("watcher.pages").joinpath("signs.toml").read_text(encoding="utf-8"))
LONG_SINCE = datetime(2019, 3, 14, tzinfo=UTC)

TELLING = [
    # --- pays_elsewhere
    ("pays_elsewhere", "Kann ich dir das Geld per PayPal Freunde schicken?"),
    ("pays_elsewhere", "Nimmst du auch PayPal?"),
    ("pays_elsewhere", "Geht auch Paypal F&F, dann sparen wir die Gebühren"),
    ("pays_elsewhere", "Können wir das nicht per PayPal machen?"),
    ("pays_elsewhere", "Ich zahle lieber per Überweisung."),
    ("pays_elsewhere", "Kann ich Ihnen das Geld direkt ueberweisen?"),
    ("pays_elsewhere", "Ich überweise dir das Geld gleich"),
    ("pays_elsewhere", "Lass uns das privat regeln."),
    ("pays_elsewhere", "lass uns das privat"),
    ("pays_elsewhere", "Wir können das doch außerhalb der Plattform abwickeln."),
    ("pays_elsewhere", "Statt Sicher bezahlen lieber direkt, ok?"),
    ("pays_elsewhere", "Schick mir bitte deine IBAN"),
    ("pays_elsewhere", "I can send the money via Western Union"),
    ("pays_elsewhere", "Can I pay with PayPal friends and family?"),
    ("pays_elsewhere", "Zahlung per Wero wäre mir am liebsten"),
    ("pays_elsewhere", "Ich möchte nicht über Kleinanzeigen zahlen"),
    ("pays_elsewhere", "Ich zahle aber nicht per Sicher bezahlen."),
    ("pays_elsewhere", "Lieber ohne Sicher bezahlen, das kostet nur Gebühren."),
    # --- messenger
    ("messenger", "Schreib mir bitte auf WhatsApp"),
    ("messenger", "Hast du Whats App?"),
    ("messenger", "Lass uns über Telegram schreiben"),
    ("messenger", "Do you use WhatsApp?"),
    ("messenger", "Hier bin ich selten, aber bei WhatsApp immer"),
    # --- contact_details
    ("contact_details", "Meine Nummer ist 0151 2345 6780"),
    ("contact_details", "Ruf an: 0171/5550199"),
    ("contact_details", "+49 160 5550 1234 melde dich da"),
    ("contact_details", "０１５１ ２３４５ ６７８０"),
    ("contact_details", "null eins fünf eins, zwei drei vier fünf sechs sieben"),
    ("contact_details", "Schreib mir an jonte.mueller@beispiel.de"),
    ("contact_details", "jonte (at) beispiel (punkt) de"),
    ("contact_details", "Gib mir bitte deine Handynummer"),
    ("contact_details", "Wie lautet Ihre E-Mail-Adresse?"),
    ("contact_details", "You can call me: 030 5550123"),
    # --- overpays
    ("overpays", "Ich überweise dir 50 Euro mehr"),
    ("overpays", "Ich habe aus Versehen zu viel bezahlt."),
    ("overpays", "Den Rest schickst du mir dann zurück"),
    ("overpays", "Bitte die Differenz zurücküberweisen."),
    ("overpays", "I sent you too much, please send the difference"),
    # --- courier
    ("courier", "Mein Kurier holt das Paket morgen bei dir ab"),
    ("courier", "Eine Spedition kommt am Freitag zu Ihnen"),
    ("courier", "Ich beauftrage einen Kurier."),
    ("courier", "Der Kurier bringt das Geld in einem Umschlag mit"),
    ("courier", "My courier will pick it up tomorrow"),
    # --- haste
    ("haste", "Bitte heute noch verschicken!"),
    ("haste", "Sofort verschicken, Kurier holt ab"),
    ("haste", "Schick es umgehend los"),
    ("haste", "Please ship it immediately"),
    # --- ships_first
    ("ships_first", "Schick es schon mal los, die Zahlung kommt morgen"),
    ("ships_first", "Ich zahle, sobald das Paket angekommen ist"),
    ("ships_first", "I'll pay after delivery"),
    # --- asks_code
    ("asks_code", "Du bekommst gleich einen Bestätigungscode, schick mir den bitte"),
    ("asks_code", "Please send me the verification code"),
    ("asks_code", "Nenn mir den Code aus der SMS"),
    ("asks_code", "Klick auf den Link, dann bekommst du dein Geld"),
    ("asks_code", "Unter diesem Link musst du die Zahlung bestätigen"),
    ("asks_code", "https://kleinanzeigen-auszahlung.example/empfang"),
    ("asks_code", "Ich brauche noch deine Kreditkartennummer"),
    # --- other_address
    ("other_address", "Bitte an eine andere Adresse schicken"),
    ("other_address", "Meine Adresse hat sich geändert"),
    ("other_address", "Kannst du es an meinen Bruder schicken?  Bitte schick es an meinen Bruder"),
    ("other_address", "Please send it to a different address"),
    ("other_address", "Die neue Adresse lautet Musterweg 3"),
]
HARMLESS = [
    "Ist der Artikel noch da?",
    "Hallo, ist das noch zu haben?",
    "Was ist der letzte Preis?",
    "Würden Sie auch 30 Euro nehmen?",
    "Ich biete 45 € inklusive Versand.",
    "Ich melde mich heute noch.",
    "Ich schicke Ihnen heute noch die Anfrage.",
    "Ich bezahle heute noch!",
    "Können Sie es heute noch verschicken?",
    "Wäre super, wenn du es heute noch abschicken könntest.",
    "Kannst du mir noch heute ein Foto schicken?",
    "Danke für das sofortige Verschicken!",
    "Schön, dass du es sofort verschickt hast.",
    "Vielen Dank, das Paket ist heute angekommen.",
    "Geht es um die Stehlampe 0151 aus der Anzeige?",
    "Ist das das Modell 0151-4711?",
    "Die Artikelnummer ist 01512345678, passt das?",
    "Sendungsnummer 00340434200512345678 bei DHL",
    "Die Sendung 01234567890123 ist bei Hermes.",
    "Maße 120 x 60 x 75 cm, richtig?",
    "Ich wohne in 01796 Pirna, Hausnummer 12.",
    "Am 01.12.2026 um 15:30 Uhr passt es mir.",
    "Ich habe 2018 für 1.500 Euro gekauft.",
    "Ich habe per PayPal über Sicher bezahlen bezahlt.",
    "Ich habe gerade bezahlt, die Zahlung sollte da sein.",
    "Kann ich bei Sicher bezahlen auch mit Kreditkarte zahlen?",
    "Bitte nicht per PayPal, nur Sicher bezahlen.",
    "Kann man hier nicht über Kleinanzeigen bezahlen?",
    "Ich kann gerade nicht über Kleinanzeigen bezahlen, die App hängt.",
    "Nicht über Kleinanzeigen gefunden, sondern über die Suche.",
    "Ich kaufe nicht ohne Sicher bezahlen.",
    "WhatsApp habe ich leider nicht.",
    "Ich nutze kein WhatsApp.",
    "Läuft auf dem Handy noch WhatsApp?",
    "Ist das ein Privatverkauf?",
    "Das Rad wurde nur privat genutzt.",
    "Ich zahle auch 5 Euro mehr für den versicherten Versand.",
    "Mehr als 40 Euro möchte ich nicht zahlen.",
    "Ich kann leider nicht mehr bezahlen.",
    "Das ist mir zu viel.",
    "Wie viel kostet der Versand?",
    "Den Rest der Wolle nehme ich auch.",
    "Ich schicke es dann zurück.",
    "Hat der DHL-Kurier das Paket schon abgeholt?",
    "Versenden Sie auch per Spedition?",
    "Ist der QR-Code für den Versand schon da?",
    "Gibt es einen Rabattcode?",
    "Ist der Download-Code für das Spiel noch dabei?",
    "Hast du einen Link zum Hersteller?",
    "Hier der Link zu den technischen Daten.",
    "Meine Adresse steht in der Bestellung.",
    "Haben Sie meine Adresse bekommen?",
    "Die Adresse stimmt so.",
    "Meine Adresse hat sich nicht geändert.",
    "Das Paket wurde an einen Nachbarn zugestellt.",
    "Bitte gut verpacken, danke!",
    "Ist Abholung möglich? Ich komme aus der Nähe.",
    "Wann kann ich anrufen oder vorbeikommen?",
    "Ich zahle bar bei Abholung.",
    "Mein Freund hat auch so eine.",
    "Das ist ein Geschenk für Freunde und Familie.",
    "Funktioniert der Code vom Fahrradschloss?",
    "Could you ship it tomorrow?",
    "Is this still available?",
    "I have paid, thank you!",
    "Thanks for the fast shipping!",
    "What is your best price?",
    "Steht alles unter www.kleinanzeigen.de/s-anzeige/lampe/3210987654",
    "Wenn das Geld da ist, bitte verschicken.",
    "Ich habe den Erhalt bestätigt, das Geld kommt also bald.",
    "Die Zahlung dauert per Überweisung etwas länger, sagt Kleinanzeigen.",
    "Größe 38/40, Länge 0,75 m, Gewicht 1,2 kg",
    "Hersteller-Nr. 8001 2345 6789 01",
    "Schickst du mir bitte noch Bilder?",
    "👍",
]


def said(text: str, *, hours: float = 1, inbound: bool | None = True) -> Message:
    return Message(at=DEAL + timedelta(hours=hours), inbound=inbound, text=text)


def signs(*messages: Message, pickup: bool | None = False) -> tuple[Sign, ...]:
    return signs_in(messages, buyer_since=LONG_SINCE, deal_at=DEAL, pickup=pickup)


def rules(text: str, **known: bool | None) -> list[str]:
    return [sign.rule for sign in signs(said(text), **known)]


@every(("rule", "text"), TELLING)
def test_what_is_worth_a_look_is_noticed(rule, text):
    assert rule in rules(text)


@every("text", HARMLESS)
def test_everyday_words_raise_nothing(text):
    assert rules(text) == []


def test_there_are_enough_of_both_and_each_rule_of_words_is_tried():
    assert len(TELLING) >= 40
    assert len(HARMLESS) >= 40
    assert {rule for rule, _ in TELLING} == {entry["id"] for entry in TABLE["sign"] if "phrase" in entry}


def test_a_sign_says_when_it_was_written_and_in_which_words():
    message = said("Hallo. Nimmst du auch PayPal? Gruß, Jonte", hours=2)
    (sign,) = signs(message)
    assert (sign.rule, sign.at, sign.quote) == ("pays_elsewhere", message.at, "Nimmst du auch PayPal?")


def test_a_buyers_words_stay_out_of_what_is_logged():
    (sign,) = signs(said("Nimmst du auch PayPal?"))
    assert "PayPal" not in repr(sign)


def test_a_rule_speaks_once_with_the_first_message_and_says_the_same_when_more_come():
    first, later = said("Hast du WhatsApp?", hours=1), said("Schreib doch bei WhatsApp", hours=5)
    assert signs(first) == signs(first, later)


@pytest.mark.parametrize("inbound", [False, None])
def test_only_the_other_persons_words_count(inbound):
    assert signs(said("Schreib mir auf WhatsApp", inbound=inbound)) == ()


@pytest.mark.parametrize(
    "text", ["Ruf mich an: 0151 2345 6780", "Schreib mir auf WhatsApp", "Schick es sofort los"]
)
def test_at_a_pickup_a_number_or_a_messenger_is_ordinary(text):
    assert rules(text, pickup=False)
    assert rules(text, pickup=True) == []


def test_another_payment_is_worth_a_look_at_a_pickup_too():
    assert rules("Kann ich per PayPal Freunde zahlen?", pickup=True) == ["pays_elsewhere"]


@pytest.mark.parametrize("known", [{"deal_at": DEAL + timedelta(hours=9)}, {"deal_at": None}])
def test_an_address_told_before_the_deal_or_without_one_is_no_other_address(known):
    message = said("Bitte an eine andere Adresse schicken")
    assert signs_in([message], buyer_since=None, pickup=False, **known) == ()
    untimed = Message(inbound=True, text=message.text)
    assert signs_in([untimed], buyer_since=None, deal_at=DEAL, pickup=False) == ()


def test_a_young_account_is_a_sign_without_a_quote():
    found = signs_in([], buyer_since=DEAL - timedelta(days=3), deal_at=DEAL, pickup=None)
    assert [(sign.rule, sign.quote) for sign in found] == [(NEW_ACCOUNT, "")]


@every("language", ["de", "en"])
@every("rule", [*FACT_RULES, *(entry["id"] for entry in TABLE["sign"])])
def test_every_sign_has_words_that_say_what_to_do_and_accuse_nobody(rule, language):
    words = words_of(rule, language)
    assert words != words_of("no such rule", language)
    assert words.title
    assert words.what.endswith(".")
    for field in fields(SignWords):
        told = (getattr(words, field.name) or "").lower()
        if field.name != "source":
            assert not re.search(r"betr[uü]g|fraud|scam|kriminell|criminal|täter|lüg|abzock", told)


def test_a_sign_of_another_version_has_words_too():
    assert words_of("a_rule_of_tomorrow", "de").title
    assert words_of("a_rule_of_tomorrow", "en").source is None


@pytest.mark.parametrize(
    "text",
    [
        "Nimmst du Pay\u200bPal?",
        "\u202eNimmst du PayPal?\u202c",
        "Nimmst\tdu\r\nPayPal?",
        "Nimmst du \x1b[2JPayPal?",
    ],
    ids=["invisible", "bidi", "lines", "escape"],
)
def test_hidden_marks_hide_nothing_and_reach_no_quote(text):
    (sign,) = signs(said(text))
    assert sign.quote.isprintable()


def test_a_quote_of_a_long_message_is_the_part_that_tells():
    (sign,) = signs(said("bla " * 200 + "nimmst du auch PayPal " + "bla " * 200))
    assert "PayPal" in sign.quote
    assert len(sign.quote) <= 160


@steady
@given(st.lists(st.text(max_size=80), max_size=5), st.booleans() | st.none())
def test_any_words_are_looked_at(texts, pickup):
    for sign in signs(*map(said, texts), pickup=pickup):
        assert sign.quote.isprintable()
        assert 0 < len(sign.quote) <= 160


HOSTILE = {
    "digits": "0 1 5 1 " * 500,
    "numbers": "01512345678" * 180,
    "mail": "a.a-" * 500 + "@",
    "site": "kleinanzeigen" * 150,
    "pay": "kann zahle geht paypa" * 125 + " paypal",
    "words": "null eins " * 200,
    "send": "überweise schicke " * 110,
    "link": "link klick code " * 125,
    "long": "a" * 5_000_000,
    "bidi": "\u202e" * 5_000,
    "empty": "",
    "sentences": "Ja. " * 500,
    "everyday": "Hallo, ist der Artikel noch da? " * 60,
}
FLOOD = 10_000


@every("text", HOSTILE.values(), ids=HOSTILE)
def test_of_ten_thousand_messages_only_so_many_characters_are_in_reach(text):
    looked_at = list(within_reach([said(text)] * FLOOD, most=MOST_CHARACTERS))
    assert (
        0 < sum(min(len(message.text), LONGEST_TEXT) for message in looked_at) <= MOST_CHARACTERS or not text
    )
    assert 0 < len(looked_at) < FLOOD


@every("text", HOSTILE.values(), ids=HOSTILE)
def test_what_a_flood_has_pushed_out_of_reach_is_not_looked_at_and_what_came_last_is(text):
    asks, flood = said("Hast du Threema? Schreib mir bei Threema"), [said(text)] * FLOOD
    assert "messenger" not in [sign.rule for sign in signs(asks, *flood)]
    assert "messenger" in [sign.rule for sign in signs(*flood, asks)]


def test_the_end_of_an_endless_message_is_not_looked_at():
    assert rules("bla " * (LONGEST_TEXT // 4) + "Hast du WhatsApp?") == []


def test_what_the_account_wrote_itself_pushes_nothing_out_of_reach():
    own = [said("Danke, gern! " * 20, inbound=False)] * FLOOD
    assert [sign.rule for sign in signs(said("Hast du WhatsApp?"), *own)] == ["messenger"]


PHRASES = [(entry["id"], phrase) for entry in TABLE["sign"] for phrase in entry.get("phrase", ())]


@pytest.mark.slow
@every("phrase", [phrase for _, phrase in PHRASES], ids=[rule for rule, _ in PHRASES])
def test_what_a_phrase_needs_is_in_whatever_it_matches(phrase):
    assert all(piece == piece.lower() != "" for piece in phrase["needs"])
    chance = random.Random(phrase["pattern"])
    for _ in range(150):
        matched = written(_parser.parse(phrase["pattern"]), chance)
        assert any(piece in matched.lower() for piece in phrase["needs"]), matched


def written(pattern, chance):
    """One of the texts that a parsed pattern describes; look-arounds add nothing to it."""
    text = ""
    for kind, told in pattern:
        match str(kind), told:
            case "LITERAL", code:
                text += chr(code)
            case "MAX_REPEAT", (least, most, repeated):
                times = chance.choice((least, min(most, least + 2)))
                text += "".join(written(repeated, chance) for _ in range(times))
            case "BRANCH", (_, branches):
                text += written(chance.choice(branches), chance)
            case "SUBPATTERN", (*_, inner):
                text += written(inner, chance)
            case "IN", chosen:
                listed = [chr(code) for one, code in chosen if str(one) == "LITERAL"]
                text += chance.choice(listed) if listed else "0"
            case "ANY", _:
                text += " "
            case ("AT", _) | ("ASSERT", _) | ("ASSERT_NOT", _):
                pass
            case other:
                raise AssertionError(f"this test does not know {other}")
    return text


def test_the_table_knows_no_repetition_without_an_end():
    for entry in TABLE["sign"]:
        for phrase in entry.get("phrase", ()):
            for pattern in (phrase["pattern"], phrase.get("unless", "")):
                bare = re.sub(r"\[[^\]]*\]|\\.", "", pattern)
                assert not re.search(r"[*+]|,\}", bare), pattern
