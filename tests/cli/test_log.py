"""`log`: what the daemon has written down, readable, and for scripts."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from watcher.daemon.log_file import LogFile


def written(cli: CommandLine, *entries: dict[str, object]) -> None:
    file = LogFile(cli.data)
    for entry in entries:
        at = datetime.now(UTC) - timedelta(minutes=1)
        file.write(json.dumps({"level": "info", "timestamp": at.isoformat(), **entry}))
    file.close()


def following(cli: CommandLine) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-u",
        "-m",
        "watcher",
        "log",
        "--follow",
        "--json",
        "--config",
        str(cli.config),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_events_have_words_and_times_are_on_a_german_clock(cli: CommandLine) -> None:
    written(
        cli, {"event": "check_ended", "account": "main", "code": 0, "timestamp": "2026-07-01T10:00:00+00:00"}
    )
    shown = cli("log", "--since", "366d").out
    assert shown == "01.07. 12:00:00  check has ended  (account main, code 0)\n"


def test_only_what_is_grave_enough_is_shown(cli: CommandLine) -> None:
    written(
        cli,
        {"event": "check_began"},
        {"event": "check_failed", "level": "error"},
        {"event": "not_watched", "level": "warning"},
    )
    shown = cli("log", "--level", "warning").out
    assert "check begins" not in shown
    assert "CHECK FAILED" in shown
    assert "nobody has watched" in shown


def test_only_what_is_young_enough_is_shown_and_nothing_is_said_to_be_nothing(cli: CommandLine) -> None:
    old = (datetime.now(UTC) - timedelta(hours=5)).isoformat()
    written(cli, {"event": "check_began", "timestamp": old})
    assert "check begins" in cli("log").out
    assert "Nothing was written down" in cli("log", "--since", "2h").out


def test_scripts_get_one_object_a_line(cli: CommandLine) -> None:
    written(cli, {"event": "check_ended", "code": 3}, {"event": "unheard_of_event"})
    entries = [json.loads(line) for line in cli("log", "--json").out.splitlines()]
    assert [entry["event"] for entry in entries] == ["check_ended", "unheard_of_event"]


def test_without_a_log_and_with_a_strange_span_the_way_out_is_named(cli: CommandLine) -> None:
    said = cli("log")
    assert said.code == 2
    assert "stornowacht run" in said.err
    written(cli, {"event": "check_began"})
    said = cli("log", "--since", "yesterday")
    assert said.code == 2
    assert '"2h"' in said.err


def test_a_span_that_is_too_long_is_refused_with_the_limit_that_the_help_names(cli: CommandLine) -> None:
    written(cli, {"event": "check_began"})
    said = cli("log", "--since", "400d")
    assert (said.code, said.err) == (2, "--since 400d: must be at most 366d.\n")
    assert "at most 366d" in " ".join(cli("log", "--help", with_config=False).out.split())


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has a file that nobody can read")
@pytest.mark.parametrize("more", [[], ["--follow"]])
def test_a_log_that_cannot_be_read_is_named_with_the_way_out(cli: CommandLine, more: list[str]) -> None:
    written(cli, {"event": "check_began"})
    path = cli.data / "log" / "stornowacht.jsonl"
    path.unlink()
    path.symlink_to("/proc/self/mem")
    said = cli("log", *more)
    assert (said.code, said.out) == (2, "")
    assert f"The log {path} cannot be read" in said.err
    assert "[storage] dir" in said.err


@pytest.mark.parametrize("more", [[], ["--follow"]])
def test_a_file_in_the_storage_folders_place_is_named_with_the_way_out(
    cli: CommandLine, more: list[str]
) -> None:
    cli.data.write_text("a file", encoding="utf-8")
    said = cli("log", *more)
    assert (said.code, said.out) == (2, "")
    assert f"{cli.data / 'log'} cannot be read" in said.err
    assert "[storage] dir" in said.err


@pytest.mark.slow
def test_whoever_follows_what_nobody_writes_yet_is_told_and_sees_its_first_line(cli: CommandLine) -> None:
    with following(cli) as follower:
        assert follower.stderr is not None
        assert "There is no log yet" in follower.stderr.readline()
        assert "stornowacht run" in follower.stderr.readline()
        written(cli, {"event": "watch_began"})
        assert follower.stdout is not None
        assert json.loads(follower.stdout.readline())["event"] == "watch_began"
        follower.terminate()


@pytest.mark.slow
def test_whoever_follows_sees_new_lines_also_after_a_rotation(cli: CommandLine) -> None:
    written(cli, {"event": "check_began"})
    with following(cli) as follower:
        assert follower.stdout is not None
        assert json.loads(follower.stdout.readline())["event"] == "check_began"
        time.sleep(0.8)
        file = LogFile(cli.data)
        file.write('{"event": "watch_began", "timestamp": "2026-11-26T10:00:00+00:00"}')
        assert json.loads(follower.stdout.readline())["event"] == "watch_began"
        file.doRollover()
        file.write('{"event": "watch_ended", "timestamp": "2026-11-26T10:00:01+00:00"}')
        assert json.loads(follower.stdout.readline())["event"] == "watch_ended"
        file.close()
        follower.terminate()
