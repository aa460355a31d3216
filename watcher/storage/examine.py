"""Looking at the storage folder without changing it, whatever state it is in."""

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from watcher.app.doctor.folder import bytes_in, mode_of, size_of
from watcher.app.doctor.storage import DatabaseFacts, StorageFacts
from watcher.storage.database import APPLICATION_ID, FILE_NAME
from watcher.storage.last_backup import last_backup

_STEPS = 10_000
"""How often SQLite is asked whether it is time to stop: every so many of its instructions, some milliseconds."""
_BUSY_SECONDS = 2.0


def examine_storage(folder: Path) -> StorageFacts:
    """Return how the storage folder stands. A file without a name is written into it, and is gone at once.

    Raises:
        OSError: not even the disk can be asked.
    """
    place, refusal = _nearest(folder)
    is_there, skew = place == folder and folder.is_dir(), None
    if is_there:
        skew, refusal = _write_and_look(folder)
    elif not place.is_dir():
        refusal = os.strerror(errno.ENOTDIR)
    elif not os.access(place, os.W_OK | os.X_OK):
        refusal = refusal or os.strerror(errno.EACCES)
    return StorageFacts(
        folder=folder,
        is_there=is_there,
        free=shutil.disk_usage(place).free,
        archive=bytes_in(folder / "archive"),
        database=sum(size_of(folder / f"{FILE_NAME}{suffix}") for suffix in ("", "-wal")),
        mode=mode_of(folder),
        refusal=refusal,
        skew=skew,
    )


def examine_database(folder: Path, *, seconds: float) -> DatabaseFacts:
    """Return how the database stands; a read-only connection of its own looks at every page, for `seconds` at most.

    Raises nothing that a damaged file can cause.
    """
    path = folder / FILE_NAME
    known = sum(1 for entry in Path(__file__).with_name("migrations").iterdir() if entry.suffix == ".sql")
    try:
        is_there = path.is_file()
    except OSError as error:  # nobody may even ask
        return DatabaseFacts(path=path, is_there=True, known=known, refusal=error.strerror or str(error))
    if not is_there:
        return DatabaseFacts(path=path, is_there=False, known=known)
    unread = DatabaseFacts(path=path, is_there=True, known=known, mode=mode_of(path))
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
    except sqlite3.Error as error:
        return replace(unread, refusal=str(error))
    try:
        owner, schema = (_number(connection, pragma) for pragma in ("application_id", "user_version"))
        told = _told_by_quick_check(connection, seconds=seconds)
    except sqlite3.OperationalError as error:  # locked, not to be opened, no memory
        return replace(unread, refusal=str(error))
    except (sqlite3.Error, UnicodeError) as error:
        return replace(unread, damage=str(error), backup=last_backup(folder))
    finally:
        connection.close()
    return replace(
        unread,
        is_ours=owner == APPLICATION_ID,
        schema=schema,
        damage=None if told in {None, "ok"} else told,
        checked=told is not None,
        backup=last_backup(folder),
    )


def is_held(lock: Path) -> bool:
    """Whether another process holds a lock file. One that is not there is held by nobody, and is not made."""
    try:
        if lock.is_file():
            with FileLock(lock, timeout=0):
                return False
    except Timeout:
        return True
    except OSError:
        pass  # it belongs to another user; what is wrong with the folder is told elsewhere
    return False


def _nearest(folder: Path) -> tuple[Path, str | None]:
    """Return the folder itself or the nearest one above that can be looked at, and why those below cannot."""
    refusal = None
    for part in (folder, *folder.parents):
        try:
            if part.exists():
                return part, refusal
        except OSError as error:
            refusal = refusal or error.strerror or str(error)
    return Path(folder.anchor), refusal


def _write_and_look(folder: Path) -> tuple[timedelta | None, str | None]:
    """Return by how much the file system's clock is ahead, or why nothing can be written."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            before = time.time()
            file.write(b"x")
            file.flush()
            after, written = time.time(), os.fstat(file.fileno()).st_mtime
    except OSError as error:
        return None, error.strerror or str(error)
    late, early = written - after, before - written
    return timedelta(seconds=late if late > 0 else -max(early, 0.0)), None


def _told_by_quick_check(connection: sqlite3.Connection, *, seconds: float) -> str | None:
    """Return what SQLite says of the file's pages, "ok" or the first fault; `None` when there was no time."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() >= end), _STEPS)
    try:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        if time.monotonic() >= end:
            return None
        raise


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
