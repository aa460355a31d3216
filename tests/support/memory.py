"""Temporary folders in memory, where the system has such a place: every transaction here waits for the disk."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")


def in_memory() -> Path | None:
    """Return where folders lie in memory; `None` where the system has no such place: then wherever it likes."""
    return _MEMORY if _MEMORY.is_dir() else None


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Replaces pytest's own; there is nothing to be looked at afterwards."""
    if in_memory() is None:
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="stornowacht-test-", dir=_MEMORY))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
