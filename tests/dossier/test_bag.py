"""The bag as a file: its layout, its bytes, and what stays when it cannot be written."""

import errno
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from tests.dossier.handing import is_valid_bag, unpacked
from watcher.dossier import bag
from watcher.dossier.bag import Bound, Item, bind, of_bytes, of_stream
from watcher.errors import StorageError

AT = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
NAMES = ["data/b.json", "data/a/Größe 10.txt", "data/a/picture.webp", "data/z.txt"]


def items(*, content: bytes = b"content of ") -> list[Item]:
    return [of_bytes(name, content + name.encode(), at=AT) for name in NAMES]


def bound(folder: Path, payload: Iterable[Item] | None = None) -> Iterator[Bound]:
    return bind(
        folder,
        "stornowacht-x",
        items() if payload is None else payload,
        info=lambda size, count: [("Payload-Oxum", f"{size}.{count}"), ("External-Identifier", "o1")],
        tags=[of_bytes("verify.py", b"print()\n", at=AT, runnable=True)],
        at=AT,
    )


def published(folder: Path) -> Path:
    with bound(folder) as made:
        return made.publish()


def test_an_independent_validator_takes_a_bag(tmp_path):
    folder = unpacked(published(tmp_path / "out"))
    assert folder.name == "stornowacht-x"
    assert is_valid_bag(folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {
        *NAMES, "verify.py", "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt",
    }  # fmt: skip


def test_what_would_break_a_manifest_is_escaped_in_it(tmp_path):
    with (
        bound(tmp_path, [of_bytes("data/10 %\n.txt", b"", at=AT)]) as made,
        zipfile.ZipFile(made.publish()) as archive,
    ):
        manifest = archive.read("stornowacht-x/manifest-sha256.txt").decode()
    assert manifest.endswith("  data/10 %25%0A.txt\n")
    assert manifest.count("\n") == 1


def test_the_manifest_hash_stands_for_the_whole_payload(tmp_path):
    with bound(tmp_path) as made:
        folder = unpacked(made.publish())
        assert made.manifest == sha256((folder / "manifest-sha256.txt").read_bytes()).hexdigest()


def test_the_same_contents_give_the_same_bytes(tmp_path):
    one, other = published(tmp_path / "one"), published(tmp_path / "other")
    assert one.read_bytes() == other.read_bytes()


def test_the_payload_stands_sorted_and_marked_with_its_own_times(tmp_path):
    with zipfile.ZipFile(published(tmp_path)) as archive:
        entries = [entry for entry in archive.infolist() if "/data/" in entry.filename]
    assert [entry.filename for entry in entries] == [f"stornowacht-x/{name}" for name in sorted(NAMES)]
    assert {entry.date_time for entry in entries} == {(2026, 11, 22, 12, 0, 30)}


def test_pictures_are_not_packed_twice_and_the_verifier_can_be_run(tmp_path):
    with zipfile.ZipFile(published(tmp_path)) as archive:
        assert archive.getinfo("stornowacht-x/data/a/picture.webp").compress_type == zipfile.ZIP_STORED
        assert archive.getinfo("stornowacht-x/data/b.json").compress_type == zipfile.ZIP_DEFLATED
        assert archive.getinfo("stornowacht-x/verify.py").external_attr >> 16 & 0o111


def test_a_moment_that_a_zip_cannot_say_becomes_the_nearest_one(tmp_path):
    odd = [of_bytes("data/old", b"", at=datetime(1969, 1, 1, tzinfo=UTC))]
    with bound(tmp_path, odd) as made, zipfile.ZipFile(made.publish()) as archive:
        assert archive.getinfo("stornowacht-x/data/old").date_time[0] == 1980


def test_nothing_is_overwritten(tmp_path):
    first, second = published(tmp_path), published(tmp_path)
    assert [first.name, second.name] == ["stornowacht-x.zip", "stornowacht-x-2.zip"]
    assert first.read_bytes() == second.read_bytes()


def test_a_name_that_is_taken_meanwhile_is_left_to_its_owner(tmp_path):
    with bound(tmp_path) as made:
        (tmp_path / "stornowacht-x.zip").write_text("somebody else's")
        assert made.publish().name == "stornowacht-x-2.zip"
    assert (tmp_path / "stornowacht-x.zip").read_text() == "somebody else's"


def test_a_bag_is_readable_by_its_owner_alone(tmp_path):
    assert published(tmp_path).stat().st_mode & 0o077 == 0


def test_what_is_not_published_leaves_nothing_behind(tmp_path):
    with bound(tmp_path):
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    assert list(tmp_path.iterdir()) == []


def test_a_stream_is_read_piece_by_piece(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"x" * (3 << 20))
    item = of_stream("data/x", lambda: source.open("rb"), at=AT)
    assert [len(chunk) for chunk in item.open()] == [1 << 20] * 3


def test_a_path_outside_of_the_payload_is_refused(tmp_path):
    with (
        pytest.raises(ValueError, match="no path of a payload"),
        bound(tmp_path, [of_bytes("x", b"", at=AT)]),
    ):
        pass


def test_a_source_that_breaks_off_leaves_nothing_behind(tmp_path):
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise StorageError("the archived file cannot be read")

    payload = [*items(), Item(path="data/half", at=AT, open=broken)]
    with pytest.raises(StorageError, match="archived file"), bound(tmp_path, payload):
        pass
    assert list(tmp_path.iterdir()) == []


class FullDisk:
    """A stream on a disk with room for so many writes."""

    def __init__(self, stream, room: int) -> None:
        self._stream = stream
        self._room = room

    def write(self, chunk: bytes) -> int:
        if self._room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._room -= 1
        return self._stream.write(chunk)

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()


def fault_with_room_for(writes: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> StorageError | None:
    opened = bag.os.fdopen
    with monkeypatch.context() as patch:
        patch.setattr(bag.os, "fdopen", lambda *args: FullDisk(opened(*args), writes))
        try:
            with bound(folder) as made:
                made.publish()
        except StorageError as error:
            return error
    return None


def test_a_disk_that_is_full_at_whichever_write_leaves_nothing_behind(tmp_path, monkeypatch):
    writes = 0
    while (fault := fault_with_room_for(writes, tmp_path / "out", monkeypatch)) is not None:
        assert "No space left" in fault.message
        assert "--to" in fault.advice
        assert list((tmp_path / "out").iterdir()) == []
        writes += 1
    assert writes > 30, "every write was tried"
    assert len(list((tmp_path / "out").iterdir())) == 1


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_is_full_at_the_end_leaves_nothing_behind(tmp_path, monkeypatch, step):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bag.os if step == "fsync" else Path, step, full)
    with pytest.raises(StorageError, match="No space left"), bound(tmp_path / "out") as made:
        made.publish()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageError, match=str(tmp_path / "file")), bound(tmp_path / "file"):
        pass
