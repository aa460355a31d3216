"""Folders for what is needed only meanwhile. What a power cut leaves of one goes when the next of its kind is made."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

LEFT_AFTER: Final = 24 * 3600
"""Seconds. Nothing that is still at work takes so long."""

_ENDING: Final = "[a-z0-9_]" * 8
_MODE: Final = 0o700
"""How the standard library names such folders, and who may read them."""


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """Have a folder for the length of the block, readable by nobody else; its `kind` is part of its name.

    Raises:
        OSError: there is no room for it.
    """
    prefix = f"stornowacht-{kind}-"
    with suppress(OSError):
        for left in Path(tempfile.gettempdir()).glob(prefix + _ENDING):
            _clear(left)
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _clear(left: Path) -> None:
    """Remove a folder that was left behind; a link, or what was made by somebody else or in another way, is not touched."""
    with suppress(OSError):
        found = left.lstat()
        is_ours = not hasattr(os, "getuid") or (
            found.st_uid == os.getuid() and found.st_mode & 0o777 == _MODE
        )
        if stat.S_ISDIR(found.st_mode) and is_ours and time.time() - found.st_mtime > LEFT_AFTER:
            shutil.rmtree(left, ignore_errors=True)
