"""Making what was done to a folder outlast a power cut."""

import os
from pathlib import Path

from watcher.system import is_windows


def sync_folder(folder: Path) -> None:
    """Flush a rename to the disk, where the system can (Windows cannot open folders)."""
    if not is_windows():
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
