"""A database as the program makes it, ready at once: tests of what is done with one need not wait for its hundred statements.

How it is made, and made anew from an older one, is tried by `tests/storage/test_opening.py`, which makes its own.
"""

import tempfile
from functools import cache
from pathlib import Path

from tests.support.memory import in_memory
from watcher.storage.database import FILE_NAME, connect, make_private_folder


def with_database(folder: Path) -> Path:
    """Lay a new, empty database into a storage folder that has none; returns the folder."""
    path = folder / FILE_NAME
    if not path.exists():
        make_private_folder(folder)
        path.touch(mode=0o600)
        path.write_bytes(_as_made())
    return folder


@cache
def _as_made() -> bytes:
    """Let the program make one, once per test process."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        connect(Path(folder)).close()
        return (Path(folder) / FILE_NAME).read_bytes()
