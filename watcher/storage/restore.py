"""Putting a backup back: into an empty folder, all of it or nothing, and only what its manifest names."""

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from watcher.crash_points import crash_point
from watcher.errors import StorageError, UsageError
from watcher.storage.backup_check import faults_in
from watcher.storage.backup_format import (
    DATA,
    LARGEST_MANIFEST,
    MANIFEST,
    BackedUp,
    BadBackup,
    Manifest,
    manifest_of,
)
from watcher.storage.database import FILE_NAME, known_schema, make_private_folder
from watcher.storage.durable import sync_folder
from watcher.texts.language import _

_CHUNK = 1 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_SPARE = 50_000_000
"""Bytes that must stay free beside what is restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored."""

    manifest: Manifest
    faults: tuple[str, ...]
    """What was wrong with the archive when the backup was made."""


def restore_backup(source: Path, target: Path, *, free: Callable[[Path], int] | None = None) -> Restored:
    """Restore a backup into a folder that is not there yet, or is empty.

    1. The file may hold what its manifest names, and nothing else: no path that leads out, no link, no name twice, no more
       bytes than it says.
    2. It is unpacked beside the target. Every file is compared with its hash, the database opened, the ledger's chain
       followed from its first line to the head that the manifest names, and every file that the database knows looked for.
       What was wrong with the archive already when it was backed up is told, and hinders nothing.
    3. Only then it takes the target's name; before that nothing of it is there.

    Args:
        source: the backup.
        target: the folder to make.
        free: says how many bytes are free where a folder lies; by default the system is asked.

    Raises:
        UsageError: the target is not empty, or the file is no backup that can be trusted.
        StorageError: it cannot be read or written.
    """
    _check_target(target)
    try:
        with _opened(source) as bag:
            manifest = _manifest(bag)
            _check_schema(source, manifest)
            _check_entries(bag, manifest)
            _check_room(target, manifest, free or (lambda place: shutil.disk_usage(place).free))
            with _beside(target) as part:
                for file in manifest.files:
                    _unpack(bag, file, part)
                crash_point("backup_unpacked")
                faults = faults_in(part / FILE_NAME, manifest)
                _take_place(part, target)
                crash_point("backup_in_place")
    except BadBackup as error:
        raise _not_trusted(source, str(error)) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zipfile.LargeZipFile,
    ) as error:
        raise _not_trusted(
            source, _("it is no ZIP file, or a damaged one ({reason})").format(reason=error)
        ) from error
    except OSError as error:
        raise StorageError(
            _("The backup cannot be restored to {folder}: {reason}.").format(
                folder=target, reason=error.strerror or error
            ),
            advice=_("Nothing was restored."),
        ) from error
    return Restored(manifest=manifest, faults=faults)


def _check_target(target: Path) -> None:
    try:
        if not target.exists() and not target.is_symlink():
            parent = next(place for place in target.absolute().parents if place.exists())
            if parent.is_dir():
                return
        elif target.is_dir() and not target.is_symlink() and not any(target.iterdir()):
            return
    except OSError as error:
        raise StorageError(
            _("The folder {folder} cannot be read: {reason}.").format(
                folder=target, reason=error.strerror or error
            )
        ) from error
    raise UsageError(
        _("{folder} is there already and not empty.").format(folder=target),
        advice=_("A restore never overwrites anything: name a folder that is not there yet."),
    )


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        if not stat.S_ISREG(source.stat().st_mode):
            raise BadBackup(_("it is no file"))
        bag = zipfile.ZipFile(source)
    except OSError as error:
        raise UsageError(
            _("The backup {path} cannot be read: {reason}.").format(
                path=source, reason=error.strerror or error
            ),
            advice=_("Look at the spelling."),
        ) from error
    with bag:
        yield bag


def _manifest(bag: zipfile.ZipFile) -> Manifest:
    found = [info for info in bag.infolist() if info.filename == MANIFEST]
    if len(found) != 1:
        raise BadBackup(_("it has no manifest, or several"))
    if found[0].file_size > LARGEST_MANIFEST:
        raise BadBackup(_("its manifest is endless"))
    _check_entry(found[0])
    with bag.open(found[0]) as stream:
        text = stream.read(LARGEST_MANIFEST + 1)
    if len(text) > LARGEST_MANIFEST:
        raise BadBackup(_("its manifest is endless"))
    return manifest_of(text)


def _check_schema(source: Path, manifest: Manifest) -> None:
    known = known_schema()
    if manifest.schema > known:
        raise UsageError(
            _(
                "The backup {path} was made by a newer Stornowacht (schema {version}, this program knows {known})."
            ).format(path=source, version=manifest.schema, known=known),
            advice=_("Update Stornowacht; nothing was changed."),
        )


def _check_entries(bag: zipfile.ZipFile, manifest: Manifest) -> None:
    """See that the file holds exactly what its manifest names."""
    named = {DATA + file.path: file for file in manifest.files}
    if FILE_NAME not in {file.path for file in manifest.files}:
        raise BadBackup(_("it has no database"))
    seen = set[str]()
    for info in bag.infolist():
        name = info.orig_filename  # as it stands in the file, before zipfile cuts or turns anything
        if name == MANIFEST:
            continue
        file = named.get(name)
        if file is None or info.filename != name:
            raise BadBackup(_("{path!r} is in it, and its manifest does not name it").format(path=name[:200]))
        if name in seen:
            raise BadBackup(_("it has {path!r} twice").format(path=name[:200]))
        seen.add(name)
        _check_entry(info)
        if info.file_size != file.size:
            raise BadBackup(_("{path!r} has another size than its manifest says").format(path=name[:200]))
    for missing in named.keys() - seen:
        raise BadBackup(_("{path!r} is missing").format(path=missing[:200]))


def _check_entry(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG} or info.is_dir():
        raise BadBackup(_("{path!r} is no plain file").format(path=info.filename[:200]))
    if info.flag_bits & 0x1:
        raise BadBackup(_("{path!r} is encrypted").format(path=info.filename[:200]))
    if info.compress_type not in _METHODS:
        raise BadBackup(_("{path!r} is packed in an unknown way").format(path=info.filename[:200]))


def _check_room(target: Path, manifest: Manifest, free: Callable[[Path], int]) -> None:
    parent = next(place for place in target.absolute().parents if place.exists())
    room = free(parent)
    if manifest.size + _SPARE > room:
        raise StorageError(
            _("There is not enough room in {folder}: {needed} MB are needed, {room} MB are free.").format(
                folder=parent, needed=(manifest.size + _SPARE) // 1_000_000, room=room // 1_000_000
            ),
            advice=_("Nothing was restored."),
        )


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder beside the target, of which its owner alone knows; what of it was not moved is gone with the block."""
    parent = target.absolute().parent
    make_private_folder(parent)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.part-", dir=parent))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unpack(bag: zipfile.ZipFile, file: BackedUp, folder: Path) -> None:
    """Write one file, never more bytes than it may have, and compare it with its hash."""
    place = folder.joinpath(*file.path.split("/"))
    make_private_folder(place.parent)
    mode = 0o400 if file.path.startswith("archive/") else 0o600
    handle = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    digest, size = sha256(), 0
    with os.fdopen(handle, "wb") as target, bag.open(DATA + file.path) as source:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > file.size:
                raise BadBackup(_("{path!r} is larger than its manifest says").format(path=file.path[:200]))
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if (size, digest.hexdigest()) != (file.size, file.sha256):
        raise BadBackup(_("{path!r} was changed: its hash is another").format(path=file.path[:200]))
    place.chmod(mode)


def _take_place(part: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()  # it was empty; if something has come into it meanwhile, this fails and nothing is lost
    part.rename(target)
    sync_folder(target.absolute().parent)


def _not_trusted(source: Path, reason: str) -> UsageError:
    return UsageError(
        _("{path} is no backup that can be trusted: {reason}.").format(path=source, reason=reason),
        advice=_("Nothing was restored. Take another backup."),
    )
