"""Making what was done to a folder outlast a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Flush a rename to the disk, where the system can (Windows cannot open folders)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
