"""What happens when the storage folder is opened: it is made, refused or brought up to date, and never ruined."""

import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.clock import NOON
from tests.support.values import ACCOUNT
from watcher.errors import BusyError, StorageError
from watcher.storage import database
from watcher.storage.database import APPLICATION_ID, FILE_NAME
from watcher.storage.store import SqliteStore

NEXT_SCHEMA = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO later VALUES (1);"
BROKEN_SCHEMA = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO nowhere VALUES (1);"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def raw(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / FILE_NAME, isolation_level=None)


def number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def filled(folder: Path) -> None:
    store = SqliteStore(folder)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.record("check", at=NOON)
    store.close()


def test_folder_and_file_are_the_owners_alone(folder: Path) -> None:
    filled(folder)
    assert (mode_of(folder), mode_of(folder / FILE_NAME)) == (0o700, 0o600)


def test_an_open_database_leaves_no_file_to_others(folder: Path) -> None:
    store = SqliteStore(folder)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
    assert {mode_of(path) for path in folder.iterdir()} == {0o600}
    store.close()


def test_a_folder_that_others_could_enter_is_closed_to_them(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    filled(folder)
    assert mode_of(folder) == 0o700


def test_the_settings_that_promises_rest_on_are_in_force(folder: Path) -> None:
    store = SqliteStore(folder)
    connection = store._connection
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    names = ("synchronous", "foreign_keys", "secure_delete", "application_id")
    assert [number(connection, name) for name in names] == [2, 1, 1, APPLICATION_ID]
    store.close()


def test_what_was_stored_is_there_at_the_next_opening(folder: Path) -> None:
    filled(folder)
    store = SqliteStore(folder)
    assert store.accounts() == [ACCOUNT]
    store.close()


def test_a_newer_database_is_refused_in_clear_words(folder: Path) -> None:
    filled(folder)
    connection = raw(folder)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(StorageError) as caught:
        SqliteStore(folder)
    assert "99" in caught.value.diagnostics()
    assert FILE_NAME in caught.value.message
    assert (folder / FILE_NAME).read_bytes() == before


def test_a_newer_program_that_comes_first_while_an_update_begins_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(folder)
    connection = raw(folder)
    connection.execute(f"PRAGMA user_version = {len(database._scripts()) - 1}")
    connection.close()
    monkeypatch.setattr(
        database, "_back_up", lambda opened, _copy: opened.execute("PRAGMA user_version = 99")
    )
    with pytest.raises(StorageError) as caught:
        SqliteStore(folder)
    assert "99" in caught.value.diagnostics()


@pytest.mark.parametrize("version", [0, 99])
def test_the_database_of_another_program_is_refused_and_left_alone(folder: Path, version: int) -> None:
    folder.mkdir()
    connection = raw(folder)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    (folder / FILE_NAME).chmod(0o644)
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(StorageError, match=FILE_NAME) as caught:
        SqliteStore(folder)
    assert "[storage] dir" in caught.value.advice
    assert (folder / FILE_NAME).read_bytes() == before
    assert mode_of(folder / FILE_NAME) == 0o644


def test_a_foreign_mark_alone_is_reason_enough(folder: Path) -> None:
    folder.mkdir()
    connection = raw(folder)
    connection.execute("PRAGMA application_id = 4711")
    connection.close()
    with pytest.raises(StorageError):
        SqliteStore(folder)


@pytest.mark.parametrize("content", [b"no database at all, " * 300, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_refused_and_not_overwritten(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(content)
    with pytest.raises(StorageError, match=FILE_NAME):
        SqliteStore(folder)
    assert (folder / FILE_NAME).read_bytes() == content


def test_damage_in_the_middle_of_the_file_is_told_not_thrown(folder: Path) -> None:
    store = SqliteStore(folder)
    with store.writing() as writing:
        for count in range(400):
            writing.record("check", at=NOON, number=count)
    store.tidy()
    store.close()
    content = bytearray((folder / FILE_NAME).read_bytes())
    size = len(content)
    ledger = size * 3 // 4  # the first pages belong to the tables that are still empty
    content[ledger : ledger + 20_000] = b"\xa5" * 20_000
    (folder / FILE_NAME).write_bytes(content[:size])
    with pytest.raises(StorageError):
        list(SqliteStore(folder).ledger())


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageError) as caught:
        SqliteStore(tmp_path / "data")
    assert "[storage] dir" in caught.value.advice


def test_a_folder_in_the_files_place_is_told(folder: Path) -> None:
    (folder / FILE_NAME).mkdir(parents=True)
    with pytest.raises(StorageError):
        SqliteStore(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that nobody may write")
def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(StorageError) as caught:
        SqliteStore(Path("/proc/stornowacht"))
    assert "/proc/stornowacht" in caught.value.message


def _say_what_opening_says(place: Path, said: "multiprocessing.Queue[str]") -> None:
    os.chdir(place)
    if os.geteuid() == 0:
        os.setuid(65534)  # root may write everywhere
    try:
        SqliteStore(Path("data"))
    except StorageError as error:
        said.put(error.diagnostics())
    else:
        said.put("opened")


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork, to become somebody without rights")
@pytest.mark.parametrize("is_new", [True, False])
def test_a_read_only_folder_is_told(tmp_path: Path, *, is_new: bool) -> None:
    folder = tmp_path / "data"
    if not is_new:
        filled(folder)
        folder.chmod(0o500)
    else:
        tmp_path.chmod(0o500)
    context = multiprocessing.get_context("fork")
    said: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_say_what_opening_says, args=(tmp_path, said))
    process.start()
    words = said.get(timeout=20)
    process.join()
    tmp_path.chmod(0o700)
    assert "data" in words
    assert "[storage] dir" in words


def test_an_older_database_is_backed_up_and_brought_up_to_date(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(folder)
    older = database._scripts()
    monkeypatch.setattr(database, "_scripts", lambda: [*older, NEXT_SCHEMA])
    store = SqliteStore(folder)
    assert store.accounts() == [ACCOUNT]
    assert number(store._connection, "user_version") == len(older) + 1
    assert store._connection.execute("SELECT count(*) FROM later").fetchone()[0] == 1
    store.close()
    backup = folder / f"{FILE_NAME}.before-schema-{len(older) + 1}"
    assert mode_of(backup) == 0o600
    copy = sqlite3.connect(backup)
    assert number(copy, "user_version") == len(older)
    assert copy.execute("SELECT name FROM accounts").fetchall() == [("main",)]
    copy.close()


def test_a_migration_that_fails_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(folder)
    older = database._scripts()
    monkeypatch.setattr(database, "_scripts", lambda: [*older, BROKEN_SCHEMA])
    with pytest.raises(StorageError, match="nowhere"):
        SqliteStore(folder)
    monkeypatch.setattr(database, "_scripts", lambda: older)
    store = SqliteStore(folder)
    assert store.accounts() == [ACCOUNT]
    assert (
        store._connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'later'").fetchone()[0]
        == 0
    )
    store.close()


def test_a_new_database_needs_no_backup(folder: Path) -> None:
    filled(folder)
    assert sorted(path.name for path in folder.iterdir()) == [FILE_NAME]


def _open_and_close(folder: Path) -> None:
    filled(folder)


def test_several_programs_may_open_a_new_folder_at_once(folder: Path) -> None:
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    processes = [context.Process(target=_open_and_close, args=(folder,)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 6
    store = SqliteStore(folder)
    assert len(list(store.ledger())) == 6
    store.close()


def test_a_migration_waits_for_whoever_is_at_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(folder)
    older = database._scripts()
    monkeypatch.setattr(database, "_scripts", lambda: [*older, NEXT_SCHEMA])
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    connection = raw(folder)
    connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError):
        SqliteStore(folder)
    connection.close()


@pytest.mark.slow
def test_a_full_disk_is_told_and_nothing_half_remembered(folder: Path) -> None:
    """A limit on the size of files stands for the full disk: SQLite gets the same refusal."""
    filled(folder)
    script = f"""
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from watcher.errors import StorageError
from watcher.storage.store import SqliteStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(Path({str(folder)!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with store.writing() as writing:
        for number in range(5000):
            writing.record("check", at=datetime(2026, 1, 1, tzinfo=UTC), padding="x" * 200)
except StorageError as error:
    print("told:", error.message)
    with store.writing() as writing:
        writing.record("after", at=datetime(2026, 1, 1, tzinfo=UTC))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stdout.startswith("told:"), ended.stderr
    assert ended.stderr == ""
    store = SqliteStore(folder)
    assert [line.text.count("padding") for line in store.ledger()] == [0, 0]
    store.close()
