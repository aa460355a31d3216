"""Which operating system this is: the one place of these rooms that asks, and so the one that tests fake."""

import os
import sys
from enum import StrEnum
from pathlib import Path


class System(StrEnum):
    """An operating system, as far as this program has to treat it differently."""

    LINUX = "linux"
    MAC = "mac"
    WINDOWS = "windows"
    OTHER = "other"
    """Another Unix."""


def here() -> System:
    """Return the system of this machine."""
    if os.name == "nt":
        return System.WINDOWS
    if sys.platform == "darwin":
        return System.MAC
    return System.LINUX if sys.platform.startswith("linux") else System.OTHER


def is_windows() -> bool:
    """Whether files have no permission bits, open ones cannot be replaced, and folders cannot be synced."""
    return here() is System.WINDOWS


def is_mac() -> bool:
    """Whether this is macOS."""
    return here() is System.MAC


def is_linux() -> bool:
    """Whether this is Linux."""
    return here() is System.LINUX


def is_root() -> bool:
    """Whether this is the superuser of a Unix."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def boot() -> str:
    """Return what names the time for which this machine has been up; empty where it gives no such name (all but Linux)."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
