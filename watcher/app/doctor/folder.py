"""Facts of files and folders that somebody else may be changing at this moment."""

import os
import stat
from pathlib import Path

from watcher.system import is_windows


def bytes_in(folder: Path) -> int:
    """Return how many bytes lie in a folder and below; what vanishes meanwhile counts for nothing."""
    return sum(size_of(Path(base, name)) for base, _folders, files in os.walk(folder) for name in files)


def size_of(path: Path) -> int:
    """Return a file's size; 0 where there is none."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def mode_of(path: Path) -> int | None:
    """Return a path's permissions; `None` where there is nothing, or the system has none of that kind."""
    if is_windows():
        return None
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
