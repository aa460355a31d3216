"""The seller's files: taken in whole or not at all, whatever they are and are called."""

import json
import os
import resource
import signal
import socket
import stat
import threading
import tracemalloc
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.archive import MEGABYTES, Archive, archive, as_somebody_else, in_a_child
from tests.support.clock import NOON
from watcher.domain.ledger import chain_faults
from watcher.errors import StorageError, StornowachtError, UsageError
from watcher.storage import taking_in
from watcher.storage.media_type import media_type_of
from watcher.storage.taking_in import harmless_name, taken_in

__all__ = ["archive"]  # a fixture that tests find here


def lines(archive: Archive) -> list[dict[str, object]]:
    return [json.loads(line.text) for line in archive.store.ledger()]


def refused(archive: Archive, file: Path, **limits: int) -> StornowachtError:
    """Attach a file that is refused, and see that nothing of it stays."""
    order = archive.order("plate")
    before = archive.vault_files()
    with pytest.raises(StornowachtError) as told:
        archive.attach(order, file, **limits)
    assert archive.store.attachments().of() == []
    assert archive.vault_files() == before
    assert [line["kind"] for line in lines(archive)] == []
    return told.value


def test_a_file_is_copied_hashed_and_named_by_its_hash(archive: Archive) -> None:
    order, file = archive.order("plate"), archive.file("Beleg März.txt", b"Einlieferungsbeleg")
    kept = archive.attach(order, file).attachment
    assert (kept.name, kept.media_type, kept.size) == ("Beleg März.txt", "text/plain", 18)
    assert kept.sha256 == sha256(b"Einlieferungsbeleg").hexdigest()
    place = archive.folder / kept.path
    assert place.read_bytes() == file.read_bytes()
    assert place.stem == kept.sha256
    assert stat.S_IMODE(place.stat().st_mode) == 0o400
    assert archive.store.attachments().of(order.id) == [kept]


def test_the_original_stays_as_it_was(archive: Archive) -> None:
    file = archive.file("photo.jpg", b"\xff\xd8\xff photo")
    before = file.stat()
    archive.attach(archive.order("plate"), file)
    after = file.stat()
    assert (after.st_mtime_ns, after.st_mode, after.st_ino) == (
        before.st_mtime_ns,
        before.st_mode,
        before.st_ino,
    )


def test_the_ledger_gets_hashes_and_no_name(archive: Archive) -> None:
    order = archive.order("plate")
    kept = archive.attach(order, archive.file("Erikas Adresse.txt", b"Musterweg 1")).attachment
    [line] = lines(archive)
    assert line["kind"] == "attachment_added"
    assert line["order"] == order.id
    assert line["facts"] == {
        "attachment": kept.id,
        "sha256": kept.sha256,
        "size": 11,
        "name": sha256(f"{kept.salt}\nErikas Adresse.txt".encode()).hexdigest(),
    }
    assert list(chain_faults(archive.store.ledger())) == []


def test_the_same_bytes_are_not_stored_again(archive: Archive) -> None:
    order = archive.order("plate")
    first = archive.attach(order, archive.file("a.txt"))
    second = archive.attach(order, archive.file("b.txt"))
    assert (first.is_new, second.is_new) == (True, False)
    assert second.attachment == first.attachment
    assert len(archive.vault_files()) == 1
    assert len(lines(archive)) == 1


def test_two_orders_may_have_the_same_file(archive: Archive) -> None:
    file = archive.file("a.txt")
    one, other = archive.order("one"), archive.order("other")
    assert archive.attach(one, file).is_new
    assert archive.attach(other, file).is_new
    assert len(archive.vault_files()) == 1
    assert [each.order for each in archive.store.attachments().of()] == [one.id, other.id]


def test_a_folder_is_refused(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    error = refused(archive, tmp_path / "photos")
    assert isinstance(error, UsageError)
    assert "is a folder" in error.message
    assert "photos" in error.message


def test_a_named_pipe_is_refused_without_waiting_for_a_writer(archive: Archive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is a named pipe" in refused(archive, tmp_path / "pipe").message


def test_a_socket_is_refused(archive: Archive, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        assert "is a socket" in refused(archive, tmp_path / "s").message


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random"])
def test_a_device_is_refused(archive: Archive, device: str) -> None:
    assert "is a device" in refused(archive, Path(device)).message


def test_a_link_to_a_device_is_refused(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").symlink_to("/dev/zero")
    assert "is a device" in refused(archive, tmp_path / "photo.jpg").message


def test_a_file_of_ten_gigabytes_is_refused_before_a_byte_is_copied(archive: Archive, tmp_path: Path) -> None:
    huge = tmp_path / "film.mp4"
    with huge.open("wb") as stream:
        stream.truncate(10_000_000_000)
    error = refused(archive, huge, largest=200_000_000)
    assert "10.0 GB" in error.message
    assert "200.0 MB" in error.message
    assert "largest_attachment_mb" in error.advice


def test_a_file_that_grows_beyond_the_limit_while_it_is_read_is_refused(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = archive.file("growing.txt", b"x" * 100)
    read = taking_in.FileIO.read

    class Growing(taking_in.FileIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            with file.open("ab") as stream:
                stream.write(b"x" * 100)
            return read(self, 100)

    monkeypatch.setattr(taking_in, "FileIO", _readers(Growing))
    assert "has become larger" in refused(archive, file, largest=500).message


def _readers(reader: type[taking_in.FileIO]) -> object:
    """Return what stands in for FileIO: reading is done by `reader`, writing as ever."""
    plain = taking_in.FileIO
    return lambda file, mode: (reader if "r" in mode else plain)(file, mode)


def test_a_file_that_changes_while_it_is_read_is_refused(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = archive.file("changing.txt", b"x" * 100)

    class Changing(taking_in.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            os.utime(file, (1, 1))
            return super().read(size)

    monkeypatch.setattr(taking_in, "FileIO", _readers(Changing))
    assert "has changed while it was read" in refused(archive, file).message


def test_a_drive_that_is_pulled_out_while_it_is_read_is_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Pulled(taking_in.FileIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(taking_in, "FileIO", _readers(Pulled))
    error = refused(archive, archive.file("a.txt"))
    assert isinstance(error, UsageError)
    assert "Input/output error" in error.message


def test_a_file_that_is_removed_after_it_was_opened_is_taken_all_the_same(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = archive.file("gone.txt", b"still here")

    class Gone(taking_in.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            file.unlink(missing_ok=True)
            return super().read(size)

    monkeypatch.setattr(taking_in, "FileIO", _readers(Gone))
    kept = archive.attach(archive.order("plate"), file).attachment
    assert (archive.folder / kept.path).read_bytes() == b"still here"


def test_a_file_that_is_not_there_is_named(archive: Archive, tmp_path: Path) -> None:
    assert "no-such.pdf" in refused(archive, tmp_path / "no-such.pdf").message


def test_a_link_that_leads_nowhere_and_one_that_leads_to_itself_are_refused(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "nowhere" in refused(archive, tmp_path / "nowhere").message
    assert "loop" in refused(archive, tmp_path / "loop").message


def test_a_link_to_a_file_is_followed_and_that_is_said(archive: Archive, tmp_path: Path) -> None:
    file = archive.file("real.txt", b"real")
    (tmp_path / "link.txt").symlink_to(file)
    attached = archive.attach(archive.order("plate"), tmp_path / "link.txt")
    assert attached.followed == file.resolve()
    place = archive.folder / attached.attachment.path
    assert not place.is_symlink()
    assert place.read_bytes() == b"real"


def test_a_file_that_may_not_be_read_is_told(archive: Archive, tmp_path: Path) -> None:
    file = archive.file("secret.txt")
    file.chmod(0)

    def look() -> None:
        with (
            pytest.raises(UsageError, match="Permission denied"),
            taken_in(file, archive.folder / "archive", largest=100),
        ):
            pass
        assert archive.vault_files() == []

    as_somebody_else(tmp_path, look)


def test_an_empty_file_is_refused(archive: Archive) -> None:
    assert "is empty" in refused(archive, archive.file("empty.jpg", b"")).message


def test_a_name_with_a_nul_is_told(archive: Archive) -> None:
    assert "cannot be read" in refused(archive, Path("a\0b")).message


def test_a_folder_that_may_not_be_written_is_told(archive: Archive, tmp_path: Path) -> None:
    file, place = archive.file("a.txt"), archive.folder / "archive"
    place.mkdir()
    place.chmod(0o500)

    def look() -> None:
        with pytest.raises(StorageError, match="Permission denied"), taken_in(file, place, largest=100):
            pass

    as_somebody_else(tmp_path, look)


def test_an_archive_with_a_file_in_its_place_is_told(archive: Archive) -> None:
    (archive.folder / "archive").write_text("a file in its place")
    with pytest.raises(StorageError, match="archive"):
        archive.attach(archive.order("plate"), archive.file("a.txt"))


def test_a_full_disk_leaves_nothing_and_says_so(archive: Archive) -> None:
    """A limit on the size of files stands for the full disk."""
    order, big = archive.order("plate"), archive.file("big.bin", b"x" * 3_000_000)

    def fill_the_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        with pytest.raises(StorageError, match="cannot be stored"):
            archive.attach(order, big, largest=10 * MEGABYTES)

    assert in_a_child(fill_the_disk) == 0
    assert (archive.vault_files(), archive.store.attachments().of(), lines(archive)) == ([], [], [])


@pytest.mark.parametrize("step", ["mkstemp", "fsync", "folder", "replace"])
def test_a_disk_that_fills_up_at_any_step_leaves_no_trace(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    order, file = archive.order("plate"), archive.file("a.txt")
    match step:
        case "mkstemp":
            monkeypatch.setattr(taking_in.tempfile, "mkstemp", full)
        case "fsync":
            monkeypatch.setattr(taking_in.os, "fsync", full)
        case "replace":
            monkeypatch.setattr(Path, "replace", full)
        case "folder":
            monkeypatch.setattr("watcher.storage.attachments.make_private_folder", full)
    with pytest.raises(StorageError, match="No space left"):
        archive.attach(order, file)
    monkeypatch.undo()
    assert (archive.vault_files(), archive.store.attachments().of(), lines(archive)) == ([], [], [])
    assert archive.attach(order, file).is_new


def test_a_database_that_cannot_grow_leaves_no_file_without_a_row(archive: Archive) -> None:
    order, file, connection = archive.order("plate"), archive.file("a.txt"), archive.store._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="full"):
        archive.attach(order, file, salt="x" * 100_000)
    assert (archive.vault_files(), archive.store.attachments().of(), lines(archive)) == ([], [], [])


def test_a_file_whose_row_cannot_be_written_stays_where_another_order_needs_it(archive: Archive) -> None:
    first, second, file = archive.order("first"), archive.order("second"), archive.file("a.txt")
    archive.attach(first, file)
    connection = archive.store._connection
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(StorageError, match="full"):
        archive.attach(second, file, salt="x" * 100_000)
    assert len(archive.vault_files()) == 1


def test_a_copy_that_was_killed_leaves_no_row_and_does_not_stand_in_the_way(archive: Archive) -> None:
    order, file = archive.order("plate"), archive.file("a.txt")

    def die_while_copying() -> None:
        with archive.store.attachments().take_in(file, largest=1000):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(die_while_copying) == -signal.SIGKILL
    [part] = archive.vault_files()
    assert part.name.startswith("part-")
    assert archive.attach(order, file).is_new
    os.utime(part, (NOON.timestamp(), NOON.timestamp()))
    erasing, written = archive.store.erasing(), NOON
    assert erasing.remove_parts(before=written) == 0, "somebody may still be writing it"
    assert erasing.remove_parts(before=written + timedelta(seconds=1)) == 1
    assert len(archive.vault_files()) == 1


def test_two_who_attach_the_same_file_at_once_keep_it_once_each(archive: Archive) -> None:
    file, order = archive.file("a.txt", b"x" * 500_000), archive.order("plate")
    done = []

    def attach() -> None:
        other = Archive(archive.folder)
        other._count = 7
        done.append(other.attach(order, file))
        other.store.close()

    threads = [threading.Thread(target=attach) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.is_new for each in done) == [False, False, False, True]
    assert len(archive.vault_files()) == len(lines(archive)) == 1


def test_a_large_file_is_never_held_in_memory(archive: Archive, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(b"\0" * 40_000_000)
    order = archive.order("plate")
    tracemalloc.start()
    archive.attach(order, large, largest=50_000_000)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Beleg.pdf", "Beleg.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\nb\x1b[31m.txt", "a_b_[31m.txt"),
        ("rechts\u202egnp.exe", "rechts_gnp.exe"),
        ("..", "__"),
        ("   ", "_"),
        ("x" * 300 + ".jpeg", "x" * 114 + "….jpeg"),
        ("y" * 300, "y" * 119 + "…"),
        (os.fsdecode(b"caf\xe9.txt"), "caf\\xe9.txt"),
        ("zero\u200bwidth.txt", "zero_width.txt"),
        ("Grüße 👍.png", "Grüße 👍.png"),
    ],
)
def test_a_name_is_kept_as_one_harmless_line(name: str, kept: str) -> None:
    assert harmless_name(name) == kept


@pytest.mark.parametrize("name", ["a\nb.txt", "-rf", "$(reboot).jpg", "..\\..\\win.ini", "a\x1b]0;x\x07.pdf"])
def test_a_hostile_name_lies_nowhere_on_the_disk(archive: Archive, name: str) -> None:
    kept = archive.attach(archive.order("plate"), archive.file(name)).attachment
    assert all(len(path.stem) == 64 for path in archive.vault_files())
    assert kept.name.isprintable()


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "application/octet-stream"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "application/octet-stream"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"PK\x03\x04\x14\0", "application/zip"),
        (b"PK\x05\x06" + b"\0" * 18, "application/zip"),
        (b"Received: from a\r\n by b\r\nFrom: x@example.org\r\nSubject: y\r\n\r\nHi", "message/rfc822"),
        (b"From: x@example.org\nTo: y@example.org\nDate: Sun, 22 Nov 2026\n\nHi", "message/rfc822"),
        (b"From: me\nThis is a note, no mail", "text/plain"),
        (b"Subject: a\nSubject: b\nSubject: c\n", "text/plain"),
        ("Grüße aus Köln\n".encode(), "text/plain"),
        ("Grüße aus Köln\n".encode("cp1252"), "text/plain"),
        ("\ufeffGrüße".encode("utf-16-le"), "text/plain"),
        (b"MZ\x90\0\x03\0\0\0", "application/octet-stream"),
        (b"\x7fELF\x02\x01", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type


def test_a_program_that_calls_itself_a_picture_is_not_taken_for_one(archive: Archive) -> None:
    kept = archive.attach(archive.order("plate"), archive.file("holiday.jpg", b"MZ\x90\0\x03")).attachment
    assert (kept.name, kept.media_type) == ("holiday.jpg", "application/octet-stream")
    assert kept.path.endswith(".bin")
