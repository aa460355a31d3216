"""A restore puts back what a backup holds, all or nothing, and lets no file lead it astray."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.archive import Archive, archive, as_somebody_else, in_a_child
from tests.support.clock import NOON
from watcher.errors import StorageError, UsageError
from watcher.storage import restore as restoring
from watcher.storage.backup import make_backup
from watcher.storage.backup_format import BadBackup, manifest_of, unsafe
from watcher.storage.database import FILE_NAME, known_schema
from watcher.storage.restore import restore_backup
from watcher.texts import language

__all__ = ["archive"]  # a fixture that tests find here

Entries = dict[str, bytes]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language.current()
    language.use("en")
    yield
    language.use(before)


@pytest.fixture
def backup(archive: Archive, tmp_path: Path) -> Path:
    order = archive.order("plate")
    archive.thread(order)
    archive.attach(order, archive.file("receipt.txt", b"receipt"))
    return make_backup(archive.folder, tmp_path / "b.zip", program="1", at=NOON).path


def rebuilt(backup: Path, change: Callable[[Any, Entries], None]) -> Path:
    """Write the backup anew after a change of its manifest and its entries, as a forger would."""
    with zipfile.ZipFile(backup) as bag:
        entries = {name: bag.read(name) for name in bag.namelist()}
    manifest = json.loads(entries["manifest.json"])
    change(manifest, entries)
    entries["manifest.json"] = entries.get("new manifest") or json.dumps(manifest).encode()
    entries.pop("new manifest", None)
    forged = backup.with_name("forged.zip")
    with zipfile.ZipFile(forged, "w") as bag:
        for name, content in entries.items():
            bag.writestr(name, content)
    return forged


def refuse(forged: Path, match: str) -> None:
    """Restore what must be refused, and see that nothing is there afterwards."""
    folder = forged.parent
    before = sorted(path for path in folder.rglob("*") if "data" not in path.parts)
    with pytest.raises(UsageError, match=match) as told:
        restore_backup(forged, folder / "back")
    assert str(forged) in told.value.message
    assert sorted(path for path in folder.rglob("*") if "data" not in path.parts) == before


def add(manifest: Any, entries: Entries, path: str, content: bytes = b"evil") -> None:
    manifest["files"].append({"path": path, "size": len(content), "sha256": sha256(content).hexdigest()})
    entries[f"data/{path}"] = content


def test_files_come_back_private_and_the_archive_read_only(backup: Path, tmp_path: Path) -> None:
    restore_backup(backup, tmp_path / "back")
    modes = {
        path.relative_to(tmp_path / "back").parts[0]: stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "back").rglob("*")
        if path.is_file()
    }
    assert modes == {FILE_NAME: 0o600, "archive": 0o400}
    folders = [tmp_path / "back", *(path for path in (tmp_path / "back").rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_an_empty_folder_is_good_enough(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    assert restore_backup(backup, tmp_path / "back").faults == ()
    assert (tmp_path / "back" / FILE_NAME).exists()


def test_folders_on_the_way_are_made(backup: Path, tmp_path: Path) -> None:
    restore_backup(backup, tmp_path / "a" / "b" / "back")
    assert (tmp_path / "a" / "b" / "back" / FILE_NAME).exists()


@pytest.mark.parametrize("kind", ["folder with something", "file", "link to an empty folder", "below a file"])
def test_what_is_there_is_never_touched(backup: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "back"
    match kind:
        case "folder with something":
            target.mkdir()
            (target / "precious").write_text("mine")
        case "file":
            target.write_text("mine")
        case "link to an empty folder":
            (tmp_path / "empty").mkdir()
            target.symlink_to(tmp_path / "empty")
        case _:
            (tmp_path / "file").write_text("mine")
            target = tmp_path / "file" / "back"
    with pytest.raises(UsageError, match="not empty"):
        restore_backup(backup, target)
    assert [
        path.read_text() for path in (tmp_path / "back" / "precious", tmp_path / "file") if path.is_file()
    ] in (
        ["mine"],
        [],
    )


@pytest.mark.parametrize(
    "path",
    [
        "../evil",
        "archive/../../evil",
        "/etc/evil",
        "archive//evil",
        "./evil",
        "C:/evil",
        "C:evil",
        "archive\\..\\evil",
        "\\\\host\\share",
        "a\nb",
        "a\0b",
        "archive/con",
        "NUL.txt",
        "com1",
        "archive/aux.webp",
        "evil.",
        "evil ",
        "",
        "x" * 300,
        "a/" * 600 + "b",
        "a:stream",
    ],
)
def test_a_path_that_leads_astray_is_refused(backup: Path, path: str) -> None:
    assert unsafe(path)
    refuse(rebuilt(backup, lambda manifest, entries: add(manifest, entries, path)), "the path|not name it")


@pytest.mark.parametrize(
    "path", ["archive/ab/x.webp", "profiles/main/Default/Local Storage/leveldb/000003.log"]
)
def test_a_plain_path_is_taken(path: str) -> None:
    assert unsafe(path) is None


def test_what_the_manifest_does_not_name_is_refused(backup: Path) -> None:
    refuse(rebuilt(backup, lambda _, entries: entries.update({"data/extra": b"x"})), "does not name")
    refuse(rebuilt(backup, lambda _, entries: entries.update({"../evil": b"x"})), "does not name")
    refuse(rebuilt(backup, lambda _, entries: entries.update({"data/folder/": b""})), "does not name")


def test_what_the_manifest_names_and_is_not_there_is_told(backup: Path) -> None:
    def remove(manifest: Any, entries: Entries) -> None:
        del entries["data/" + manifest["files"][-1]["path"]]

    refuse(rebuilt(backup, remove), "is missing")


def test_two_names_that_are_one_on_some_systems_are_refused(backup: Path) -> None:
    def twice(manifest: Any, entries: Entries) -> None:
        add(manifest, entries, "Thing")
        add(manifest, entries, "thing")

    refuse(rebuilt(backup, twice), "twice")

    def file_and_folder(manifest: Any, entries: Entries) -> None:
        add(manifest, entries, "thing")
        add(manifest, entries, "thing/inner")

    refuse(rebuilt(backup, file_and_folder), "a file and a folder")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_is_there_twice_is_refused(backup: Path) -> None:
    forged = backup.with_name("forged.zip")
    shutil.copyfile(backup, forged)
    with zipfile.ZipFile(forged, "a") as bag:
        bag.writestr(f"data/{FILE_NAME}", b"another database")
    refuse(forged, "twice")
    with zipfile.ZipFile(forged, "a") as bag:
        bag.writestr("manifest.json", b"{}")
    refuse(forged, "several")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK])
def test_links_folders_pipes_and_devices_are_refused(backup: Path, kind: int) -> None:
    forged = backup.with_name("forged.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(forged, "w") as bag:
        for info in old.infolist():
            new = zipfile.ZipInfo(info.filename)
            is_chosen = info.filename.endswith(".txt")
            new.external_attr = (kind | 0o777) << 16 if is_chosen else 0
            new.create_system = 3
            bag.writestr(new, old.read(info))
    refuse(forged, "no plain file")


def test_a_changed_byte_is_found_and_named(backup: Path) -> None:
    def change(manifest: Any, entries: Entries) -> None:
        name = "data/" + manifest["files"][-1]["path"]
        entries[name] = b"X" + entries[name][1:]

    refuse(rebuilt(backup, change), "its hash is another")


def test_a_bomb_unpacks_no_more_than_the_manifest_says(backup: Path) -> None:
    """An entry that lies about its size in the ZIP's own tables, too."""
    bomb = b"\0" * 5_000_000

    def plant(manifest: Any, entries: Entries) -> None:
        add(manifest, entries, "bomb", bomb)
        manifest["files"][-1]["size"] = 10

    refuse(rebuilt(backup, plant), "another size")
    forged = backup.with_name("forged.zip")
    content = forged.read_bytes()
    forged.write_bytes(
        content.replace(struct.pack("<II", len(bomb), len(bomb)), struct.pack("<II", len(bomb), 10))
    )
    refuse(forged, "larger|damaged|hash is another")


def test_more_than_there_is_room_for_is_refused_before_a_byte_is_written(
    backup: Path, tmp_path: Path
) -> None:
    asked = []

    def free(place: Path) -> int:
        asked.append(place)
        return 1_000_000

    with pytest.raises(StorageError, match="not enough room"):
        restore_backup(backup, tmp_path / "back", free=free)
    assert asked == [tmp_path]
    assert not (tmp_path / "back").exists()


def test_a_manifest_that_claims_petabytes_is_refused(backup: Path) -> None:
    def claim(manifest: Any, _: Entries) -> None:
        manifest["files"][0]["size"] = 10**18

    refuse(rebuilt(backup, claim), "another size")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b"7",
        b'{"format": 1}',
        b'{"format": "stornowacht-backup-2"}',
        b'{"format": "stornowacht-backup-1"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_manifest_of_another_form_is_refused(backup: Path, text: bytes) -> None:
    with pytest.raises(BadBackup):
        manifest_of(text)
    refuse(
        rebuilt(backup, lambda _, entries: entries.update({"new manifest": text or b" "})), "manifest|form"
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "5"),
        ("schema", -1),
        ("schema", True),
        ("lines", None),
        ("head", 7),
        ("made_at", "yesterday"),
        ("files", 5),
        ("files", [7]),
        ("files", [{"path": "x"}]),
        ("files", [{"path": "x", "size": -1, "sha256": "0" * 64}]),
        ("files", [{"path": "x", "size": 1, "sha256": "zz"}]),
    ],
)
def test_a_manifest_with_wrong_values_is_refused(backup: Path, key: str, value: object) -> None:
    refuse(rebuilt(backup, lambda manifest, _: manifest.update({key: value})), "manifest")


def test_a_backup_of_a_newer_program_is_refused_by_name(backup: Path) -> None:
    newer = known_schema() + 1
    refuse(rebuilt(backup, lambda manifest, _: manifest.update({"schema": newer})), f"newer.*{newer}")


def test_a_database_that_is_not_the_manifests_is_refused(backup: Path, tmp_path: Path) -> None:
    def swap(manifest: Any, entries: Entries, statement: str) -> None:
        place = tmp_path / "swapped.db"
        place.write_bytes(entries[f"data/{FILE_NAME}"])
        database = sqlite3.connect(place)
        database.executescript(statement)
        database.close()
        content = place.read_bytes()
        place.unlink()
        entry = next(entry for entry in manifest["files"] if entry["path"] == FILE_NAME)
        entry |= {"size": len(content), "sha256": sha256(content).hexdigest()}
        entries[f"data/{FILE_NAME}"] = content

    for statement, match in (
        ("PRAGMA application_id = 7", "another than its manifest"),
        ("PRAGMA user_version = 1", "another than its manifest"),
        (
            "DROP TRIGGER ledger_is_not_cut; DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)",
            "ends elsewhere",
        ),
    ):
        refuse(
            rebuilt(
                backup, lambda manifest, entries, statement=statement: swap(manifest, entries, statement)
            ),
            match,
        )


def test_a_database_that_is_scribbled_over_is_refused(backup: Path) -> None:
    def scribble(manifest: Any, entries: Entries) -> None:
        content = bytearray(entries[f"data/{FILE_NAME}"])
        content[4096:12_000] = b"\x55" * (12_000 - 4096)
        entry = next(entry for entry in manifest["files"] if entry["path"] == FILE_NAME)
        entry["sha256"] = sha256(content).hexdigest()
        entries[f"data/{FILE_NAME}"] = bytes(content)

    refuse(rebuilt(backup, scribble), "damaged|ends elsewhere")


def test_a_backup_without_a_database_is_refused(backup: Path) -> None:
    def remove(manifest: Any, entries: Entries) -> None:
        manifest["files"] = [entry for entry in manifest["files"] if entry["path"] != FILE_NAME]
        del entries[f"data/{FILE_NAME}"]

    refuse(rebuilt(backup, remove), "no database")


@pytest.mark.parametrize("content", [b"", b"PK", b"a text", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_zip_file_or_an_empty_one_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    refuse(tmp_path / "b.zip", "no ZIP file|no manifest")


def test_a_packed_file_whose_bytes_are_scribbled_over_is_refused(backup: Path) -> None:
    forged = backup.with_name("forged.zip")
    content = bytearray(backup.read_bytes())
    content[300:340] = b"\xff" * 40
    forged.write_bytes(content)
    refuse(forged, "damaged")


def test_a_backup_that_was_cut_off_is_refused(backup: Path) -> None:
    forged = backup.with_name("forged.zip")
    forged.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    refuse(forged, "no ZIP file")


def test_a_file_that_is_not_there_or_is_a_folder_or_a_pipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.zip"):
        restore_backup(tmp_path / "gone.zip", tmp_path / "back")
    os.mkfifo(tmp_path / "pipe")
    for odd in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(UsageError, match="no file"):
            restore_backup(odd, tmp_path / "back")


def test_an_encrypted_entry_is_refused(backup: Path) -> None:
    forged = backup.with_name("forged.zip")
    content = bytearray(backup.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    forged.write_bytes(content)
    refuse(forged, "encrypted|does not|damaged")


@pytest.mark.usefixtures("archive")
def test_a_full_disk_leaves_nothing_and_says_so(backup: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""

    def fill_the_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        with pytest.raises(StorageError, match="cannot be restored"):
            restore_backup(backup, tmp_path / "back")

    assert in_a_child(fill_the_disk) == 0
    assert not list(tmp_path.glob("*back*"))


def test_a_place_that_may_not_be_written_is_told(backup: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    stick.chmod(0o500)

    def look() -> None:
        with pytest.raises(StorageError, match="Permission denied"):
            restore_backup(backup, stick / "back")

    as_somebody_else(tmp_path, look)


def test_a_killed_restore_leaves_no_target(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> tuple[str, ...]:
        os.kill(os.getpid(), signal.SIGKILL)
        return ()

    monkeypatch.setattr(restoring, "faults_in", killed)
    assert in_a_child(lambda: restore_backup(backup, tmp_path / "back")) == -signal.SIGKILL
    assert not (tmp_path / "back").exists()
    monkeypatch.undo()
    assert restore_backup(backup, tmp_path / "back").faults == ()


def test_something_that_comes_into_the_target_meanwhile_is_not_lost(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> tuple[str, ...]:
        (tmp_path / "back").mkdir()
        (tmp_path / "back" / "precious").write_text("mine")
        return ()

    monkeypatch.setattr(restoring, "faults_in", slow)
    with pytest.raises(StorageError):
        restore_backup(backup, tmp_path / "back")
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["precious"]
