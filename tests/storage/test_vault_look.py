"""A look at a file says what is wrong with it, and follows nothing that leads elsewhere."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.archive import as_somebody_else
from tests.support.looks import looks
from tests.support.values import capture
from watcher.app.archive import StoredCapture
from watcher.app.check_account import stored
from watcher.app.index import FileState, IndexedFile, Stray
from watcher.storage.vault import FileVault
from watcher.storage.vault_look import VaultEye


@pytest.fixture
def kept(vault: FileVault) -> StoredCapture:
    return stored(vault.stage(capture()), vault, reason="changed")


def changed(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"RIFF another picture")


def to_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def to_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def test_a_whole_file_is_as_it_should_be(vault: FileVault, kept: StoredCapture) -> None:
    assert looks(vault, kept) == {}


@pytest.mark.parametrize(
    ("spoil", "state"),
    [
        (changed, FileState.CHANGED),
        (Path.unlink, FileState.MISSING),
        (to_link, FileState.LINK),
        (to_dangling_link, FileState.LINK),
        (to_folder, FileState.NO_FILE),
        pytest.param(
            to_pipe,
            FileState.NO_FILE,
            marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here"),
        ),
        (lambda path: path.chmod(0o600), FileState.WRITABLE),
    ],
)
def test_what_is_wrong_with_a_file_is_named(
    vault: FileVault, kept: StoredCapture, folder: Path, spoil: Callable[[Path], None], state: FileState
) -> None:
    spoil(folder / kept.files[0].path)
    assert looks(vault, kept) == {kept.files[0].path: state}


def test_a_link_on_the_way_to_a_file_is_named(vault: FileVault, kept: StoredCapture, folder: Path) -> None:
    place = (folder / kept.files[0].path).parent
    place.rename(folder / "elsewhere")
    place.symlink_to(folder / "elsewhere")
    assert looks(vault, kept)[kept.files[0].path] is FileState.LINK


def test_a_file_that_may_not_be_read_says_why(vault: FileVault, kept: StoredCapture, folder: Path) -> None:
    (folder / kept.files[0].path).chmod(0)

    def look() -> None:
        seen = vault.eye().look(IndexedFile(path=kept.files[0].path, sha256=kept.files[0].sha256))
        assert (seen.state, seen.detail) == (FileState.UNREADABLE, "Permission denied")

    as_somebody_else(folder, look)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../outside",
        "archive/../../outside",
        "archive\\..\\outside",
        "C:/outside",
        "a\0b",
        ".",
        "archive//x",
    ],
)
def test_a_path_that_leads_elsewhere_is_not_followed(folder: Path, path: str) -> None:
    (folder.parent / "outside").write_bytes(b"x")
    look = VaultEye(folder, archive="archive").look(IndexedFile(path=path, sha256=sha256(b"x").hexdigest()))
    assert look.state is FileState.OUTSIDE


def test_a_small_file_is_read_only_up_to_its_limit(vault: FileVault, kept: StoredCapture) -> None:
    file = IndexedFile(path=kept.files[0].path, sha256=kept.files[0].sha256)
    whole = vault.eye().read_indexed(file, largest=1000)
    assert sha256(whole).hexdigest() == file.sha256
    assert vault.eye().read_indexed(file, largest=len(whole)) == whole
    assert vault.eye().read_indexed(file, largest=len(whole) - 1) == b""
    assert vault.eye().read_indexed(IndexedFile(path="../x", sha256=""), largest=9) == b""
    assert vault.eye().read_indexed(IndexedFile(path="archive/gone", sha256=""), largest=9) == b""


def test_what_nobody_knows_is_found(vault: FileVault, kept: StoredCapture, folder: Path) -> None:
    known = {file.path for file in kept.files}
    assert list(vault.eye().strays(known.__contains__)) == []
    digest = sha256(b"planted").hexdigest()
    for name in (f"{digest}.webp", "part-1a2b", "notes.txt"):
        (folder / "archive" / name).write_bytes(b"planted")
    (folder / "archive" / "loop").symlink_to(folder / "archive")
    assert list(vault.eye().strays(known.__contains__)) == sorted(
        (
            Stray(path=f"archive/{digest}.webp", sha256=digest, is_part=False),
            Stray(path="archive/part-1a2b", sha256=None, is_part=True),
            Stray(path="archive/notes.txt", sha256=None, is_part=False),
            Stray(path="archive/loop", sha256=None, is_part=False),
        ),
        key=lambda stray: stray.path,
    )


def test_an_archive_that_is_not_there_yet_has_no_strays(folder: Path) -> None:
    assert list(VaultEye(folder, archive="archive").strays(lambda _path: False)) == []
