"""What takes long to make is made once per run, by whichever test process needs it first; the others wait, and find it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder that `make` has filled in this process or in another one; nobody may change anything in it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the folder of the whole run
    folder, ready = base / name, base / f"{name}.ready"
    with FileLock(base / f"{name}.lock"):
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)  # the other process failed half-way
            folder.mkdir()
            make(folder)
            ready.touch()
    return folder
