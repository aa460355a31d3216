"""A stranger's words in a letter or on a terminal."""

import pytest

from watcher.texts.quote import quoted_words


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Klick auf https://auszahlung.example/empfang", "Klick auf https[:]//auszahlung[.]example/empfang"),
        ("Schreib an jonte@beispiel.de!", "Schreib an jonte@beispiel[.]de!"),
        ("www.kleinanzeigen-auszahlung.info", "www[.]kleinanzeigen-auszahlung[.]info"),
        ("Am 01.12. für 1.500 Euro. Passt das?", "Am 01.12. für 1.500 Euro. Passt das?"),
    ],
)
def test_an_address_in_it_is_no_link_and_everything_else_stays(said: str, shown: str) -> None:
    assert quoted_words(said, limit=100) == shown


def test_it_is_one_harmless_line_of_bounded_length() -> None:
    shown = quoted_words("a\x1b[2J\u202e\r\nb" + "c" * 500, limit=60)
    assert shown.isprintable()
    assert len(shown) <= 60
