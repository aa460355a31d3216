"""Whose a browser profile is."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.daemon import wait_for
from watcher.browser.finder import find_browser
from watcher.browser.ownership import (
    holder_of,
    remember_user,
    require_usable,
    version_of_browser,
    version_of_profile,
)
from watcher.errors import BrowserError, BusyError

HERE = socket.gethostname()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    folder.mkdir()
    return folder


def browser_of(folder: Path, version: str) -> Path:
    """A program that says its version as browsers do, and counts how often it is asked."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\necho x >> {folder}/asked\necho 'Chromium {version} built on Debian'\n")
    path.chmod(0o755)
    return path


def lock(profile: Path, target: str) -> None:
    (profile / "SingletonLock").symlink_to(target)


def test_a_profile_without_a_lock_is_nobodys(profile: Path) -> None:
    assert holder_of(profile) is None


def test_a_lock_of_another_machine_is_named(profile: Path) -> None:
    lock(profile, "other-machine-4711")
    assert holder_of(profile) == "other-machine, 4711"


def test_a_lock_whose_process_is_gone_counts_for_nothing(profile: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock(profile, f"{HERE}-{ended.pid}")
    assert holder_of(profile) is None


def test_a_lock_whose_number_another_program_has_got_counts_for_nothing(profile: Path) -> None:
    lock(profile, f"{HERE}-{os.getpid()}")
    assert holder_of(profile) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there an ended process leaves nothing behind")
def test_a_lock_whose_browser_has_ended_and_was_not_asked_how_counts_for_nothing(
    profile: Path, tmp_path: Path
) -> None:
    program = tmp_path / "chromium-like"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "30"]) as ended:
        lock(profile, f"{HERE}-{ended.pid}")
        assert holder_of(profile) is not None
        ended.kill()
        process = psutil.Process(ended.pid)
        wait_for(lambda: process.status() == psutil.STATUS_ZOMBIE)
        assert holder_of(profile) is None


def test_a_browser_that_has_it_open_is_named_and_the_way_out_too(profile: Path, tmp_path: Path) -> None:
    program = tmp_path / "chromium-like"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "30"]) as running:
        lock(profile, f"{HERE}-{running.pid}")
        try:
            with pytest.raises(BusyError) as caught:
                require_usable(profile, browser_of(tmp_path, "156.0.1.2"))
        finally:
            running.kill()
    assert str(running.pid) in caught.value.message
    assert "SingletonLock" in caught.value.advice


@pytest.mark.parametrize("target", ["", "nonsense", "host-", "host-x", f"{HERE}-99999999999999999999"])
def test_a_strange_lock_is_no_reason_to_stop(profile: Path, target: str) -> None:
    if target:
        lock(profile, target)
    assert holder_of(profile) is None


def test_a_profile_of_a_newer_browser_is_refused_with_both_versions(profile: Path, tmp_path: Path) -> None:
    (profile / "Last Version").write_text("157.0.9.9")
    with pytest.raises(BrowserError) as caught:
        require_usable(profile, browser_of(tmp_path, "156.0.1.2"))
    assert "157" in caught.value.message
    assert "156" in caught.value.message


@pytest.mark.parametrize("written", ["156.0.9.9", "120.0.0.1", "", "nonsense"])
def test_a_profile_of_this_or_an_older_browser_is_fine(profile: Path, tmp_path: Path, written: str) -> None:
    (profile / "Last Version").write_text(written)
    require_usable(profile, browser_of(tmp_path, "156.0.1.2"))


def test_a_browser_is_asked_for_its_version_once(profile: Path, tmp_path: Path) -> None:
    (profile / "Last Version").write_text("156.0.1.2")
    browser = browser_of(tmp_path, "156.0.1.2")
    require_usable(profile, browser)
    remember_user(profile, browser)
    for _ in range(3):
        require_usable(profile, browser)
    assert (tmp_path / "asked").read_text().count("x") == 1
    (profile / "Last Version").write_text("158.0.0.0")
    with pytest.raises(BrowserError):
        require_usable(profile, browser)


def test_a_browser_that_does_not_say_its_version_is_not_refused(profile: Path, tmp_path: Path) -> None:
    (profile / "Last Version").write_text("156.0.1.2")
    silent = browser_of(tmp_path, "of nothing")
    assert version_of_browser(silent) is None
    require_usable(profile, silent)
    assert version_of_profile(profile) == 156


def test_a_channel_names_one_of_the_installed_browsers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("chromium", "google-chrome-stable", "microsoft-edge-stable"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {
        channel: find_browser(None, channel=channel).name for channel in ("chromium", "chrome", "msedge")
    }
    assert found == {
        "chromium": "chromium",
        "chrome": "google-chrome-stable",
        "msedge": "microsoft-edge-stable",
    }


def test_a_channel_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserError, match="msedge"):
        find_browser(None, channel="msedge")
