import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.dossier.handing import Handing
from tests.support.archive import Archive
from tests.support.clock import Clock
from tests.support.memory import tmp_path
from watcher.app.press import Press
from watcher.browser.printing import press_in
from watcher.texts import language

__all__ = ["tmp_path"]  # fixtures that tests find here


@pytest.fixture(autouse=True)
def speaks_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["de"])


@pytest.fixture
def press(chromium: Browser) -> Iterator[Press]:
    with press_in(chromium) as built:
        yield built


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path / "data", Clock())
    yield made
    made.store.close()


@pytest.fixture
def handing(archive: Archive, tmp_path: Path) -> Handing:
    """Exports without a browser."""
    return Handing(archive, tmp_path / "out")


@pytest.fixture
def printing(archive: Archive, tmp_path: Path, chromium: Browser) -> Handing:
    """Exports with a browser."""
    presses: partial[AbstractContextManager[Press]] = partial(press_in, chromium)
    return Handing(archive, tmp_path / "out", presses=presses)


def part(name: str, package: str) -> str:
    """Return a program that judges what was made; a test that lacks it is skipped, and says so."""
    found = shutil.which(name, path=os.environ.get("PATH"))
    if found is None:
        pytest.skip(f"no {name} is installed (Debian: {package}; `make test` installs it where it may)")
    return found
