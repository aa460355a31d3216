"""What is private in a text. Every name and number is invented."""

import pytest

from tests.support.every import every
from watcher.dossier.finding import Finder
from watcher.dossier.private import Private

PARCEL, AD = "00340434200511182703", "3210987654"
FINDER = Finder(
    names=["Erika", "Jonte Petersen"],
    contacts=["Musterweg 4", "0171 2223334"],
    own=["Oma Trude"],
    spared=[PARCEL, AD],
    known=["Marlene"],
)


def found(text: str, finder: Finder = FINDER) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind.value) for each in finder.find(text)]


@every(
    ("text", "private"),
    [
        ("Meine Nummer ist 0171 2345678.", [("0171 2345678", "phone")]),
        ("+49 (0)40 / 123 45 67", [("+49 (0)40 / 123 45 67", "phone")]),
        ("0049-171-2345678", [("0049-171-2345678", "phone")]),
        ("0 1 7 1 2 3 4 5 6 7 8", [("0 1 7 1 2 3 4 5 6 7 8", "phone")]),
        ("Handy: 171 2345678", [("171 2345678", "phone")]),
        ("am 05.11. unter 0171-2345678", [("0171-2345678", "phone")]),
        ("wa.me/4917112345678", [("wa.me/4917112345678", "phone")]),
        ("0171/2223334 oder 01712223334", [("0171/2223334", "phone"), ("01712223334", "phone")]),
        ("erika.muster@web.de", [("erika.muster@web.de", "mail")]),
        ("hallo (at) beispiel (punkt) de", [("hallo (at) beispiel (punkt) de", "mail")]),
        ("hallo at gmx.de", [("hallo at gmx.de", "mail")]),
        ("DE89 3704 0044 0532 0130 00 bitte", [("DE89 3704 0044 0532 0130 00", "account")]),
        ("de89370400440532013000", [("de89370400440532013000", "account")]),
        ("AT61 1904 3002 3457 3201", [("AT61 1904 3002 3457 3201", "account")]),
        ("Kto. 1234567 BLZ 20050550", [("1234567", "account"), ("20050550", "account")]),
        ("paypal.me/erikam", [("paypal.me/erikam", "account")]),
        ("4111 1111 1111 1111", [("4111 1111 1111 1111", "account")]),
        (
            "Lange Straße 12a, 20095 Hamburg. Danke",
            [("Lange Straße 12a", "address"), ("20095 Hamburg", "address")],
        ),
        ("An der Alster 5", [("An der Alster 5", "address")]),
        ("rosenweg 5", [("rosenweg 5", "address")]),
        ("Alter Markt 3 oder Häuserzeile 9", [("Alter Markt 3", "address"), ("Häuserzeile 9", "address")]),
        (
            "Lindenallee 7-9 in 22765 Hamburg-Altona",
            [("Lindenallee 7-9", "address"), ("22765 Hamburg-Altona", "address")],
        ),
        ("61348 Bad Homburg v.d.H.", [("61348 Bad Homburg", "address")]),
        ("PLZ: 20095", [("20095", "address")]),
        ("Packstation 145, Postnummer 12345678", [("Packstation 145", "address"), ("12345678", "address")]),
        ("musterweg 4", [("musterweg 4", "address")]),
        ("Erika schreibt, Erikas Paket, ERIKA", [("Erika", "name"), ("Erikas", "name"), ("ERIKA", "name")]),
        ("Herr Petersen und Jonte Petersen", [("Petersen", "name"), ("Jonte Petersen", "name")]),
        ("mit Frau Dr. Schmidt-Kaiser gesprochen", [("Dr. Schmidt-Kaiser", "name")]),
        ("Ich heiße Petra Kühn und", [("Petra Kühn", "name")]),
        ("Viele Grüße, Hanna Busch", [("Hanna Busch", "name")]),
        ("Grüß Oma  Trude", [("Oma  Trude", "own")]),
    ],
    ids=lambda case: case[0],
)
def test_private_things_are_found(text, private):
    assert found(text) == private


@every(
    "text",
    [
        "Am 01.12.2026 14:05 Uhr, spätestens 05.12.",
        "2026-11-22T10:04:12+00:00",
        f"Sendung {PARCEL}, auch 0034 0434 2005 1118 2703",
        f"Anzeigennummer {AD}",
        "45,00 € plus 6,19 € Versand, zusammen 51,19 €",
        "Der Ring 18 cm, die Lampe 3 Monate alt, 10 Stück",
        "LG Marlene",
        "Viele Grüße und danke",
        "3 x 4 = 12, 50 % Rabatt, Größe 38",
        "Erikativ ist kein Name",
        "Zeile 3 im Protokoll, Feld 7, Bild 2, auf Platz 1",
    ],
)
def test_what_is_not_private_stays(text):
    assert found(text) == []


def test_a_thing_that_is_two_things_is_covered_once():
    [(words, kind)] = found("Erika.Musterfrau@web.de")
    assert (words, kind) == ("Erika.Musterfrau@web.de", Private.MAIL)


@pytest.mark.slow
def test_a_long_text_without_an_end_costs_no_time():
    for text in ("a" * 50_000, "1 " * 20_000, "Straße " * 5_000, "@" * 20_000, "DE12 " * 5_000):
        FINDER.find(text)
