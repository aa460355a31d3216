"""A backup of the storage folder, made while others are at work in it, and read again before it counts."""

import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from watcher.crash_points import crash_point
from watcher.errors import BusyError, StorageError
from watcher.storage.backup_check import faults_in
from watcher.storage.backup_format import (
    DATA,
    MANIFEST,
    BackedUp,
    BadBackup,
    Manifest,
    manifest_of,
    manifest_text,
    unsafe,
)
from watcher.storage.backup_place import free_place, give_name, is_there, reserved
from watcher.storage.database import FILE_NAME, storage_error
from watcher.storage.forgetting import archive_lock
from watcher.system import is_windows
from watcher.texts.language import _

PROFILES = "profiles"
_LEFT_OUT = frozenset({"staging", "log", "orders", "answers", "exports", PROFILES})
"""Folders that are not backed up: what is under way, the log, names that are made again, copies, and what holds the log-in."""
_DASHBOARD = "dashboard."
"""How files begin that hold for the dashboard of this machine alone: its key, and where it listens."""
_CACHES = frozenset(
    {"Cache", "Code Cache", "GPUCache", "DawnCache", "GrShaderCache", "ShaderCache", "Crashpad"}
)
_PACKED = frozenset({".db", ".html", ".json", ".txt", ".mhtml", ".eml", ".pem"})
"""Endings of files that become smaller; pictures and films do not."""
_CHUNK = 1 << 20
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBackup:
    """A backup that was read again and found whole."""

    path: Path
    manifest: Manifest
    digest: str
    """SHA-256 of the manifest: it names the whole backup."""
    size: int
    skipped: tuple[str, ...]
    """Files that could not go in, for no other system would take their name; they are caches of the browser."""
    faults: tuple[str, ...]
    """What is wrong with the archive itself: the backup holds it as it is."""
    is_private: bool
    """Whether its owner alone can read it; some drives know no permissions."""


def make_backup(
    folder: Path, target: Path, *, program: str, at: datetime, with_profiles: bool = False
) -> MadeBackup:
    """Back a storage folder up into one ZIP file.

    1. The database is copied as of one moment, whoever writes meanwhile. Files of the archive are never changed, and none is
       erased meanwhile: so all that the copy names is there.
    2. It is written under a temporary name, flushed, read again and compared with the hashes; only then it gets its name.
    3. Nothing is overwritten.

    Args:
        folder: the storage folder.
        target: the file to make, or a folder in which it gets a name of its own.
        program: this program's version.
        at: the moment.
        with_profiles: whether the browser profiles go in, and with them the log-in.

    Raises:
        UsageError: the target is there already, or lies in a folder that is not there.
        BusyError: something is being erased, another backup made, or, with profiles, an account visited.
        StorageError: something cannot be read or written; nothing stays.
    """
    try:
        place = free_place(target, at)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise _cannot_make(target, error) from error
    try:
        with (
            archive_lock(folder),
            _held_profiles(folder, with_profiles=with_profiles),
            reserved(place) as part,
        ):
            manifest, skipped, faults = _write(
                folder, part, program=program, at=at, with_profiles=with_profiles
            )
            crash_point("backup_written")
            digest = _verify(part, manifest)
            crash_point("backup_read_again")
            give_name(part, place)
            crash_point("backup_named")
            found = place.stat()
    except FileExistsError as error:
        raise is_there(place) from error
    except OSError as error:
        raise _cannot_make(place, error) from error
    except BadBackup as error:
        raise StorageError(
            _("The backup {path} cannot be made: {reason}.").format(path=place, reason=error),
            advice=_("`stornowacht doctor` looks at the database."),
        ) from error
    except sqlite3.Error as error:
        raise storage_error(folder / FILE_NAME, error) from error
    return MadeBackup(
        path=place,
        manifest=manifest,
        digest=digest,
        size=found.st_size,
        skipped=skipped,
        faults=faults,
        is_private=is_windows() or not found.st_mode & 0o077,
    )


@contextmanager
def _held_profiles(folder: Path, *, with_profiles: bool) -> Iterator[None]:
    """Keep every account's profile from being visited: a browser writes in it all the time."""
    with ExitStack() as stack:
        for lock in sorted((folder / PROFILES).glob("*.lock")) if with_profiles else ():
            try:
                stack.enter_context(FileLock(lock, timeout=0))
            except Timeout as error:
                raise BusyError(
                    _("The account {account} is being visited, or its login window is still open.").format(
                        account=lock.stem
                    ),
                    advice=_("Close the window, or try again in a minute."),
                ) from error
        yield


def _write(
    folder: Path, part: Path, *, program: str, at: datetime, with_profiles: bool
) -> tuple[Manifest, tuple[str, ...], tuple[str, ...]]:
    files: list[BackedUp] = []
    skipped: list[str] = []
    with zipfile.ZipFile(part, "w", allowZip64=True) as bag:
        with tempfile.TemporaryDirectory(prefix="stornowacht-backup-", dir=part.parent) as beside:
            copy = Path(beside) / FILE_NAME
            schema, lines, head = _copy_database(folder / FILE_NAME, copy)
            files.append(_add(bag, copy, FILE_NAME, at))
            for path in _paths(folder, with_profiles=with_profiles):
                name = path.relative_to(folder).as_posix()
                if unsafe(name) is None:
                    files.append(_add(bag, path, name, at))
                else:
                    skipped.append(name)
            manifest = Manifest(
                program=program,
                made_at=at,
                schema=schema,
                lines=lines,
                head=head,
                profiles=with_profiles,
                files=tuple(files),
            )
            faults = faults_in(copy, manifest)
        bag.writestr(_info(MANIFEST, at), manifest_text(manifest), zipfile.ZIP_DEFLATED)
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    return manifest, tuple(skipped), faults


def _copy_database(source: Path, target: Path) -> tuple[int, int, str]:
    """Copy the database as of one moment; returns its schema, its ledger's length and head."""
    target.touch(mode=0o600)
    reader, copy = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        reader.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        schema = int(copy.execute("PRAGMA user_version").fetchone()[0])
        last = copy.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    finally:
        copy.close()
        reader.close()
    return schema, *(last or (0, ""))


def _paths(folder: Path, *, with_profiles: bool) -> Iterator[Path]:
    """Return what goes in beside the database: regular files alone; a link could lead anywhere."""
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith((FILE_NAME, _DASHBOARD)) or entry.suffix == ".lock":
            continue
        if entry.is_dir() and (entry.name not in _LEFT_OUT or (with_profiles and entry.name == PROFILES)):
            yield from _files_in(entry)
        elif entry.is_file():
            yield entry


def _files_in(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _CACHES)
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file() and not path.is_symlink() and not _is_passing(path):
                yield path


def _is_passing(path: Path) -> bool:
    """Whether a file is half-written, or only says that somebody is at work."""
    return path.suffix == ".lock" or path.name.startswith(("part-", "Singleton"))


def _add(bag: zipfile.ZipFile, path: Path, name: str, at: datetime) -> BackedUp:
    digest, size = sha256(), 0
    info = _info(DATA + name, at)
    info.compress_type = zipfile.ZIP_DEFLATED if path.suffix in _PACKED else zipfile.ZIP_STORED
    with path.open("rb") as source, bag.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return BackedUp(path=name, size=size, sha256=digest.hexdigest())


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=max(at.timetuple()[:6], _EARLIEST))
    info.external_attr = 0o100600 << 16
    info.create_system = 3  # Unix: the attributes above are permissions
    return info


def _verify(part: Path, manifest: Manifest) -> str:
    """Read the finished file as a restore would; returns the hash of its manifest."""
    try:
        with zipfile.ZipFile(part) as bag:
            text = bag.read(MANIFEST)
            if manifest_of(text) != manifest:
                raise BadBackup(_("its manifest is another"))  # noqa: TRY301 - told with the others
            for file in manifest.files:
                with bag.open(DATA + file.path) as stream:
                    if _hash_of(stream) != file.sha256:
                        raise BadBackup(_("{path} is another").format(path=file.path))  # noqa: TRY301
    except (BadBackup, zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise StorageError(
            _("The backup could be written, but not read again: {reason}.").format(reason=error),
            advice=_("Try another drive; nothing stays of it."),
        ) from error
    return sha256(text).hexdigest()


def _hash_of(stream: IO[bytes]) -> str:
    digest = sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _cannot_make(place: Path, error: OSError) -> StorageError:
    return StorageError(
        _("The backup {path} cannot be made: {reason}.").format(path=place, reason=error.strerror or error),
        advice=_(
            "Nothing stays of it. See whether there is room and you may write there, or name another file."
        ),
    )
