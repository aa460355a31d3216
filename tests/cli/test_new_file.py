"""What the user wants to have as a file: whole and private, or not at all, and never over anything."""

import signal
import stat
from pathlib import Path

import pytest

from tests.support.archive import in_a_child
from watcher.cli.new_file import require_free, write_new
from watcher.errors import UsageError
from watcher.texts import language

resource = pytest.importorskip("resource", reason="limits of a process are POSIX' own")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["en"])


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"content")
    assert (tmp_path / "new").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["new"]


def test_a_full_disk_leaves_nothing_of_it_and_is_told_with_the_way_out(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    target = tmp_path / "new"

    def fill_the_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
        with pytest.raises(UsageError, match="cannot be written") as caught:
            write_new(target, b"x" * 5_000)
        assert "room" in caught.value.advice

    assert in_a_child(fill_the_disk) == 0
    assert names_in(tmp_path) == []
    require_free(target)
    write_new(target, b"x" * 5_000)


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for attempt in (require_free, lambda path: write_new(path, b"other")):
        with pytest.raises(UsageError, match="nothing is overwritten"):
            attempt(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"
    assert names_in(tmp_path) == ["mine"]
