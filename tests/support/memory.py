"""Temporary folders in memory, where the system has such a place: every transaction here waits for the disk."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Replaces pytest's own; there is nothing to be looked at afterwards."""
    if not _MEMORY.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="stornowacht-test-", dir=_MEMORY))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
