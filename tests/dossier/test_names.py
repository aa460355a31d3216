"""Names in a bag, whatever strangers called their things."""

import pytest

from tests.support.every import every
from watcher.dossier.names import Taken, free_name, safe_name, slug


@every(
    ("given", "name"),
    [
        ("Beleg.jpg", "Beleg.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a/b/c.txt", "c.txt"),
        ("....", "file"),
        ("", "file"),
        (".profile", "profile"),
        ("eins\x00zwei\nDrei.png", "eins zwei Drei.png"),
        ("\u202egpj.exe", "gpj.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ('was: "das"?.pdf', "was_ _das__.pdf"),
        ("50% Rabatt.pdf", "50_ Rabatt.pdf"),
        ("Größe M.jpg", "Größe M.jpg"),
    ],
)
def test_a_name_leads_nowhere_and_stays_readable(given, name):
    assert safe_name(given) == name


def test_an_endless_name_is_cut_and_keeps_its_ending():
    name = safe_name("ß" * 500 + ".jpeg")
    assert name.endswith(".jpeg")
    assert len(name.encode()) < 110


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Friteuse, kaum benutzt", "friteuse-kaum-benutzt"),
        ("Größe ÄÖÜ", "groesse-aeoeue"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("מתקן", "o1"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_title_becomes_a_plain_name(title, name):
    assert slug(title, otherwise="o1") == name


def test_names_differ_also_where_capitals_are_small_letters():
    taken = Taken()
    assert [taken.take(name) for name in ("a.jpg", "A.JPG", "a.jpg", "b")] == [
        "a.jpg",
        "A-2.JPG",
        "a-3.jpg",
        "b",
    ]


def test_a_number_goes_before_the_ending_and_behind_a_name_without_one():
    assert free_name("x.zip", {"x.zip"}.__contains__) == "x-2.zip"
    assert (
        free_name("2026-11-22 10.04 Uhr", {"2026-11-22 10.04 Uhr"}.__contains__) == "2026-11-22 10.04 Uhr-2"
    )
