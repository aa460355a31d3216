"""Whatever is done to the ledger afterwards, the chain shows it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import steady
from watcher.domain.ledger import GENESIS, Line, chain_faults, hash_of


def chain(length: int) -> list[Line]:
    lines: list[Line] = []
    for seq in range(1, length + 1):
        previous = lines[-1].hash if lines else GENESIS
        text = json.dumps({"seq": seq, "prev": previous, "kind": "check", "facts": {"n": seq}})
        lines.append(Line(seq=seq, text=text, hash=hash_of(text)))
    return lines


def faults(lines: list[Line]) -> list[int]:
    return [fault.seq for fault in chain_faults(lines)]


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_a_clean_chain_has_no_faults(length):
    assert faults(chain(length)) == []


@steady
@given(st.data())
def test_a_changed_text_is_found_at_its_line(data):
    lines = chain(8)
    at = data.draw(st.integers(0, 7))
    text = data.draw(st.text().filter(lambda text: text != lines[at].text))
    lines[at] = replace(lines[at], text=text)
    assert at + 1 in faults(lines)


@pytest.mark.parametrize("at", range(7))
def test_a_changed_text_with_its_hash_made_new_is_found_at_the_next_line(at):
    lines = chain(8)
    text = lines[at].text.replace('"check"', '"nothing"')
    lines[at] = replace(lines[at], text=text, hash=hash_of(text))
    assert faults(lines) == [at + 2]


@pytest.mark.parametrize("at", range(8))
def test_a_changed_hash_is_found(at):
    lines = chain(8)
    lines[at] = replace(lines[at], hash="f" * 64)
    assert at + 1 in faults(lines)


@steady
@given(st.integers(0, 6), st.integers(1, 7))
def test_lines_cut_out_of_the_middle_are_found_at_the_line_after_them(start, count):
    lines = chain(8)
    end = min(start + count, 7)
    assert faults(lines[:start] + lines[end:])[0] == end + 1


@steady
@given(st.permutations(range(8)).filter(lambda order: list(order) != list(range(8))))
def test_swapped_lines_are_found(order):
    lines = chain(8)
    assert faults([lines[at] for at in order])


@pytest.mark.parametrize("at", range(8))
def test_a_line_put_in_is_found(at):
    lines = chain(8)
    previous = lines[at - 1].hash if at else GENESIS
    text = json.dumps({"seq": at + 1, "prev": previous, "kind": "forged"})
    assert faults([*lines[:at], Line(seq=at + 1, text=text, hash=hash_of(text)), *lines[at:]])


def test_a_line_that_stands_there_twice_is_found():
    lines = chain(4)
    assert faults([*lines[:2], lines[1], *lines[2:]])


@pytest.mark.parametrize("at", range(8))
def test_a_number_beside_the_line_that_is_not_its_own_is_found(at):
    lines = chain(8)
    lines[at] = replace(lines[at], seq=at + 40)
    assert at + 40 in faults(lines)


def test_a_gap_in_the_numbers_is_found_even_where_the_chain_was_mended():
    first, _, third = chain(3)
    text = json.dumps({"seq": 3, "prev": first.hash})
    assert faults([first, replace(third, text=text, hash=hash_of(text))]) == [3]


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", "1" * 5000, "[" * 100_000, '{"seq": "1"}'], ids=lambda text: text[:8]
)
def test_a_line_that_is_no_object_is_a_fault_and_no_crash(text):
    assert faults([Line(seq=1, text=text, hash=hash_of(text))])


def test_the_hash_is_sha_256_over_the_bytes_of_the_line():
    """So that anybody can check it without this program."""
    assert hash_of("ä") == "33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc"
