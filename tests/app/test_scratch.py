"""Folders for what is needed only meanwhile: gone when the block ends, or the next time if the power went."""

import os
import tempfile
import time

import pytest

from watcher.scratch import LEFT_AFTER, scratch


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def left(folder, name, *, seconds_ago):
    made = folder / name
    (made / "sealed").mkdir(parents=True)
    (made / "sealed" / "address.png").write_bytes(b"private")
    made.chmod(0o700)
    os.utime(made, (time.time() - seconds_ago,) * 2)
    return made


def test_it_is_nobody_elses_and_gone_when_the_block_ends(temporary):
    with scratch("export") as folder:
        assert folder.parent == temporary
        assert folder.name.startswith("stornowacht-export-")
        assert folder.stat().st_mode & 0o077 == 0 or os.name == "nt"
        (folder / "sealed").mkdir()
    assert list(temporary.iterdir()) == []


def test_what_a_power_cut_left_goes_when_the_next_one_is_made(temporary):
    left(temporary, "stornowacht-export-0ld_____", seconds_ago=LEFT_AFTER + 60)
    young = left(temporary, "stornowacht-export-young___", seconds_ago=LEFT_AFTER - 60)
    other = left(temporary, "stornowacht-proof-0ld_____", seconds_ago=LEFT_AFTER + 60)
    with scratch("export") as folder:
        assert sorted(temporary.iterdir()) == sorted([folder, young, other])


@pytest.mark.parametrize(("name", "mode"), [("may_2026", 0o755), ("may", 0o700), ("May_2026", 0o700)])
@pytest.mark.skipif(os.name == "nt", reason="this system has no modes of files")
def test_what_a_person_made_is_let_be(temporary, name, mode):
    made = left(temporary, f"stornowacht-export-{name}", seconds_ago=LEFT_AFTER + 60)
    made.chmod(mode)
    with scratch("export"):
        pass
    assert made.exists()


def test_a_link_and_a_file_of_that_name_are_let_be(temporary, tmp_path):
    elsewhere = left(tmp_path, "elsewhere", seconds_ago=LEFT_AFTER + 60)
    link, file = temporary / "stornowacht-export-link____", temporary / "stornowacht-export-file____"
    link.symlink_to(elsewhere, target_is_directory=True)
    file.write_text("a file", encoding="utf-8")
    os.utime(file, (time.time() - LEFT_AFTER - 60,) * 2)
    with scratch("export"):
        pass
    assert link.is_symlink()
    assert file.exists()
    assert (elsewhere / "sealed" / "address.png").exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of files")
def test_what_belongs_to_somebody_else_is_let_be(temporary, monkeypatch):
    theirs = left(temporary, "stornowacht-export-theirs__", seconds_ago=LEFT_AFTER + 60)
    monkeypatch.setattr(os, "getuid", lambda: theirs.stat().st_uid + 1)
    with scratch("export"):
        pass
    assert theirs.exists()


def test_where_there_is_no_room_that_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match="nowhere"), scratch("export"):
        pass
