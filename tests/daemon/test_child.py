"""The daemon's children: what they are told about where they run."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifiers.sound import TERMINAL
from watcher.daemon.child import Limits, run_child
from watcher.daemon.lifeline import LIFELINE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals have names on POSIX alone")


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a child writes down which terminal it was told of."""
    told, program = tmp_path / "told", tmp_path / "python"
    program.write_text(f'#!/bin/sh\nprintf "%s" "${TERMINAL}" > "{told}"\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.delenv(TERMINAL, raising=False)
    return told


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A terminal in which the daemon runs."""
    person, program = os.openpty()
    with os.fdopen(program, "w") as stream, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        yield os.ttyname(program)
    os.close(person)


def run() -> None:
    ending = run_child(
        ["deliver"], config=None, limits=Limits(deadline=20), stop=threading.Event(), stop_grace=0
    )
    assert ending.code == 0


def test_a_child_is_told_of_the_terminal_of_its_daemon(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as place:
        run()
    assert told.read_text() == place


def test_what_a_daemon_was_told_itself_goes_before(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TERMINAL, "/dev/pts/another")
    with terminal(monkeypatch):
        run()
    assert told.read_text() == "/dev/pts/another"


def test_without_a_terminal_a_child_is_told_of_none(
    told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        for stream in (log, None):
            with monkeypatch.context() as patched:
                patched.setattr(sys, "stderr", stream)
                run()
            assert told.read_text() == ""
            told.unlink()


def test_a_child_runs_nothing_of_the_folder_in_which_its_daemon_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "watcher").mkdir()
    (tmp_path / "watcher" / "__main__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ending = run_child(
        ["--version"], config=None, limits=Limits(deadline=20), stop=threading.Event(), stop_grace=0
    )
    assert ending.code == 0


# Says what it reads, and what whoever it starts would be told.
ASKS = f"from watcher.daemon.lifeline import hold; hold(); import os, sys; print(repr(sys.stdin.read()), os.environ.get('{LIFELINE}'))"
LIVES = (
    "from watcher.daemon.lifeline import hold; hold(); import time; print('up', flush=True); time.sleep(60)"
)


def test_a_child_reads_nothing_and_its_own_children_have_no_line() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, LIFELINE: "30"}
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.read() == "'' None\n"


def test_a_child_whose_line_is_cut_goes_on_for_a_moment_and_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LIVES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, LIFELINE: "0.2"}
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "up\n"
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=0.5)
        child.stdin.close()
        assert child.wait(timeout=20) == 1


@pytest.mark.parametrize("told", [None, "soon", "", "-1", "nan", "inf"])
def test_whoever_was_given_no_line_keeps_what_it_reads(told: str | None) -> None:
    environment = {name: value for name, value in os.environ.items() if name != LIFELINE}
    done = subprocess.run(
        [sys.executable, "-c", ASKS], input="said", stdout=subprocess.PIPE, text=True, check=True, timeout=20,
        env=environment if told is None else {**environment, LIFELINE: told},
    )  # fmt: skip
    assert done.stdout == "'said' None\n"
