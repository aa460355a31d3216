"""What a check needs gets ready while the driver starts; other commands start nothing, and nothing is left behind."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import psutil
import pytest

from watcher import head_start
from watcher.app import invented_pages
from watcher.browser import driver


class FakeDriver:
    """Stands for the process; counts how often it was stopped."""

    def __init__(self) -> None:
        self.stops = 0

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def drivers(monkeypatch: pytest.MonkeyPatch) -> list[FakeDriver]:
    made: list[FakeDriver] = []

    def started() -> FakeDriver:
        made.append(FakeDriver())
        return made[-1]

    monkeypatch.setattr(driver, "_started", started)
    monkeypatch.setattr(driver, "_begun", [])
    return made


def test_the_driver_that_was_begun_is_the_one_that_is_used_and_it_is_stopped_once(
    drivers: list[FakeDriver],
) -> None:
    with head_start.head_start(["check", "--json"]):
        assert len(drivers) == 1
        with driver.driving() as used:
            assert used is drivers[0]
        with driver.driving() as another:
            assert another is drivers[1]
    assert [made.stops for made in drivers] == [1, 1]


def test_one_that_nobody_needed_is_stopped_at_the_end_and_after_a_fault(drivers: list[FakeDriver]) -> None:
    with pytest.raises(KeyError), head_start.head_start(["check"]):
        raise KeyError
    assert [made.stops for made in drivers] == [1]


def test_what_the_readers_compile_waits_until_a_browser_is_being_started(
    drivers: list[FakeDriver], monkeypatch: pytest.MonkeyPatch
) -> None:
    launching, compiled = Event(), Event()
    monkeypatch.setattr(driver, "launching", launching)
    monkeypatch.setattr(invented_pages, "read_invented_pages", compiled.set)
    with head_start.head_start(["check"]):
        assert not compiled.wait(0.3)
        launching.set()
        assert compiled.wait(30)


def test_what_tells_of_a_check_waits_until_its_browser_is_being_ended(
    drivers: list[FakeDriver], monkeypatch: pytest.MonkeyPatch
) -> None:
    launching, ending, imported = Event(), Event(), dict[str, Event]()
    monkeypatch.setattr(driver, "launching", launching)
    monkeypatch.setattr(driver, "ending", ending)
    monkeypatch.setattr(invented_pages, "read_invented_pages", lambda: None)
    for module in (*head_start._TO_VISIT, *head_start._TO_TELL):
        imported[module] = Event()
    monkeypatch.setattr(head_start, "import_module", lambda name: imported.get(name, Event()).set())
    with head_start.head_start(["check"]):
        launching.set()
        assert imported[head_start._TO_VISIT[-1]].wait(30)
        assert not imported[head_start._TO_TELL[0]].wait(0.3)
        ending.set()
        assert imported[head_start._TO_TELL[-1]].wait(30)


@pytest.mark.parametrize("arguments", [[], ["status"], ["show", "check"], ["--help"]])
def test_other_commands_begin_no_driver(drivers: list[FakeDriver], arguments: list[str]) -> None:
    with head_start.head_start(arguments):
        pass
    assert drivers == []


def test_a_driver_that_cannot_start_is_a_matter_of_whoever_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no such program")

    monkeypatch.setattr(driver, "_started", broken)
    with head_start.head_start(["check"]), pytest.raises(OSError, match="no such program"), driver.driving():
        pass


@pytest.mark.slow
def test_a_check_that_stops_at_its_config_leaves_no_driver_and_says_what_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("nonsense = 1\n", encoding="utf-8")
    command = [sys.executable, "-m", "watcher", "check", "--config", str(config)]
    environment = {**os.environ, "STORNOWACHT_MARK": str(tmp_path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr
    left = [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get("STORNOWACHT_MARK") == str(tmp_path)
    ]
    assert left == []
