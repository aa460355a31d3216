"""Text of strangers is harmless wherever it is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers import plain

anything = st.text(st.characters(codec=None, categories=None))


@settings(deadline=None)
@given(anything, st.integers(min_value=1, max_value=50))
def test_a_line_is_one_short_printable_line(text, limit):
    line = plain.line(text, limit=limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line.encode("utf-8").decode("utf-8") == line
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in line)


@settings(deadline=None)
@given(anything)
def test_a_block_can_be_sent_and_steers_nothing(text):
    block = plain.block(text)

    assert block.encode("utf-8").decode("utf-8") == block
    assert not set(block) & set(
        "\x00\x07\x08\x1b\x9b\r\u2028\u2029\u202a\u202e\u2066\u2069\u200e\u200f\ufeff"
    )


@settings(deadline=None)
@given(anything, st.integers(1, 5), st.integers(1, 30))
def test_lines_are_as_few_and_as_short_as_asked(text, count, limit):
    lines = plain.lines(text, count=count, limit=limit).split("\n")

    assert len(lines) <= count
    assert all(len(line) <= limit for line in lines)


@settings(deadline=None)
@given(anything, st.integers(3, 60))
def test_no_more_bytes_are_taken_than_asked(text, size):
    cut = plain.within(plain.block(text), size=size)

    assert len(cut.encode("utf-8")) <= size
    assert cut == plain.block(text) or cut.endswith("…")


@settings(deadline=None)
@given(anything)
def test_a_document_can_be_sent(text):
    assert "\x00" not in plain.encodable(text).encode("utf-8").decode("utf-8")


@pytest.mark.parametrize("text", ["Größe 42, 5 €", "👨\u200d👩\u200d👧 und 🚲", "日本語", "a\tb"])
def test_honest_text_is_left_alone(text):
    assert plain.block(text) == text


def test_a_cut_is_visible():
    assert plain.line("Kinderfahrrad", limit=8) == "Kinderf…"
