"""After an update whose readers have changed, the archive is worth reading again: that is proposed until it was done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from watcher.app.replay_due import note_beginning, note_replayed, replay_is_due
from watcher.pages import edition as readers


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path / "data", five_orders(NOON), Clock())
    yield rooms
    rooms.store.close()


def test_a_new_archive_has_nothing_to_read_again(rooms: Rooms) -> None:
    assert not replay_is_due(rooms.store, "one")
    note_beginning(rooms.store, "one")
    rooms.check()
    assert not replay_is_due(rooms.store, "one")


def test_other_readers_propose_it_until_it_was_done(rooms: Rooms) -> None:
    note_beginning(rooms.store, "one")
    rooms.check()
    note_beginning(rooms.store, "two")
    assert replay_is_due(rooms.store, "two")
    note_replayed(rooms.store, "two")
    assert not replay_is_due(rooms.store, "two")


def test_an_archive_of_a_version_that_did_not_say_is_worth_it(rooms: Rooms) -> None:
    rooms.check()
    note_beginning(rooms.store, "one")
    assert replay_is_due(rooms.store, "one")


def test_every_reader_layout_and_word_counts_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "layouts").mkdir()
    reader, layout, notes = tmp_path / "reader.py", tmp_path / "layouts" / "new.toml", tmp_path / "x.pyc"
    for path in (reader, layout, notes):
        path.write_text("1\n", encoding="utf-8")

    def now() -> str:
        readers.edition.cache_clear()
        return readers.edition()

    monkeypatch.setattr(readers, "files", lambda _package: tmp_path)
    first = now()
    notes.write_text("2", encoding="utf-8")
    reader.write_bytes(b"1\r\n")
    assert now() == first, "compiled files and line endings are no other edition"
    layout.write_text("2\n", encoding="utf-8")
    second = now()
    reader.write_text("2\n", encoding="utf-8")
    assert len({first, second, now()}) == 3
    monkeypatch.undo()
    readers.edition.cache_clear()
