"""Whoever changes the archive is found out, and told where."""

import json

import pytest

from tests.support.rooms import Rooms
from watcher.app.verify import verify
from watcher.domain.ledger import GENESIS, hash_of


def write(rooms: Rooms, statement: str, *values: object) -> None:
    """Change the database behind the program's back, as somebody with the file in hands could."""
    connection = rooms.store._connection
    for trigger in ("ledger_is_not_changed", "ledger_is_not_cut"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(statement, values)


def places(rooms: Rooms) -> list[str]:
    return [fault.place for fault in verify(rooms.store, rooms.vault).faults]


def number_of(rooms: Rooms, kind: str) -> int:
    return rooms.ledger_kinds().index(kind) + 1


def test_an_untouched_archive_has_no_fault(cancelled: Rooms) -> None:
    verdict = verify(cancelled.store, cancelled.vault)
    assert verdict.ok
    assert verdict.faults == ()
    assert (verdict.lines, verdict.captures) == (
        len(cancelled.ledger_kinds()),
        len(cancelled.store.captures()),
    )
    assert verdict.files == sum(len(capture.files) for capture in cancelled.store.captures())


def test_an_empty_archive_has_no_fault(rooms: Rooms) -> None:
    assert verify(rooms.store, rooms.vault).ok


def test_a_changed_line_is_named(cancelled: Rooms) -> None:
    line = number_of(cancelled, "order_cancelled")
    write(
        cancelled,
        "UPDATE ledger SET text = replace(text, 'order_cancelled', 'order_refunded') WHERE seq = ?",
        line,
    )
    [place] = places(cancelled)
    assert str(line) in place


def test_a_changed_line_with_a_new_hash_breaks_the_chain_behind_it(cancelled: Rooms) -> None:
    line = number_of(cancelled, "order_cancelled")
    text = next(entry.text for entry in cancelled.store.ledger() if entry.seq == line).replace(
        "cancelled", "refunded"
    )
    write(cancelled, "UPDATE ledger SET text = ?, hash = ? WHERE seq = ?", text, hash_of(text), line)
    [place] = places(cancelled)
    assert str(line + 1) in place


def test_a_removed_line_is_named(cancelled: Rooms) -> None:
    line = number_of(cancelled, "order_cancelled")
    write(cancelled, "DELETE FROM ledger WHERE seq = ?", line)
    assert any(str(line + 1) in place for place in places(cancelled))


def test_a_removed_first_line_is_named(cancelled: Rooms) -> None:
    write(cancelled, "DELETE FROM ledger WHERE seq = 1")
    assert any("2" in place for place in places(cancelled))


def test_two_lines_that_changed_places_are_named(cancelled: Rooms) -> None:
    for before, after in ((1, -1), (2, 1), (-1, 2)):
        write(cancelled, "UPDATE ledger SET seq = ? WHERE seq = ?", after, before)
    assert len(places(cancelled)) >= 2


def test_a_line_that_is_no_json_is_a_fault_and_no_crash(cancelled: Rooms) -> None:
    write(cancelled, "UPDATE ledger SET text = 'scribble' WHERE seq = 3")
    assert places(cancelled)


def test_a_line_that_was_added_without_the_chain_is_named(cancelled: Rooms) -> None:
    seq = len(cancelled.ledger_kinds()) + 1
    text = json.dumps({"seq": seq, "prev": GENESIS, "kind": "order_refunded"})
    write(cancelled, "INSERT INTO ledger VALUES (?, ?, ?)", seq, text, hash_of(text))
    [place] = places(cancelled)
    assert str(seq) in place


def test_a_capture_that_the_database_alone_knows_is_named(cancelled: Rooms) -> None:
    write(
        cancelled,
        "INSERT INTO captures (id, account, conversation, kind, taken_at, url, reason, complete)"
        " SELECT 'slipped-in', account, conversation, kind, taken_at, url, reason, complete FROM captures LIMIT 1",
    )
    [place] = places(cancelled)
    assert "slipped-in" in place


def test_a_capture_that_was_removed_from_the_database_is_named(cancelled: Rooms) -> None:
    gone = cancelled.store.captures()[0].id
    write(cancelled, "DELETE FROM captures WHERE id = ?", gone)
    [place] = places(cancelled)
    assert gone in place


def test_a_capture_whose_file_was_exchanged_with_its_hash_is_named(cancelled: Rooms) -> None:
    first, second = cancelled.store.captures()[:2]
    other = second.files[0]
    write(
        cancelled,
        "UPDATE capture_files SET sha256 = ?, path = ? WHERE capture_id = ? AND position = 0",
        other.sha256,
        other.path,
        first.id,
    )
    [place] = places(cancelled)
    assert first.id in place


def test_a_changed_file_is_named(cancelled: Rooms) -> None:
    file = cancelled.store.captures()[0].files[0]
    path = cancelled.folder / file.path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"!")
    assert places(cancelled) == [file.path]


def test_a_missing_file_is_named(cancelled: Rooms) -> None:
    file = cancelled.store.captures()[0].files[0]
    (cancelled.folder / file.path).unlink()
    assert places(cancelled) == [file.path]


def test_every_fault_is_named_not_only_the_first(cancelled: Rooms) -> None:
    first, second = cancelled.store.captures()[:2]
    (cancelled.folder / first.files[0].path).unlink()
    (cancelled.folder / second.files[0].path).unlink()
    assert len(places(cancelled)) == 2


def test_a_check_that_ends_meanwhile_is_no_fault(cancelled: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledger and captures are read as of one moment, whatever is written in between."""
    captures = cancelled.store.captures

    def captures_after_another_check() -> object:
        other = Rooms(cancelled.folder, cancelled.shop.deals(), cancelled.clock)
        other.shop.happen("lampe", "SHIPPED")
        other.check()
        other.store.close()
        return captures()

    monkeypatch.setattr(cancelled.store, "captures", captures_after_another_check)
    assert verify(cancelled.store, cancelled.vault).ok
    monkeypatch.undo()
    assert verify(cancelled.store, cancelled.vault).ok
