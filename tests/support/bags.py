"""Exported bags, made by the program's own export without a browser: all but the PDF and the pictures for paper."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Never

from watcher.app.export import export
from watcher.app.gather import Sources
from watcher.app.wishes import Wishes
from watcher.dossier.bindery import DossierBindery
from watcher.errors import BrowserError
from watcher.pages.lore import SHIPPED
from watcher.storage.sealed import FolderFiles
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

EXPORTED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def make_bag(storage: Path, order: str, to: Path, *, redact: bool = False) -> list[Path]:
    """Export an order of a storage folder; returns the ZIPs, the sealed one first."""
    files = FolderFiles(storage)
    with closing(SqliteStore(storage)) as store:
        done = export(
            Sources(store=store, vault=FileVault(storage), files=files),
            DossierBindery(files=files, presses=_no_press, language="de"),
            order,
            wishes=Wishes(to=to, redact=redact),
            lore_of=lambda _account: SHIPPED,
            program="0.0.0",
            clock=lambda: EXPORTED_AT,
        )
    return [handed.path for handed in done.handed]


def unpacked(bag: Path, to: Path) -> Path:
    """Unpack a bag; returns its top folder."""
    with zipfile.ZipFile(bag) as archive:
        archive.extractall(to)
    [top] = to.iterdir()
    return top


def sealed_anew(folder: Path) -> None:
    """Write a bag's manifests anew, as whoever changes something in it would."""
    tags = folder / "tagmanifest-sha256.txt"
    tags.unlink(missing_ok=True)
    payload = [path for path in _files(folder) if path.startswith("data/")]
    size = sum((folder / path).stat().st_size for path in payload)
    (folder / "bag-info.txt").write_text(f"Payload-Oxum: {size}.{len(payload)}\n")
    (folder / "manifest-sha256.txt").write_text("".join(_manifest(folder, payload)))
    others = [path for path in _files(folder) if not path.startswith("data/")]
    tags.write_text("".join(_manifest(folder, others)))


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _manifest(folder: Path, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield f"{sha256((folder / path).read_bytes()).hexdigest()}  {path}\n"


def _no_press() -> Never:
    raise BrowserError("there is no browser in this test")
