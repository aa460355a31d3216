"""A backup holds everything as of one moment, whatever happens meanwhile, and never costs what was there."""

import json
import os
import resource
import signal
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.archive import Archive, archive, as_somebody_else, in_a_child
from tests.support.clock import NOON
from watcher.app.forget import BY_SELLER, forget
from watcher.app.forget_plan import plan_forgetting
from watcher.app.naming import keep_names
from watcher.app.verify import verify
from watcher.domain.order import Order
from watcher.errors import BusyError, StorageError, UsageError
from watcher.storage import backup as making
from watcher.storage.backup import MadeBackup, make_backup
from watcher.storage.database import FILE_NAME
from watcher.storage.names import ReadableNames
from watcher.storage.restore import restore_backup
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

__all__ = ["archive"]  # a fixture that tests find here


@pytest.fixture
def order(archive: Archive) -> Order:
    """An order with a capture and a file; the storage folder holds all that it may hold besides."""
    order = archive.order("plate")
    archive.thread(order)
    archive.attach(order, archive.file("receipt.txt", b"receipt"))
    keep_names(archive.store, ReadableNames(archive.folder))
    (archive.folder / "stamps").mkdir()
    (archive.folder / "stamps" / "1-authority.tsr").write_bytes(b"stamp")
    profile = archive.folder / "profiles" / "main"
    (profile / "Default" / "Cache").mkdir(parents=True)
    (profile / "Default" / "Cookies").write_bytes(b"cookie")
    (profile / "Default" / "Cache" / "data_0").write_bytes(b"cached")
    (profile / "SingletonLock").symlink_to("host-123")
    (archive.folder / "profiles" / "main.lock").touch()
    (archive.folder / "daemon.lock").touch()
    (archive.folder / "dashboard.token").write_bytes(b"key")
    (archive.folder / "exports").mkdir()
    (archive.folder / "exports" / "dossier.zip").write_bytes(b"a copy")
    (archive.folder / "archive" / "part-abc").write_bytes(b"half")
    return order


def made(archive: Archive, target: Path, *, with_profiles: bool = False) -> MadeBackup:
    return make_backup(archive.folder, target, program="1.2.3", at=NOON, with_profiles=with_profiles)


def names_in(backup: Path) -> list[str]:
    with zipfile.ZipFile(backup) as bag:
        return sorted(bag.namelist())


@contextmanager
def opened(folder: Path) -> Iterator[tuple[SqliteStore, FileVault]]:
    store = SqliteStore(folder)
    try:
        yield store, FileVault(folder)
    finally:
        store.close()


def test_everything_comes_back_as_it_was(archive: Archive, order: Order, tmp_path: Path) -> None:
    ledger = list(archive.store.ledger())
    backup = made(archive, tmp_path / "b.zip")
    assert (backup.faults, backup.skipped, backup.is_private) == ((), (), True)
    back = restore_backup(tmp_path / "b.zip", tmp_path / "back")
    assert back.manifest == backup.manifest
    with opened(tmp_path / "back") as (store, vault):
        assert list(store.ledger()) == ledger
        assert store.orders() == archive.store.orders()
        assert store.attachments().of(order.id) == archive.store.attachments().of(order.id)
        assert verify(store, vault).ok
    assert (tmp_path / "back" / "stamps" / "1-authority.tsr").read_bytes() == b"stamp"


def test_what_is_passing_or_can_be_made_again_and_the_log_in_stay_out(
    archive: Archive, order: Order, tmp_path: Path
) -> None:
    made(archive, tmp_path / "b.zip")
    folders = {name.split("/")[1] for name in names_in(tmp_path / "b.zip") if "/" in name}
    assert folders == {FILE_NAME, "archive", "stamps"}
    assert not [name for name in names_in(tmp_path / "b.zip") if "part-" in name or ".lock" in name]
    assert order.title.encode() not in b"".join(name.encode() for name in names_in(tmp_path / "b.zip"))


def test_profiles_go_in_when_they_are_asked_for_without_caches_and_links(
    archive: Archive, order: Order, tmp_path: Path
) -> None:
    assert order
    backup = made(archive, tmp_path / "b.zip", with_profiles=True)
    assert backup.manifest.profiles
    assert [name for name in names_in(tmp_path / "b.zip") if "profiles" in name] == [
        "data/profiles/main/Default/Cookies"
    ]


def test_a_profile_that_is_in_use_is_waited_for_by_nobody(
    archive: Archive, order: Order, tmp_path: Path
) -> None:
    assert order
    with (
        FileLock(archive.folder / "profiles" / "main.lock"),
        pytest.raises(BusyError, match="main is being visited"),
    ):
        made(archive, tmp_path / "b.zip", with_profiles=True)
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.usefixtures("order")
def test_a_backup_is_its_owners_alone(archive: Archive, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        made(archive, tmp_path / "b.zip")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("kind", ["file", "folder in its place", "dangling link"])
def test_nothing_is_ever_overwritten(archive: Archive, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "b.zip"
    match kind:
        case "file":
            place.write_text("precious")
        case "folder in its place":
            place = tmp_path
            (tmp_path / "stornowacht-backup-2026-11-22-130000.zip").write_text("precious")
        case _:
            place.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is there already"):
        made(archive, place)
    assert not (tmp_path / "nowhere").exists()
    assert [path.read_text() for path in tmp_path.glob("*.zip") if path.exists()] in (["precious"], [])


@pytest.mark.usefixtures("order")
def test_a_file_that_comes_into_its_place_meanwhile_is_not_overwritten(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = making._verify

    def slow(*arguments: object) -> str:
        (tmp_path / "b.zip").write_text("precious")
        return verified(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_verify", slow)
    with pytest.raises(UsageError, match="is there already"):
        made(archive, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "precious"


@pytest.mark.usefixtures("order")
def test_a_drive_without_hard_links_takes_a_backup_too(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(making.os, "link", none)
    made(archive, tmp_path / "b.zip")
    monkeypatch.undo()
    assert restore_backup(tmp_path / "b.zip", tmp_path / "back").faults == ()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


@pytest.mark.usefixtures("order")
def test_a_folder_gets_a_file_with_a_name_of_its_own(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert made(archive, tmp_path / "stick").path.name == "stornowacht-backup-2026-11-22-130000.zip", (
        "by the German clock"
    )


@pytest.mark.usefixtures("order")
def test_a_folder_that_is_not_there_is_named(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        made(archive, tmp_path / "missing" / "b.zip")


def test_it_is_of_one_moment_while_others_write(archive: Archive, tmp_path: Path) -> None:
    """A busy writer goes on all the while; each backup is whole in itself."""
    stop = threading.Event()

    def write() -> None:
        other = Archive(archive.folder)
        number = 0
        while not stop.is_set():
            number += 1
            other.thread(other.order(f"n{number}"), screenshot=os.urandom(20_000))
        other.store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [make_backup(archive.folder, tmp_path / f"{n}.zip", program="1", at=NOON) for n in range(4)]
    finally:
        stop.set()
        writer.join()
    for number, backup in enumerate(backups):
        assert backup.faults == ()
        restore_backup(backup.path, tmp_path / f"back-{number}")
        with opened(tmp_path / f"back-{number}") as (store, vault):
            assert verify(store, vault).ok
    assert backups[-1].manifest.lines > backups[0].manifest.lines, "somebody did write meanwhile"


def test_nothing_is_backed_up_while_something_is_erased(
    archive: Archive, order: Order, tmp_path: Path
) -> None:
    erasing = archive.store.erasing()
    plan = plan_forgetting(archive.store, erasing, [order], now=NOON)
    with erasing.at_work(), pytest.raises(BusyError):
        made(archive, tmp_path / "b.zip")
    forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    made(archive, tmp_path / "b.zip")
    content = b"".join(
        zipfile.ZipFile(tmp_path / "b.zip").read(name) for name in names_in(tmp_path / "b.zip")
    )
    assert b"Buyer plate" not in content


@pytest.mark.usefixtures("order")
def test_a_full_disk_leaves_nothing_and_says_so(archive: Archive, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    target = tmp_path / "stick"
    target.mkdir()

    def fill_the_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        with pytest.raises(StorageError):
            made(archive, target / "b.zip")

    assert in_a_child(fill_the_disk) == 0
    assert list(target.iterdir()) == []


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("limit", [200_000, 270_000])
def test_a_disk_that_fills_up_in_the_middle_leaves_nothing(
    archive: Archive, tmp_path: Path, limit: int
) -> None:
    target = tmp_path / "stick"
    target.mkdir()
    archive.thread(archive.order("large"), screenshot=os.urandom(400_000))

    def fill_the_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with pytest.raises(StorageError):
            made(archive, target / "b.zip")

    assert in_a_child(fill_the_disk) == 0
    assert list(target.iterdir()) == []


@pytest.mark.usefixtures("order")
def test_a_drive_that_gives_back_other_bytes_is_found_out(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = making._verify

    def on_a_bad_drive(part: Path, manifest: object) -> str:
        content = bytearray(part.read_bytes())
        content[200] ^= 1
        part.write_bytes(content)
        return verified(part, manifest)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_verify", on_a_bad_drive)
    with pytest.raises(StorageError, match="not read again"):
        made(archive, tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "outside"]


@pytest.mark.usefixtures("order")
def test_a_killed_backup_leaves_only_a_part_that_says_so(archive: Archive, tmp_path: Path) -> None:
    def die() -> None:
        def killed(*_: object) -> str:
            os.kill(os.getpid(), signal.SIGKILL)
            return ""

        making._verify = killed
        made(archive, tmp_path / "b.zip")

    assert in_a_child(die) == -signal.SIGKILL
    assert not (tmp_path / "b.zip").exists()
    [part] = tmp_path.glob(".stornowacht-part-*")
    assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert made(archive, tmp_path / "b.zip").faults == ()


@pytest.mark.usefixtures("order")
def test_a_place_that_may_not_be_written_is_told(archive: Archive, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    stick.chmod(0o500)

    def look() -> None:
        with pytest.raises(StorageError, match="Permission denied"):
            made(archive, stick / "b.zip")

    archive.store.tidy()
    as_somebody_else(tmp_path, look)


@pytest.mark.usefixtures("order")
def test_an_archive_with_faults_is_backed_up_as_it_is_and_they_are_told(
    archive: Archive, tmp_path: Path
) -> None:
    files = [file for capture in archive.store.captures() for file in capture.files]
    (archive.folder / files[0].path).unlink()
    changed = archive.folder / files[1].path
    changed.chmod(0o600)
    changed.write_bytes(b"forged")
    connection = archive.store._connection
    connection.execute("DROP TRIGGER ledger_is_not_changed")
    connection.execute("UPDATE ledger SET text = replace(text, 'changed', 'chanced') WHERE seq = 1")
    backup = made(archive, tmp_path / "b.zip")
    assert len(backup.faults) == 3
    assert any("line 1" in fault for fault in backup.faults)
    assert restore_backup(tmp_path / "b.zip", tmp_path / "back").faults == backup.faults


@pytest.mark.usefixtures("order")
def test_a_stamp_that_is_gone_is_told(archive: Archive, tmp_path: Path) -> None:
    with sqlite3.connect(archive.folder / FILE_NAME) as database:
        database.execute("INSERT INTO anchors VALUES (1, 'a', 'b', 'c', 'd')")
        database.execute(
            """INSERT INTO stamps VALUES
            (1, 'first', 'no', 'a', '1', '2', 'archive/ab/stamp.tsr', 'd', 'archive/ab/chain.pem', 'e')"""
        )
    database.close()
    faults = made(archive, tmp_path / "b.zip").faults
    assert "the file archive/ab/stamp.tsr is missing" in faults
    assert "the file archive/ab/chain.pem is missing" in faults


@pytest.mark.usefixtures("order")
def test_a_link_out_of_the_vault_is_not_followed_into_a_backup(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (archive.folder / "archive" / "aa").mkdir(exist_ok=True)
    (archive.folder / "archive" / "aa" / "link.txt").symlink_to(tmp_path / "secret")
    (archive.folder / "elsewhere").symlink_to(tmp_path)
    made(archive, tmp_path / "b.zip")
    assert not [name for name in names_in(tmp_path / "b.zip") if "link" in name or "elsewhere" in name]


@pytest.mark.usefixtures("order")
def test_the_manifest_names_each_file_by_its_hash(archive: Archive, tmp_path: Path) -> None:
    backup = made(archive, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as bag:
        told = json.loads(bag.read("manifest.json"))
    assert told["format"] == "stornowacht-backup-1"
    assert (told["program"], told["lines"]) == ("1.2.3", len(list(archive.store.ledger())))
    assert told["head"] == archive.store.ledger_head()
    assert {entry["path"] for entry in told["files"]} == {file.path for file in backup.manifest.files}


def test_an_empty_storage_folder_can_be_backed_up_and_restored(archive: Archive, tmp_path: Path) -> None:
    made(archive, tmp_path / "b.zip")
    back = restore_backup(tmp_path / "b.zip", tmp_path / "back")
    assert (back.manifest.lines, back.manifest.head) == (0, "")


@pytest.mark.usefixtures("order")
def test_a_database_that_is_damaged_is_told(archive: Archive, tmp_path: Path) -> None:
    archive.store.close()
    path = archive.folder / FILE_NAME
    path.write_bytes(b"no database" + path.read_bytes()[11:])
    with pytest.raises((StorageError, sqlite3.Error)) as told:
        made(archive, tmp_path / "b.zip")
    assert isinstance(told.value, StorageError)
    assert not (tmp_path / "b.zip").exists()
    archive.store = SqliteStore(tmp_path / "another")
