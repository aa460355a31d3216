"""The map of texts: what is written is read again, and nothing else is taken for one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.every import every
from watcher.domain.text_map import Box, Opaque, TextMap, Word, dump, load, text_of

boxes = st.builds(Box, left=st.integers(), top=st.integers(), width=st.integers(1), height=st.integers(1))
words = st.builds(Word, text=st.text(), boxes=st.lists(boxes, min_size=1, max_size=3).map(tuple))
maps = st.builds(
    TextMap,
    width=st.integers(1, 20_000),
    height=st.integers(1, 20_000),
    scale=st.sampled_from([1.0, 1.25, 2.0]),
    texts=st.lists(st.lists(words, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    opaque=st.lists(st.builds(Opaque, kind=st.text(), box=boxes), max_size=3).map(tuple),
)


@settings(deadline=None, derandomize=True)
@given(maps)
def test_what_is_written_is_read_again(text_map):
    assert load(dump(text_map)) == text_map


def test_a_text_is_its_words():
    box = Box(left=0, top=0, width=1, height=1)
    assert text_of([Word(text="Hallo", boxes=(box,)), Word(text="Erika", boxes=(box,))]) == "Hallo Erika"


ENDLESS = b'{"format": "stornowacht-text-map-1", "picture": {"width": 1e999, "height": 1, "scale": 1}, "texts": [], "opaque": []}'


@every("content", [b"", b"[]", b"7", b"{}", b'{"format": "stornowacht-text-map-1"}', b"\xff", ENDLESS])
def test_what_is_no_map_is_refused(content):
    with pytest.raises(ValueError):
        load(content)


def test_a_map_of_another_format_is_refused_by_its_name():
    with pytest.raises(ValueError, match="stornowacht-text-map-9"):
        load(json.dumps({"format": "stornowacht-text-map-9"}).encode())
