"""`archive backup` and `archive restore`, as somebody would use them."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from watcher.storage.store import SqliteStore


def test_a_backup_is_made_told_and_restored(seller: CommandLine, tmp_path: Path) -> None:
    said = seller("archive", "backup", str(tmp_path / "b.zip"))
    assert said.code == 0
    assert "Backed up and read again" in said.out
    assert "log-in is not in it" in said.out
    assert "not encrypted" in said.out
    orders = seller("orders", "--json").json
    said = seller("archive", "restore", str(tmp_path / "b.zip"), "--to", str(tmp_path / "back"))
    assert said.code == 0
    assert "All hashes fit" in said.out
    assert f'dir = "{tmp_path / "back"}"' in said.out
    shutil.rmtree(seller.data)
    (tmp_path / "back").rename(seller.data)
    assert seller("orders", "--json").json == orders
    assert seller("archive", "verify").code == 0


def test_the_ledger_says_that_there_is_a_backup(seller: CommandLine, tmp_path: Path) -> None:
    told = seller("archive", "backup", str(tmp_path / "b.zip"), "--json").json
    store = SqliteStore(seller.data)
    line = json.loads(list(store.ledger())[-1].text)
    store.close()
    assert line["kind"] == "backed_up"
    assert line["facts"] == {"manifest": told["manifest_sha256"], "profiles": False}


def test_nothing_is_overwritten(seller: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("precious")
    said = seller("archive", "backup", str(tmp_path / "b.zip"))
    assert said.code == 2
    assert "never overwrites" in said.err
    assert (tmp_path / "b.zip").read_text() == "precious"
    seller("archive", "backup", str(tmp_path / "c.zip"))
    said = seller("archive", "restore", str(tmp_path / "c.zip"), "--to", str(seller.data))
    assert said.code == 2
    assert "not empty" in said.err


def test_a_name_that_is_too_long_for_a_file_comes_with_the_way_out(
    seller: CommandLine, tmp_path: Path
) -> None:
    said = seller("archive", "backup", str(tmp_path / ("a" * 300)))
    assert said.code == 2
    assert "cannot be made: File name too long" in said.err
    assert "name another file" in said.err


def test_without_a_target_it_lies_where_one_stands(
    seller: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    told = seller("archive", "backup", "--json").json
    assert Path(told["path"]).parent == tmp_path / "here"
    assert Path(told["path"]).is_file()


def test_profiles_are_warned_of(seller: CommandLine, tmp_path: Path) -> None:
    said = seller("archive", "backup", str(tmp_path / "b.zip"), "--with-profiles")
    assert said.code == 0
    assert "whoever has this file is logged in as you" in said.err


def test_a_restore_needs_no_config(cli: CommandLine, seller: CommandLine, tmp_path: Path) -> None:
    seller("archive", "backup", str(tmp_path / "b.zip"))
    cli.config.unlink()
    said = cli("archive", "restore", str(tmp_path / "b.zip"), "--to", str(tmp_path / "back"), "--json")
    assert said.code == 0
    assert said.json["folder"] == str(tmp_path / "back")


def test_a_restore_of_something_else_says_why(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"a text")
    said = cli("archive", "restore", str(tmp_path / "b.zip"), "--to", str(tmp_path / "back"))
    assert said.code == 2
    assert "no backup that can be trusted" in said.err
    assert not (tmp_path / "back").exists()
    assert cli("archive", "restore", str(tmp_path / "gone.zip"), "--to", str(tmp_path / "back")).code == 2
    assert cli("archive", "restore", str(tmp_path / "b.zip")).code == 2


def test_faults_of_the_archive_itself_are_told_and_end_with_one(seller: CommandLine, tmp_path: Path) -> None:
    victim = next(path for path in (seller.data / "archive").rglob("*.html"))
    victim.unlink()
    said = seller("archive", "backup", str(tmp_path / "b.zip"))
    assert said.code == 1
    assert victim.name in said.err
    said = seller("archive", "restore", str(tmp_path / "b.zip"), "--to", str(tmp_path / "back"))
    assert said.code == 1
    assert victim.name in said.err
