"""The log's file: bounded, private, masked, and never a reason to stop."""

import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.daemon.log import keep_in, log, set_up
from watcher.daemon.log_file import LogFile, entries, last_entries, log_files


def write(file: LogFile, *numbers: int) -> None:
    for number in numbers:
        file.write(
            json.dumps(
                {"event": "one", "number": number, "timestamp": f"2026-11-26T10:00:{number % 60:02}+00:00"}
            )
        )


def test_lines_come_back_in_their_order_over_all_files(tmp_path: Path) -> None:
    file = LogFile(tmp_path, largest=400)
    write(file, *range(40))
    assert len(log_files(tmp_path)) == 6
    numbers = [entry["number"] for entry in entries(tmp_path)]
    assert numbers == list(range(numbers[0], 40))
    assert [entry["number"] for entry in last_entries(tmp_path, at_most=3)] == [37, 38, 39]
    assert sum(path.stat().st_size for path in log_files(tmp_path)) < 6 * 400
    file.close()


@pytest.mark.skipif(os.name == "nt", reason="rights are POSIX' own")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = LogFile(tmp_path)
    write(file, 1)
    (path,) = log_files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    file.close()


def test_a_line_torn_by_a_power_cut_is_left_out(tmp_path: Path) -> None:
    file = LogFile(tmp_path)
    write(file, 1)
    with log_files(tmp_path)[0].open("a") as torn:
        torn.write('{"event": "tw\n')
    write(file, 3)
    assert [entry["number"] for entry in entries(tmp_path)] == [1, 3]
    file.close()


def test_a_folder_that_cannot_be_written_costs_lines_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    file = LogFile(tmp_path)
    write(file, 1)
    assert file.is_failing
    (tmp_path / "log").unlink()
    write(file, 2)
    assert not file.is_failing
    assert [entry["number"] for entry in entries(tmp_path)] == [2]
    file.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_costs_lines_and_no_fault(tmp_path: Path) -> None:
    file = LogFile(tmp_path)
    write(file, 1)
    (path,) = log_files(tmp_path)
    path.unlink()
    path.symlink_to("/dev/full")
    file.close()
    file.stream = None  # type: ignore[assignment]
    write(file, 2, 3)
    assert file.is_failing
    path.unlink()
    write(file, 4)
    assert [entry["number"] for entry in entries(tmp_path)] == [4]
    file.close()


def test_a_library_is_heard_but_not_with_what_a_browser_left_unanswered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    asyncio = logging.getLogger("asyncio")
    set_up()
    asyncio.error("Task was destroyed but it is pending!\ntask: <Task pending name='Task-7'>")
    asyncio.error("Future exception was never retrieved\nfuture: <Future finished exception=Error()>")
    asyncio.error("Exception in callback on_message()")
    (line,) = capsys.readouterr().err.splitlines()
    assert "Exception in" in json.loads(line)["words"]


@pytest.fixture
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the logger back as it was."""
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr("watcher.daemon.log._file", kept := [])
    monkeypatch.setattr("watcher.daemon.log._alone", [False])
    yield
    for file in kept:
        file.close()


@pytest.mark.usefixtures("_as_before")
def test_stderr_gets_every_line_or_only_those_that_the_file_could_not_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(event: str) -> list[str]:
        log().info(event)
        return [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]

    set_up()
    assert said("before_the_file") == ["before_the_file"]
    keep_in(tmp_path)
    assert said("both") == ["both"]
    keep_in(tmp_path, alone=True)
    assert said("file_only") == []
    assert [entry["event"] for entry in entries(tmp_path)] == ["both", "file_only"]
    keep_in(tmp_path / "other", alone=True)
    (tmp_path / "other").write_text("in the way")
    assert said("file_fails") == ["file_fails"]
    (tmp_path / "other").unlink()
    assert said("file_works_again") == []
