"""What strangers call their things becomes a harmless part of a file's name."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from watcher.texts.file_name import file_name_part

MOST = 90
FORBIDDEN = set('<>:"/\\|?*')


@every(
    ("title", "expected"),
    [
        ("Friteuse, kaum benutzt", "Friteuse, kaum benutzt"),
        ("Brettspiel „Leuchtturmwärter“", "Brettspiel „Leuchtturmwärter“"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\x", "C__Windows_x"),
        ("a\x00b\nc\td", "a b c d"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("\u2066evil\u2069 \u200b\u200bname", "evil name"),
        ("  .hidden. . ", "hidden"),
        ("...", ""),
        ("\ud800", ""),
        ("a\u0308", "ä"),
    ],
)
def test_a_title_becomes(title: str, expected: str) -> None:
    assert file_name_part(title, most_bytes=MOST) == expected


def test_a_long_title_is_cut_between_letters_and_says_so() -> None:
    cut = file_name_part("Ä" * 500, most_bytes=MOST)
    assert len(cut.encode()) <= MOST
    assert cut == "Ä" * 43 + "…"


@given(st.text(max_size=300))
def test_no_text_makes_a_name_that_is_dangerous(text: str) -> None:
    name = file_name_part(text, most_bytes=MOST)
    assert len(name.encode()) <= MOST
    assert not set(name) & FORBIDDEN
    assert all(unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in name)
    assert name == name.strip(". ")
