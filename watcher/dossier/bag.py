"""A bag of files as a ZIP: the layout of RFC 8493 (BagIt 1.0), written as a stream.

Guaranteed: the same contents give the same bytes; nothing is overwritten; a bag that is there is whole and on the disk.
Memory does not grow with the size of what goes in.
"""

import errno
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from watcher.dossier.names import free_name
from watcher.errors import StorageError
from watcher.system import is_windows
from watcher.texts.language import _

_CHUNK = 1 << 20
_STORED = frozenset({".webp", ".png", ".jpg", ".jpeg", ".pdf", ".zip", ".gz", ".mp4", ".gif"})
"""What is packed already; deflating it again costs time and gains nothing."""
_READABLE, _RUNNABLE = 0o100644, 0o100755
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
"""What a ZIP can say."""
_PARTS = "data/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of a bag: its path below the top folder, the time it is marked with, and how its bytes are had."""

    path: str
    at: datetime
    open: Callable[[], Iterable[bytes]]
    runnable: bool = False


def of_bytes(path: str, content: bytes, *, at: datetime, runnable: bool = False) -> Item:
    """Return an item that is at hand."""
    return Item(path=path, at=at, open=lambda: (content,), runnable=runnable)


def of_stream(path: str, open_stream: Callable[[], BinaryIO], *, at: datetime) -> Item:
    """Return an item that is read when its turn comes, piece by piece."""

    def chunks() -> Iterator[bytes]:
        with open_stream() as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    return Item(path=path, at=at, open=chunks)


def opener(path: Path) -> Callable[[], BinaryIO]:
    """Return what opens a file on the disk."""
    return lambda: path.open("rb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A bag that is finished under a temporary name."""

    temporary: Path
    folder: Path
    name: str
    manifest: str
    """SHA-256 of `manifest-sha256.txt`, which names the hash of every file: it stands for the whole bag."""
    size: int

    def publish(self) -> Path:
        """Give the bag its name; an older one of that name stays, and this one gets a number.

        Raises:
            StorageError: it cannot be written there.
        """
        try:
            while True:
                name = free_name(f"{self.name}.zip", lambda each: (self.folder / each).exists())
                target = self.folder / name
                try:
                    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                except FileExistsError:
                    continue  # somebody was quicker
                break
            try:
                self.temporary.replace(target)
            except OSError:
                target.unlink(missing_ok=True)
                raise
            sync_folder(self.folder)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        return target


@contextmanager
def bind(
    folder: Path,
    name: str,
    payload: Iterable[Item],
    *,
    info: Callable[[int, int], Iterable[tuple[str, str]]],
    tags: Iterable[Item],
    at: datetime,
) -> Iterator[Bound]:
    """Write a bag under a temporary name; unless it is published within the block, nothing of it stays.

    1. The payload, below `data/`, in the order of the paths.
    2. The tag files, `bagit.txt` and `bag-info.txt`, then the two manifests: they name what was written, not what was meant.
    3. All of it is flushed to the disk.

    Args:
        folder: where it goes; made where it is missing.
        name: the top folder's name, and the file's without `.zip`.
        payload: the files below `data/`; their paths begin with it.
        info: told bytes and number of the payload's files, what stands in `bag-info.txt`.
        tags: further files beside them.
        at: the time that generated files are marked with.

    Raises:
        StorageError: it cannot be written.
    """
    temporary: Path | None = None
    try:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(prefix=".stornowacht-", suffix=".part", dir=folder)
            temporary = Path(made)
            with os.fdopen(handle, "wb") as stream:
                manifest = _write(stream, name, payload, info=info, tags=tags, at=at)
                stream.flush()
                os.fsync(stream.fileno())
            size = temporary.stat().st_size
        except OSError as error:
            raise cannot_write(folder, error) from error
        yield Bound(temporary=temporary, folder=folder, name=name, manifest=manifest, size=size)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _write(
    stream: BinaryIO,
    name: str,
    payload: Iterable[Item],
    *,
    info: Callable[[int, int], Iterable[tuple[str, str]]],
    tags: Iterable[Item],
    at: datetime,
) -> str:
    with zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        found: list[tuple[str, str]] = []
        total = 0
        for item in sorted(payload, key=lambda each: each.path):
            if not item.path.startswith(_PARTS):
                raise ValueError(f"{item.path} is no path of a payload")
            digest, size = _pack(archive, name, item)
            found.append((digest, item.path))
            total += size
        manifest = _manifest(found)
        own = [
            of_bytes("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", at=at),
            of_bytes("bag-info.txt", _info(info(total, len(found))), at=at),
            of_bytes("manifest-sha256.txt", manifest, at=at),
        ]
        written = [
            (_pack(archive, name, item)[0], item.path)
            for item in sorted((*own, *tags), key=lambda each: each.path)
        ]
        _pack(archive, name, of_bytes("tagmanifest-sha256.txt", _manifest(written), at=at))
    return sha256(manifest).hexdigest()


def _pack(archive: zipfile.ZipFile, top: str, item: Item) -> tuple[str, int]:
    entry = zipfile.ZipInfo(f"{top}/{item.path}", date_time=_dos_time(item.at))
    is_stored = Path(item.path).suffix.lower() in _STORED
    entry.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    entry.external_attr = (_RUNNABLE if item.runnable else _READABLE) << 16
    entry.create_system = 3  # Unix: the same bytes come out on every system
    digest, size = sha256(), 0
    # How large a stream will be is not known when its head is written: room for 64 bits is left in any case.
    with archive.open(entry, "w", force_zip64=True) as target:
        for chunk in item.open():
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return digest.hexdigest(), size


def _manifest(found: Iterable[tuple[str, str]]) -> bytes:
    lines = (f"{digest}  {_escaped(path)}\n" for digest, path in sorted(found, key=lambda each: each[1]))
    return "".join(lines).encode()


def _escaped(path: str) -> str:
    """Return a path as a manifest writes it (RFC 8493, 2.1.3)."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _info(entries: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in entries).encode()


def _dos_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    """Return a moment as a ZIP can say it: in UTC, within its years."""
    utc = at.astimezone(UTC)
    if utc.year < _FIRST_YEAR:
        return _FIRST_YEAR, 1, 1, 0, 0, 0
    if utc.year > _LAST_YEAR:
        return _LAST_YEAR, 12, 31, 23, 59, 58
    return utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second


def sync_folder(folder: Path) -> None:
    """Flush a rename to the disk, where the system can (Windows cannot open folders)."""
    if not is_windows():
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def cannot_write(folder: Path, error: OSError) -> StorageError:
    """Return the fault to raise when an export cannot be written."""
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return StorageError(
        _("The export cannot be written to {folder}: {reason}.").format(
            folder=folder, reason=error.strerror or error
        ),
        advice=_("Free some space, or name another folder with --to; nothing half-written stays behind.")
        if is_full
        else _("Name another folder with --to; nothing half-written stays behind."),
    )


@contextmanager
def for_the_moment() -> Iterator[None]:
    """Turn what goes wrong with what is only needed meanwhile into the fault to raise.

    Raises:
        StorageError: it cannot be written to the folder for temporary files.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(
            _("What an export needs meanwhile cannot be written to {folder}: {reason}.").format(
                folder=tempfile.tempdir or _("the folder for temporary files"), reason=error.strerror or error
            ),
            advice=_("Free some space there, or name another folder in the environment variable TMPDIR."),
        ) from error
