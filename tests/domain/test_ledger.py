"""Whatever is done to the ledger afterwards, the chain shows it and says what it was."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import steady
from tests.support.every import every
from watcher.domain.ledger import (
    CLOCK_TOLERANCE,
    GENESIS,
    ChainFaultKind,
    Line,
    chain_faults,
    hash_of,
    read_chain,
)
from watcher.domain.ledger_line import FormFault, read_line

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def line(seq: int, prev: str, *, kind: str = "check", at: datetime = NOON, **more: object) -> Line:
    told = {"account": "main", "facts": {"n": seq}, "order": None}
    text = rfc8785.dumps(told | {"seq": seq, "prev": prev, "kind": kind, "at": at.isoformat()} | more)
    return Line(seq=seq, text=text.decode(), hash=hash_of(text.decode()))


def chain(length: int) -> list[Line]:
    lines: list[Line] = []
    for seq in range(1, length + 1):
        lines.append(line(seq, lines[-1].hash if lines else GENESIS))
    return lines


def chained_anew(lines: list[Line], start: int) -> list[Line]:
    """Return the lines as somebody leaves them who writes every hash anew from one line on."""
    out = lines[:start]
    for old in lines[start:]:
        told = json.loads(old.text) | {"seq": len(out) + 1, "prev": out[-1].hash if out else GENESIS}
        text = rfc8785.dumps(told).decode()
        out.append(Line(seq=len(out) + 1, text=text, hash=hash_of(text)))
    return out


def numbered_anew(lines: list[Line]) -> list[Line]:
    return [replace(one, seq=place) for place, one in enumerate(lines, start=1)]


def faults(lines: list[Line]) -> list[int]:
    return [fault.seq for fault in chain_faults(lines)]


def named(lines: list[Line]) -> list[tuple[str, int, int]]:
    return [(fault.kind.value, fault.seq, fault.until) for fault in chain_faults(lines)]


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
    assert ("changed", at + 1, at + 1) in named(lines)
    assert set(faults(lines)) == {at + 1}


@every("at", range(7))
def test_a_line_that_was_rewritten_with_a_hash_of_its_own_is_found_at_the_next_line(at):
    lines = chain(8)
    text = lines[at].text.replace('"check"', '"nothing"')
    lines[at] = replace(lines[at], text=text, hash=hash_of(text))
    assert named(lines) == [("rewritten", at + 2, at + 2)]


@every("at", range(8))
def test_a_changed_hash_is_found(at):
    lines = chain(8)
    lines[at] = replace(lines[at], hash="f" * 64)
    assert named(lines) == [("changed", at + 1, at + 1)]


@steady
@given(st.integers(0, 6), st.integers(1, 7))
def test_lines_cut_out_of_the_middle_are_named(start, count):
    lines = chain(8)
    end = min(start + count, 7)
    assert named(lines[:start] + lines[end:]) == [("removed", start + 1, end)]


@steady
@given(st.integers(0, 5), st.integers(1, 7))
def test_lines_cut_out_are_named_also_when_the_others_were_numbered_anew(start, count):
    lines = chain(8)
    end = min(start + count, 7)
    assert named(numbered_anew(lines[:start] + lines[end:])) == [("removed", start + 1, end)]


@every(("one", "other"), [(0, 1), (2, 3), (2, 5), (0, 7), (2, 7), (6, 7)])
def test_two_lines_that_changed_places_are_named(one, other):
    lines = chain(8)
    lines[one], lines[other] = lines[other], lines[one]
    assert named(numbered_anew(lines)) == [("swapped", at + 1, at + 1) for at in (one, other)]


@steady
@given(st.permutations(range(8)).filter(lambda order: list(order) != list(range(8))))
def test_lines_in_any_other_order_are_found(order):
    lines = chain(8)
    assert faults([lines[at] for at in order])
    assert faults(numbered_anew([lines[at] for at in order]))


@every("at", range(8))
def test_a_line_put_in_is_found(at):
    lines = chain(8)
    forged = line(at + 1, lines[at - 1].hash if at else GENESIS, kind="forged")
    assert named([*lines[:at], forged, *lines[at:]]) == [("added", at + 1, at + 1)]


@pytest.mark.parametrize("knows_the_chain", [True, False])
@pytest.mark.parametrize("at", range(8))
def test_a_line_put_in_is_named_also_when_those_behind_it_were_numbered_anew(at, knows_the_chain):
    lines = chain(8)
    prev = (lines[at - 1].hash if at else GENESIS) if knows_the_chain else "e" * 64
    lines.insert(at, line(at + 1, prev, kind="forged"))
    told = named(numbered_anew(lines))
    assert {(first, last) for _, first, last in told} == {(at + 1, at + 1)}
    if at:
        assert told == [("added", at + 1, at + 1)]


def test_several_lines_put_in_are_named_together():
    lines = chain(6)
    forged = chained_anew([*lines[:3], line(4, ""), line(5, "")], 3)[3:]
    assert named(numbered_anew([*lines[:3], *forged, *lines[3:]])) == [("added", 4, 5)]


def test_a_line_hung_on_the_end_without_the_chain_is_named():
    assert named([*chain(4), line(5, GENESIS, kind="forged")]) == [("added", 5, 5)]


def test_a_line_that_stands_there_twice_is_found():
    lines = chain(4)
    assert named([*lines[:2], lines[1], *lines[2:]]) == [("added", 2, 2)]


@every("at", range(8))
def test_a_number_beside_the_line_that_is_not_its_own_is_found(at):
    lines = chain(8)
    lines[at] = replace(lines[at], seq=at + 40)
    assert named(lines) == [("renumbered", at + 40, at + 40)]


def test_lines_in_front_of_the_first_are_found():
    assert faults([line(0, GENESIS), *chain(3)])
    assert faults([line(-7, GENESIS), *chain(3)])


def test_a_gap_in_the_numbers_is_found_even_where_the_chain_was_mended():
    first, _, third = chain(3)
    text = third.text.replace(json.loads(third.text)["prev"], first.hash)
    assert named([first, replace(third, text=text, hash=hash_of(text))]) == [("removed", 2, 2)]


def test_a_chain_that_was_written_anew_from_a_line_on_shows_nothing_by_itself():
    """That is what anchors, stamps and mailed heads are for."""
    lines = chain(8)
    lines[3] = replace(lines[3], text=lines[3].text.replace('"check"', '"nothing"'))
    assert faults(chained_anew(lines, 3)) == []
    assert chained_anew(lines, 3)[-1].hash != chain(8)[-1].hash


def test_every_fault_is_named_not_only_the_first():
    lines = chain(20)
    lines[2] = replace(lines[2], text="scribble")
    del lines[15]
    lines[8], lines[9] = lines[9], lines[8]
    assert [kind for kind, _, _ in named(lines)] == [
        "unreadable", "changed", "swapped", "swapped", "removed",
    ]  # fmt: skip


@every(
    "text",
    ["", "null", "[]", "{", "1" * 5000, "[" * 100_000, '{"seq": "1"}', "NaN", "\udcff"],
    ids=lambda text: ascii(text[:8]),
)
def test_a_line_that_is_no_object_is_a_fault_and_no_crash(text):
    assert named([Line(seq=1, text=text, hash=hash_of(text))])[0] == ("unreadable", 1, 1)


@every(
    ("change", "found"),
    [
        (lambda text: text.replace('":', '": ', 1), FormFault.NOT_CANONICAL),
        (lambda text: text + "\n", FormFault.NOT_CANONICAL),
        (lambda text: text.replace("check", "\\u0063heck"), FormFault.NOT_CANONICAL),
        (lambda text: text.replace('"n":1', '"n":1.0'), FormFault.NOT_CANONICAL),
        (lambda text: text.replace('"n":1', '"n":-0'), FormFault.NOT_CANONICAL),
        (lambda text: text.replace('"n":1', f'"n":{2**53}'), FormFault.NOT_CANONICAL),
        (lambda text: text.replace('"n":1', '"n":NaN'), FormFault.NOT_CANONICAL),
        (lambda text: '{"seq":1,' + text[1:].replace(',"seq":1', ""), FormFault.NOT_CANONICAL),
        (lambda text: text.replace('"n":1', '"n":1,"n":2'), FormFault.DUPLICATE_KEY),
        (lambda text: text.replace('"seq":1', '"seq":1,"seq":1'), FormFault.DUPLICATE_KEY),
        (lambda text: text.replace('"facts"', '"extra":1,"facts"'), FormFault.UNREADABLE),
        (lambda text: text.replace('"seq":1', '"seq":true'), FormFault.UNREADABLE),
        (lambda text: text.replace("+00:00", ""), FormFault.UNREADABLE),
        (lambda text: text.replace('"kind"', '"format":2,"kind"'), FormFault.NEWER_FORMAT),
    ],
)
def test_another_form_than_every_line_has_is_named(change, found):
    good = line(1, GENESIS).text
    assert read_line(good)[1] is None
    assert change(good) != good
    assert read_line(change(good))[1] is found


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@steady
@given(
    st.dictionaries(_TEXTS, st.lists(_TEXTS) | _TEXTS | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1))
)
def test_what_the_writer_calls_canonical_is_canonical_here(facts):
    assert read_line(line(1, GENESIS, facts=facts).text)[1] is None


def test_names_are_sorted_by_their_utf_16_code_units():
    """RFC 8785, section 3.2.3: by code points these two would stand the other way round."""
    text = line(1, GENESIS, facts={"\ufb33": 1, "\U0001f600": 2}).text
    assert text.index("\U0001f600") < text.index("\ufb33")
    assert read_line(text)[1] is None


def set_back(*minutes: int, kind: str = "check") -> list[timedelta | None]:
    lines: list[Line] = []
    for seq, minute in enumerate(minutes, start=1):
        at = NOON + timedelta(minutes=minute)
        lines.append(line(seq, lines[-1].hash if lines else GENESIS, at=at, kind=kind))
    assert faults(lines) == []
    return [read.set_back for read in read_chain(lines)]


def test_a_clock_that_was_set_back_is_noticed_once_and_is_no_fault():
    assert set_back(0, 60, -60, -50, 0) == [None, None, timedelta(hours=2), None, None]


def test_lines_whose_work_began_a_little_earlier_are_no_sign_of_another_clock():
    within = int(CLOCK_TOLERANCE / timedelta(minutes=1))
    assert set_back(0, within, 0) == [None] * 3
    assert set_back(0, within + 1, 0)[2] == CLOCK_TOLERANCE + timedelta(minutes=1)


def test_a_capture_that_is_remembered_late_is_no_sign_of_another_clock():
    assert set_back(0, 60, -600, 61, kind="capture_kept") == [None] * 4


def test_each_kind_of_form_fault_is_a_kind_of_chain_fault():
    assert {kind.value for kind in FormFault} < {kind.value for kind in ChainFaultKind}


def test_the_hash_is_sha_256_over_the_bytes_of_the_line():
    """So that anybody can check it without this program."""
    assert hash_of("ä") == "33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc"
