"""How people write: what counts as said, what does not, and that ordinary good ads are let be."""

import pytest

from tests.listings.samples import GOOD, ad, found
from tests.support.every import every
from watcher.domain.ad import ShippingOffer
from watcher.listings import shipping
from watcher.listings.phrases import Phrases, folded, words_in
from watcher.listings.tongue import is_foreign

SAID = [
    ("no_condition", "Neuwertiges Gerät"),
    ("no_condition", "kaum gebraucht"),
    ("no_condition", "Gebrauchsspuren vorhanden"),
    ("no_condition", "für Bastler"),
    ("no_condition", "OVP"),
    ("no_condition", "𝗭𝘂𝘀𝘁𝗮𝗻𝗱 gut"),
    ("no_condition", "in good condition"),
    ("no_dimensions", "Maße: 30 x 40"),
    ("no_dimensions", "MASSE 30 auf 40"),
    ("no_dimensions", "ca. 30x40 cm"),
    ("no_dimensions", "30 cm × 40 cm"),
    ("no_dimensions", "Größe M"),
    ("no_dimensions", "Gr. 42"),
    ("no_dimensions", "Groesse 104"),
    ("no_dimensions", "Länge 1,20m"),
    ("no_dimensions", "Gesamthöhe siehe Skizze"),
    ("no_dimensions", "28 Zoll"),
    ("no_dimensions", '27"'),
    ("no_dimensions", "W32 L34"),
    ("no_dimensions", "2,5 Liter"),
    ("no_dimensions", "passt bei 38er Weite"),
    ("no_dimensions", "B 228 T 95 H 83"),
    ("no_dimensions", "steht 60 breit"),
    ("no_defects", "keine Mängel"),
    ("no_defects", "ohne Ma\u0308ngel"),
    ("no_defects", "mängelfrei"),
    ("no_defects", "kleiner Lackkratzer"),
    ("no_defects", "Wasserflecken auf der Platte"),
    ("no_defects", "funktioniert einwandfrei"),
    ("no_defects", "ungetragen"),
    ("no_defects", "unbeschädigt"),
    ("no_defects", "ein paar Steckverbindungen sind ausgeleiert"),
    ("no_defects", "der Bund ist etwas durchgescheuert"),
    ("no_defects", "leichte Leserillen"),
    ("no_defects", "Karton an einer Kante eingedrückt"),
    ("no_defects", "die Sohle ist hinten abgelaufen"),
    ("no_defects", "am Griff löst sich der Gummi"),
    ("no_defects", "Lack an zwei Stellen ab"),
    ("no_defects", "der Reifen sollte bald gewechselt werden"),
    ("no_defects", "lief immer ohne Probleme"),
    ("no_defects", "der linke Stick driftet"),
    ("no_returns", "keine Rücknahme"),
    ("no_returns", "Rückgabe ausgeschlossen"),
    ("no_returns", "Umtausch möglich"),
    ("no_returns", "Privatverkauf"),
    ("no_returns", "ohne Gewährleistung"),
    ("no_returns", "keinerlei Garantie"),
    ("no_returns", "gekauft wie gesehen"),
    ("no_returns", "dass ich nichts zurücknehme"),
    ("no_payment_deadline", "Zahlung innerhalb von drei Tagen"),
    ("no_payment_deadline", "Bitte binnen 48 Stunden bezahlen"),
    ("no_payment_deadline", "Ich reserviere 2 Tage"),
    ("no_payment_deadline", "keine Reservierung"),
    ("no_payment_deadline", "ich reserviere nicht"),
    ("no_payment_deadline", "nicht ewig reservieren"),
    ("no_payment_deadline", "Reserviere maximal 48 Std."),
    ("no_payment_deadline", "Bitte gleich bezahlen"),
    ("no_payment_deadline", "bitte zeitnah überweisen"),
    ("no_payment_deadline", "Zahlungseingang bitte binnen 3 Tagen"),
    ("no_shipping_time", "Versand nach Zahlungseingang innerhalb 2 Tagen"),
    ("no_shipping_time", "Versende am nächsten Werktag"),
    ("no_shipping_time", "Wird noch am selben Tag verschickt"),
    ("no_shipping_time", "Geht montags zur Post"),
    ("no_shipping_time", "schneller Versand"),
    ("no_shipping_time", "verschicke zeitnah"),
    ("no_shipping_time", "Ships within 2 days"),
    ("no_shipping_time", "Ich bringe Pakete zweimal die Woche weg"),
    ("no_shipping_time", "bringe es spätestens übermorgen zur Post"),
    ("no_shipping_time", "Losschicken kann ich immer montags"),
]
NOT_SAID = [
    ("no_condition", "Schöner Toaster"),
    ("no_condition", "neues Rad gekauft, darum weg"),
    ("no_dimensions", "Ein großer Toaster für 2"),
    ("no_dimensions", "aus den 80er Jahren, ein 3er Toaster"),
    ("no_defects", "sehr schöner Toaster"),
    ("no_defects", "Farbe schwarz, ab 3 Jahren"),
    ("no_defects", "mit Brille fotografiert"),
    ("no_returns", "Noch ein Jahr Garantie vom Hersteller"),
    ("no_payment_deadline", "Versand nach Zahlungseingang innerhalb 2 Tagen"),
    ("no_payment_deadline", "Zahlung über Sicher bezahlen"),
    ("no_shipping_time", "Versand möglich. Zahlung innerhalb von 3 Tagen"),
    ("no_shipping_time", "Versand 5,49 €"),
    ("no_shipping_time", "Bring bitte morgen jemanden mit"),
]


@every(("rule", "words"), SAID)
def test_these_words_say_what_a_buyer_wants_to_know(rule: str, words: str):
    assert rule not in found(ad(words, title="Ein schöner Toaster"))


@every(("rule", "words"), NOT_SAID)
def test_these_words_do_not_say_it(rule: str, words: str):
    assert rule in found(ad(words, title="Ein schöner Toaster"))


def test_a_good_ad_of_ordinary_words_has_no_finding():
    assert found(ad()) == set()


def test_a_choice_from_a_list_counts_like_words():
    text = GOOD.replace("in gutem Zustand", "")
    text = text.replace("benutzt und gereinigt", "").replace("Maße ca. 30x40 cm, ", "")
    assert {"no_condition", "no_dimensions"} <= found(ad(text))
    chosen = {"Zustand": "Gut", "Größe": "M"}
    assert {"no_condition", "no_dimensions"}.isdisjoint(found(ad(text, attributes=chosen)))


@every(
    ("text", "says"),
    [
        ("keine Kratzer", False),
        ("keine Kratzer, Dellen oder Flecken", False),
        ("ohne sichtbare Kratzer", False),
        ("nie getragen, aber ein Kratzer", True),
        ("Kratzer am Rand", True),
        ("keine Ahnung. Kratzer am Rand", True),
    ],
)
def test_what_is_denied_does_not_count_as_said(text: str, *, says: bool):
    assert (Phrases.of(["kratzer"]).stated_in(folded(text)) is not None) is says


@every(
    ("entry", "text", "stands"),
    [
        ("Größe", "GROESSE", True),
        ("*maße", "Außenmaße", True),
        ("Maß", "mäßig", False),
        ("neu", "neulich", False),
        ("von privat", "von\nprivat", True),
        ("Nichtraucher*", "Nichtraucherhaushalt", True),
        ("C++", "c++ buch", True),
        ("straße", "Strasse", True),
        ("café", "CAFE", True),
    ],
)
def test_umlauts_capitals_and_compounds_are_found(entry: str, text: str, *, stands: bool):
    assert (Phrases.of([entry]).found_in(folded(text)) is not None) is stands


@pytest.mark.parametrize("entry", ["", " ", "*", "/(/"])
def test_what_cannot_be_looked_for_is_refused(entry: str):
    with pytest.raises(ValueError, match=r"neither letters|no regular expression"):
        Phrases.of([entry])


@every(
    ("text", "only"),
    [
        ("Nur Abholung!", True),
        ("nur an Selbstabholer in Köln", True),
        ("Abholung oder Versand", False),
        ("Nur Abholung oder Versand mit DHL", False),
        ("kein Versand", True),
        ("Versand leider nicht möglich", True),
        ("Barzahlung nur bei Abholung, Versand möglich", False),
        ("nicht nur Abholung, auch Versand", False),
        ("pick-up only", True),
        ("Abholung in Köln", False),
        ("Kein Versand ins Ausland", False),
        ("Versand ins Ausland nicht möglich", False),
        ("Ins Ausland wird nicht verschickt", False),
        ("kein Versand vor Zahlungseingang", False),
        ("kein Versand mit Hermes", False),
        ("Kein Versand an Packstationen", False),
        ("Versand nicht inklusive", False),
        ("Versand nicht im Preis enthalten", False),
        ("Ich verschicke nicht am Wochenende", False),
        ("Nur Abholung bzw. Versand mit DHL", False),
        ("Nur Abholung am Wochenende", True),
        ("kann ich leider nicht versenden", True),
        ("muss bis 15.12. abgeholt werden", True),
        ("Versand biete ich nicht an", True),
    ],
)
def test_pick_up_only_is_told_from_pick_up_as_well(text: str, *, only: bool):
    assert shipping.is_only_pickup(folded(text)) is only


@every(
    ("text", "offers"),
    [
        ("Versand möglich", True),
        ("Versand gegen Aufpreis", True),
        ("Ich verschicke auch gern", True),
        ("kein Versand", False),
        ("Versand nicht möglich", False),
        ("Abholung in Köln", False),
        ("keine Rücknahme, Versand als DHL-Paket", True),
        ("Versand auf Anfrage", True),
        ("Versand trägt der Käufer", True),
        ("kann auch verschickt werden", True),
        ("lässt sich zerlegt gut versenden", True),
        ("Abholung oder per Post", True),
        ("zzgl. 4,19 Versand", True),
        ("kann nicht verschickt werden", False),
        ("lässt sich nicht versenden", False),
        ("Versand geht leider nicht", False),
    ],
)
def test_an_offer_of_shipping_is_found_in_the_text(text: str, *, offers: bool):
    assert shipping.offers_shipping(folded(text)) is offers


@every(
    ("text", "kilograms"),
    [
        ("Gewicht: 12,5 kg", 12.5),
        ("wiegt ca. 800 g", 0.8),
        ("14 kg schwer", 14.0),
        ("Belastbar bis 120 kg", None),
        ("Gewicht max. 120 kg", None),
        ("Körpergewicht bis 100 kg", None),
        ("Gewicht 2 kg, Paketgewicht 3 kg", 3.0),
        ("5 kg Mehl", None),
    ],
)
def test_the_weight_of_the_thing_is_told_from_what_it_carries(text: str, kilograms: float | None):
    assert shipping.weight_in(folded(text)) == kilograms


@every(
    ("text", "centimetres"),
    [
        ("200 x 300 cm", 300.0),
        ("1,20 m lang", 120.0),
        ("30x40x155cm", 155.0),
        ("40 cm x 30 cm", 40.0),
        ("2000 mm", 200.0),
        ("Größe M", None),
        ("10 x 5 Stück", None),
    ],
)
def test_the_longest_side_is_found(text: str, centimetres: float | None):
    assert shipping.longest_in(folded(text)) == pytest.approx(centimetres) if centimetres else True
    assert (shipping.longest_in(folded(text)) is None) is (centimetres is None)


@every(
    ("text", "foreign"),
    [
        (GOOD, False),
        ("Nike Air Max 90 Gr. 43 schwarz OVP Rechnung", False),
        ("Road bike in good condition, with small scratch on the fork, pick-up or shipping", False),
        ("Продам велосипед в хорошем состоянии, самовывоз", True),
        ("Je vends une table avec quatre chaises, très bon état, pour la cuisine ou le jardin", True),
        ("Sprzedam rower w bardzo dobrym stanie, jest do odbioru na miejscu i nie ma wad oraz z torbą", True),
        ("Çok temiz durumda bir bisiklet ve kask, satılık, araba için", True),
        ("Tischlampe La Vie en Rose mit Schirm und Kabel, nicht defekt, von 1970", False),
    ],
)
def test_another_language_is_noticed_and_german_never_taken_for_one(text: str, *, foreign: bool):
    assert is_foreign(text) is foreign


def test_numbers_and_marks_are_no_words():
    assert words_in("Toaster 2000 W — 30 x 40 !!! neu") == 2


def test_a_text_that_never_ends_is_looked_at_no_further_than_an_ad_may_be_long():
    assert found(ad("Versand " * 200_000 + "keine Rücknahme")) >= {"no_returns"}


def test_an_option_that_is_not_known_has_no_limit():
    assert shipping.carries("Brieftaube") is None
    assert shipping.carries("HERMES_003") is None
    assert shipping.carries("dhl_004") == 31.5
    assert shipping.carries("DHL Paket 10 kg") == 10.0
    heavy = GOOD + "\nGewicht 25 kg"
    assert "parcel_too_heavy" not in found(
        ad(heavy, shipping=ShippingOffer(ships=True, cents=549, options=("HERMES_003",)))
    )
    assert "parcel_too_heavy" in found(ad(heavy))
