"""An older program meets the database of a newer one: every command says so in one clear word, and changes nothing."""

import sqlite3
from pathlib import Path

from tests.support.cli import CommandLine
from watcher.storage.database import FILE_NAME, known_schema

COMMANDS = (
    ("status",), ("status", "--json"), ("orders",), ("cases",), ("show", "oabc"), ("check",), ("deliver",), ("run",),
    ("ack", "cabc"), ("done", "cabc", "ask_buyer"), ("close", "cabc"), ("note", "oabc", "text"), ("track", "oabc"),
    ("ship", "oabc"), ("text", "cabc"), ("money",), ("insights",), ("listings",), ("questions",), ("replay",), ("capture", "oabc"),
    ("archive", "list"), ("archive", "verify"), ("archive", "export", "oabc"), ("archive", "forget", "--due", "--dry-run"),
    ("archive", "backup"),
)  # fmt: skip


def newer(data: Path) -> bytes:
    database = sqlite3.connect(data / FILE_NAME)
    database.execute(f"PRAGMA user_version = {known_schema() + 1}")
    database.close()
    return (data / FILE_NAME).read_bytes()


def test_every_command_refuses_a_newer_database_and_says_the_way_out(seller: CommandLine) -> None:
    seller.write_config()
    before = newer(seller.data)
    for command in COMMANDS:
        said = seller(*command)
        assert said.code == 2, (command, said.out, said.err)
        assert "newer Stornowacht" in said.err, (command, said.out, said.err)
        assert "Update Stornowacht" in said.err, command
        assert "Traceback" not in said.out + said.err, command
    assert (seller.data / FILE_NAME).read_bytes() == before
