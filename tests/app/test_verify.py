"""Whoever changes the archive is found out, and told where."""

import json
from collections.abc import Iterator
from hashlib import sha256

import pytest

from tests.support.every import every
from tests.support.rooms import Rooms
from watcher.app.findings import Finding, FindingKind, Step
from watcher.app.index import FileLook, IndexedCapture, IndexedFile
from watcher.app.verify import verify
from watcher.domain.ledger import GENESIS, hash_of
from watcher.storage.index import SqliteIndex
from watcher.storage.vault_look import VaultEye
from watcher.texts.language import LANGUAGES, Language, use


def write(rooms: Rooms, statement: str, *values: object) -> None:
    """Change the database behind the program's back, as somebody with the file in hands could."""
    connection = rooms.store._connection
    for trigger in ("ledger_is_not_changed", "ledger_is_not_cut"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(statement, values)


def places(rooms: Rooms) -> list[str]:
    return [fault.place for fault in verify(rooms.store, rooms.vault).faults]


def named(rooms: Rooms) -> list[tuple[str, int]]:
    return [(fault.kind.value, fault.line) for fault in verify(rooms.store, rooms.vault).faults]


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
    assert named(cancelled) == [("line_removed", line)]


def test_a_removed_first_line_is_named(cancelled: Rooms) -> None:
    write(cancelled, "DELETE FROM ledger WHERE seq = 1")
    assert named(cancelled)[0] == ("line_removed", 1)


def test_two_lines_that_changed_places_are_named(cancelled: Rooms) -> None:
    for before, after in ((1, -1), (2, 1), (-1, 2)):
        write(cancelled, "UPDATE ledger SET seq = ? WHERE seq = ?", after, before)
    assert named(cancelled) == [("line_swapped", 1), ("line_swapped", 2)]


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
    """Ledger and captures are read as of one moment, whatever is written in between; its files are no strays."""
    captures, checks = SqliteIndex.captures, []

    def captures_after_another_check(index: SqliteIndex) -> Iterator[IndexedCapture]:
        other = Rooms(cancelled.folder, cancelled.shop.deals(), cancelled.clock)
        other.shop.happen("lampe", "SHIPPED")
        checks.append(other.check())
        other.store.close()
        return captures(index)

    monkeypatch.setattr(SqliteIndex, "captures", captures_after_another_check)
    assert verify(cancelled.store, cancelled.vault).findings == ()
    assert checks[0].captures
    monkeypatch.undo()
    assert verify(cancelled.store, cancelled.vault).findings == ()


def test_a_file_that_is_forgotten_meanwhile_is_no_fault(
    cancelled: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = VaultEye.look

    def look_after_it_was_forgotten(eye: VaultEye, file: IndexedFile) -> FileLook:
        write(cancelled, "DELETE FROM capture_files WHERE path = ?", file.path)
        (cancelled.folder / file.path).unlink(missing_ok=True)
        return look(eye, file)

    monkeypatch.setattr(VaultEye, "look", look_after_it_was_forgotten)
    assert verify(cancelled.store, cancelled.vault).faults == ()


def test_where_a_head_from_a_mail_stands_is_said(cancelled: Rooms) -> None:
    first = next(iter(cancelled.store.ledger())).hash
    last = cancelled.store.ledger_head() or ""
    verdict = verify(cancelled.store, cancelled.vault, heads=[first, last])
    assert verdict.ok
    assert verdict.heads == {first: 1, last: verdict.lines}


def test_a_head_that_stands_nowhere_is_a_fault(cancelled: Rooms) -> None:
    mailed = cancelled.store.ledger_head() or ""
    write(cancelled, "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")
    verdict = verify(cancelled.store, cancelled.vault, heads=[mailed])
    [fault] = verdict.faults
    assert (fault.kind, fault.name) == (FindingKind.HEAD_UNKNOWN, mailed)


def test_a_hash_that_only_stands_beside_a_line_proves_nothing(cancelled: Rooms) -> None:
    """Whoever cuts the ledger could write a mailed head beside any line."""
    mailed = "ab" * 32
    write(cancelled, "UPDATE ledger SET hash = ? WHERE seq = 5", mailed)
    verdict = verify(cancelled.store, cancelled.vault, heads=[mailed])
    assert verdict.heads == {}
    assert FindingKind.HEAD_UNKNOWN in {fault.kind for fault in verdict.faults}


def test_what_a_removal_has_yet_to_take_away_is_a_remark(cancelled: Rooms) -> None:
    planted = cancelled.folder / "archive" / f"{sha256(b'gone').hexdigest()}.txt"
    planted.write_bytes(b"gone")
    with cancelled.store.writing() as writing:
        writing.record("forgotten", at=cancelled.clock(), files=[sha256(b"gone").hexdigest()])
    assert [fault.kind for fault in verify(cancelled.store, cancelled.vault).faults] == [
        FindingKind.FORGOTTEN_FILE
    ]
    path = planted.relative_to(cancelled.folder).as_posix()
    write(cancelled, "INSERT INTO erasures VALUES (?, '2026-11-22T12:00:00.000000+00:00')", path)
    verdict = verify(cancelled.store, cancelled.vault)
    assert (verdict.faults, [remark.kind for remark in verdict.remarks]) == ((), [FindingKind.FILE_GOING])


def test_a_text_that_is_no_utf_8_is_a_fault_and_no_crash(cancelled: Rooms) -> None:
    write(cancelled, "UPDATE ledger SET text = CAST(x'ff00fe' AS TEXT) WHERE seq = 3")
    write(
        cancelled, "UPDATE captures SET id = CAST(x'fffe' AS TEXT) WHERE id = (SELECT min(id) FROM captures)"
    )
    kinds = {fault.kind for fault in verify(cancelled.store, cancelled.vault).faults}
    assert {FindingKind.LINE_CHANGED, FindingKind.CAPTURE_ADDED, FindingKind.CAPTURE_REMOVED} <= kinds


def test_how_far_it_has_come_is_shown(cancelled: Rooms) -> None:
    class Told:
        def __init__(self) -> None:
            self.steps: dict[Step, int | None] = {}
            self.counts = dict.fromkeys(Step, 0)

        def begin(self, step: Step, total: int | None) -> None:
            self.steps[step] = total
            self.now = step

        def advance(self) -> None:
            self.counts[self.now] += 1

    watch = Told()
    verdict = verify(cancelled.store, cancelled.vault, watch=watch)
    assert watch.counts[Step.CHAIN] == verdict.lines
    assert watch.counts[Step.FILES] == watch.steps[Step.FILES] == verdict.looked_at[Step.FILES] > 0


@every(("kind", "language"), [(kind, language) for kind in FindingKind for language in LANGUAGES])
def test_every_finding_has_a_place_and_a_reason(kind: FindingKind, language: Language) -> None:
    use(language)
    try:
        finding = Finding(kind=kind, step=Step.FILES, name="x", line=3, until=5, count=2, detail="y")
        assert finding.place
        assert finding.reason
        assert "{" not in finding.place + finding.reason
    finally:
        use("de")
