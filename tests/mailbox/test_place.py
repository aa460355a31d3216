"""Remembering how far a mailbox was read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.clock import NOON
from tests.support.every import every
from watcher.mailbox.place import Place, parse_place, place_text

_UIDS = st.integers(min_value=0, max_value=2**32 - 1)


@settings(deadline=None)
@given(_UIDS, _UIDS)
def test_a_place_is_read_back(validity: int, uid: int) -> None:
    place = Place(validity=validity, uid=uid, at=NOON)
    assert parse_place(place_text(place)) == place


@every("text", [None, "", "1 2", "1 2 yesterday", "1 2 2026-11-22T12:00:00", "x 2 3", "1 2 3\n"])
def test_anything_else_is_no_place(text: str | None) -> None:
    assert parse_place(text) is None
