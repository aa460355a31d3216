"""Filling facts into texts: no hole where one is missing, and never a pattern inside a fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from watcher.texts.fill import fill, one_line


def test_a_fact_stands_in_its_place() -> None:
    assert fill("Hallo[ {buyer}],", {"buyer": "Jana"}) == "Hallo Jana,"


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u202e", "\n"])
def test_a_missing_fact_takes_its_brackets_along(nothing: str | None) -> None:
    assert fill("Hallo[ {buyer}], [„{buyer}“|der Artikel]", {"buyer": nothing}) == "Hallo, der Artikel"


def test_a_part_with_two_facts_needs_both() -> None:
    assert fill("Paket[ ({carrier} {number})]", {"carrier": "DHL", "number": None}) == "Paket"


@every("hostile", ["{buyer}", "{0.__class__}", "[x|y]", "{{ 7 * 7 }}", "%s", "\\1", "[{title}]"])
def test_a_fact_is_never_read_as_a_pattern(hostile: str) -> None:
    assert fill("[{title}] {buyer}", {"title": hostile, "buyer": "B"}) == f"{hostile} B"


@pytest.mark.parametrize("pattern", ["{misspelt}", "[{misspelt}]"])
def test_a_misspelt_fact_is_a_fault_and_not_a_missing_fact(pattern: str) -> None:
    with pytest.raises(KeyError):
        fill(pattern, {"buyer": "B"})


def test_a_line_break_cannot_start_a_new_line() -> None:
    assert fill("{title}", {"title": "A\r\nBcc: x@y.z\u2028B"}) == "A Bcc: x@y.z B"


def test_marks_that_turn_the_reading_direction_are_dropped() -> None:
    assert one_line("A\u202eB\u2066C\x1b[2J") == "ABC [2J"


def test_a_novel_is_cut_with_an_ellipsis() -> None:
    assert one_line("x" * 500) == "x" * 79 + "…"


@given(st.text())
def test_every_line_is_short_printable_and_can_be_sent(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 80
    assert len(line.splitlines()) <= 1
    assert line.encode("utf-8").decode("utf-8") == line


@given(st.text(), st.text())
def test_filling_never_fails_whatever_the_facts_are(title: str, buyer: str) -> None:
    fill("[„{title}“|der Artikel] von[ {buyer}| dir]", {"title": title, "buyer": buyer})
