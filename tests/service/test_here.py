"""Which system this is, and that one place asks."""

import os
import re
import sys
from pathlib import Path

import pytest

import watcher
from watcher import system
from watcher.service.here import manager_here
from watcher.system import System

ALONE = {"system.py", "dossier/verify.py"}
"""The second is handed out by itself and may import nothing of ours."""


@pytest.mark.parametrize(
    ("name", "platform", "found"),
    [
        ("posix", "linux", System.LINUX),
        ("posix", "darwin", System.MAC),
        ("nt", "win32", System.WINDOWS),
        ("posix", "freebsd14", System.OTHER),
    ],
)
def test_the_system_is_known_by_what_python_calls_it(monkeypatch, name, platform, found):
    monkeypatch.setattr(os, "name", name)
    monkeypatch.setattr(sys, "platform", platform)
    assert system.here() is found


@pytest.mark.parametrize(
    ("found", "manager"),
    [
        (System.LINUX, "systemd"),
        (System.MAC, "launchd"),
        (System.WINDOWS, "task scheduler"),
        (System.OTHER, None),
    ],
)
def test_each_system_has_its_service_manager(monkeypatch, found, manager):
    monkeypatch.setattr(system, "here", lambda: found)
    assert (made.name if (made := manager_here()) else None) == manager


def test_nobody_else_asks():
    root = Path(watcher.__file__).parent
    asking = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bos\.name\b|\bsys\.platform\b", path.read_text(encoding="utf-8"))
    }
    assert asking == ALONE
