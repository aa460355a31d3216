"""A database that somebody else holds, and one that is damaged: told, never overwritten, and brought back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import cli, played, seller, tmp_path
from tests.daemon.running import Place, wait_for, watched
from tests.support.cli import CommandLine
from tests.support.every import every
from tests.support.values import alert
from watcher.demo.mailbox import Mailbox
from watcher.storage.database import FILE_NAME
from watcher.storage.last_backup import FILE_NAME as NOTE
from watcher.storage.store import SqliteStore

__all__ = ["cli", "played", "seller", "tmp_path", "watched"]  # fixtures that tests find here

DESK = """[notify.email]
to = "marlene@example.org"
sender = "stornowacht@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
[remind]
quiet_hours = ""
"""
SHORT_PATIENCE = "import watcher.storage.database as database; database.BUSY_SECONDS = 0.3"


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    box = Mailbox(tmp_path / "mail")
    box.start()
    yield box
    box.stop()


def damage(folder: Path) -> bytes:
    """Write over all but the first pages; returns what the file is then."""
    store = SqliteStore(folder)
    store.tidy()
    store.close()
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    return bytes(content)


@pytest.mark.slow
def test_a_watch_whose_database_is_locked_says_so_in_its_log_and_goes_on_once_it_is_free(
    watched: Place, mailbox: Mailbox
) -> None:
    watched.configure(DESK.format(port=mailbox.port))
    daemon = watched.start(SHORT_PATIENCE)
    wait_for(lambda: watched.log("watch_began"))
    now = datetime.now(UTC)
    with closing(sqlite3.connect(watched.data / FILE_NAME, isolation_level=None, timeout=30)) as holder:
        with closing(SqliteStore(watched.data)) as store, store.writing() as writing:
            holder.execute("PRAGMA busy_timeout = 30000")
            writing.queue(alert("news", at=now), channels=["email"], now=now)
        holder.execute("BEGIN EXCLUSIVE")
        (failed, *_) = wait_for(lambda: watched.log("job_failed"), seconds=60)
        assert "locked" in str(failed), failed
        assert daemon.poll() is None
        holder.execute("ROLLBACK")
    wait_for(mailbox.mails, seconds=60)
    assert "Could not" not in mailbox.mails()[0].subject
    assert watched.run("archive", "verify").returncode == 0


@pytest.mark.slow
def test_a_damaged_database_names_the_latest_backup_is_left_alone_and_comes_back(
    seller: CommandLine, tmp_path: Path
) -> None:
    orders = seller("orders", "--json").json
    assert seller("archive", "backup", str(tmp_path / "older.zip")).code == 0
    assert seller("archive", "backup", str(tmp_path / "latest.zip")).code == 0
    content = damage(seller.data)
    for command in (["status"], ["orders"], ["run"]):
        said = seller(*command)
        assert said.code == 2
        assert str(seller.data / FILE_NAME) in said.err
    doctor = {each["name"]: each for each in seller("doctor", "--json").json}["database"]
    assert doctor["state"] == "bad"
    assert f"{tmp_path / 'latest.zip'}" in doctor["advice"]
    assert "archive restore" in doctor["advice"]
    assert (seller.data / FILE_NAME).read_bytes() == content, "nothing was overwritten"
    back = tmp_path / "back"
    assert seller("archive", "restore", str(tmp_path / "latest.zip"), "--to", str(back)).code == 0
    seller.config.write_text(seller.config.read_text().replace(str(seller.data), str(back)))
    assert seller("orders", "--json").json == orders
    assert seller("archive", "verify").code == 0
    assert seller("doctor", "--json").json != []


@pytest.mark.slow
def test_a_backup_that_is_out_of_reach_is_named_as_that(seller: CommandLine, tmp_path: Path) -> None:
    backup = tmp_path / "stick" / "backup.zip"
    backup.parent.mkdir()
    assert seller("archive", "backup", str(backup)).code == 0
    backup.rename(tmp_path / "elsewhere.zip")
    damage(seller.data)
    advice = {each["name"]: each for each in seller("doctor", "--json").json}["database"]["advice"]
    assert str(backup) in advice
    assert "not there now" in advice


@every("note", ("", "{}", "[]", '{"path": 1, "made_at": "x"}', "\x00"))
def test_where_no_backup_is_known_that_is_said(seller: CommandLine, note: str) -> None:
    (seller.data / NOTE).write_text(note)
    (seller.data / FILE_NAME).write_bytes(b"no database at all, " * 300)
    said = seller("status")
    assert said.code == 2
    assert "No backup" in said.err
    assert str(seller.data / FILE_NAME) in said.err
