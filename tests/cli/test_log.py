"""`log`: what the daemon has written down, readable, and for scripts."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cli import CommandLine
from watcher.daemon.log_file import LogFile


def written(cli: CommandLine, *entries: dict[str, object]) -> None:
    file = LogFile(cli.data)
    for entry in entries:
        at = datetime.now(UTC) - timedelta(minutes=1)
        file.write(json.dumps({"level": "info", "timestamp": at.isoformat(), **entry}))
    file.close()


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


@pytest.mark.slow
def test_whoever_follows_sees_new_lines_also_after_a_rotation(cli: CommandLine) -> None:
    written(cli, {"event": "check_began"})
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
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as follower:
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
