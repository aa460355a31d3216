"""Exports for tests, and what others make of them."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Never

import bagit

from tests.support.archive import Archive
from watcher.app.export import Exported, export
from watcher.app.gather import Sources
from watcher.app.press import Press
from watcher.app.wishes import Wishes
from watcher.dossier.bindery import DossierBindery
from watcher.errors import BrowserError
from watcher.pages.lore import SHIPPED
from watcher.storage.sealed import FolderFiles
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

EXPORTED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NO_BROWSER = "there is no browser in this test"


def no_press() -> Never:
    raise BrowserError(NO_BROWSER)


class Handing:
    """Exports from one storage folder."""

    def __init__(
        self,
        archive: Archive,
        to: Path,
        *,
        presses: Callable[[], AbstractContextManager[Press]] = no_press,
        language: str = "de",
    ) -> None:
        self.store: SqliteStore = archive.store
        self.vault: FileVault = archive.vault
        self.folder = archive.folder
        self.to = to
        self.presses = presses
        self.language = language

    def out(self, wanted: str, **wishes: Any) -> Exported:
        files = FolderFiles(self.folder)
        return export(
            Sources(store=self.store, vault=self.vault, files=files),
            DossierBindery(files=files, presses=self.presses, language=self.language),  # type: ignore[arg-type]
            wanted,
            wishes=Wishes(**{"to": self.to, **wishes}),
            lore_of=lambda _account: SHIPPED,
            program="stornowacht 0.0.0",
            clock=lambda: EXPORTED_AT,
        )

    def bag(self, wanted: str, **wishes: Any) -> Path:
        """Export, and return the sealed bag as a folder."""
        return unpacked(self.out(wanted, **wishes).handed[0].path)

    def redacted(self, wanted: str, **wishes: Any) -> Path:
        """Export, and return the redacted bag as a folder."""
        return unpacked(self.out(wanted, redact=True, **wishes).handed[1].path)


def unpacked(bag: Path) -> Path:
    """Unpack a bag beside itself; returns its top folder."""
    target = bag.with_suffix(".unpacked")
    shutil.rmtree(target, ignore_errors=True)
    with zipfile.ZipFile(bag) as archive:
        assert archive.testzip() is None
        archive.extractall(target)
    [top] = target.iterdir()
    return top


def is_valid_bag(folder: Path) -> bool:
    """Whether an independent validator of BagIt takes it."""
    return bool(bagit.Bag(str(folder)).is_valid())


def verdict(folder: Path) -> tuple[int, str]:
    """What the verifier that lies in a bag says, in a Python that knows nothing of this project."""
    command = [sys.executable, "-I", str(folder / "verify.py"), "--language", "en", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr
