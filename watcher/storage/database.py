"""The database file: opening it, bringing it up to date, one transaction at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from watcher.errors import BusyError, StorageError

FILE_NAME = "stornowacht.db"
APPLICATION_ID = 0x53744E57
"""Marks the file as ours ("StNW"), so that no other database is ever taken for it."""
BUSY_SECONDS = 15


def connect(folder: Path) -> sqlite3.Connection:
    """Open the database in a storage folder, made and migrated where needed.

    Raises:
        StorageError: the folder or the file cannot be used; the message says which and why. Nothing was changed.
    """
    path = folder / FILE_NAME
    try:
        make_private_folder(folder)
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        path.chmod(0o600)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection, path)
    except OSError as error:
        raise StorageError(
            f"The storage folder {folder} cannot be written: {error.strerror or error}.",
            advice="Choose another one with [storage] dir in the config, or make this one writable.",
        ) from error
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    return connection


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; one that is there keeps its place and loses other people's rights."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one transaction, with the write lock from its first line on.

    Raises:
        BusyError: another process held the write lock for too long.
        StorageError: the database refused; nothing of the block remains.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BusyError(
                "The database is locked by another program.", advice="Try again in a moment."
            ) from error
        raise storage_error(Path(FILE_NAME), error) from error
    except sqlite3.DatabaseError as error:
        raise storage_error(Path(FILE_NAME), error) from error


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date, step by step; an existing file is backed up before its first step."""
    scripts = _scripts()
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if version > len(scripts):
        raise StorageError(
            f"The database {path} was written by a newer Stornowacht (schema {version}, this program knows "
            f"{len(scripts)}).",
            advice="Update Stornowacht; nothing was changed.",
        )
    has_tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if has_tables and owner != APPLICATION_ID:
        raise StorageError(
            f"{path} is the database of another program.",
            advice="Choose another folder with [storage] dir in the config.",
        )
    if version == len(scripts):
        return
    if version:
        _back_up(connection, path.with_name(f"{path.name}.before-schema-{len(scripts)}"))
    for number, script in enumerate(scripts[version:], start=version + 1):
        mark = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number};"
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{mark}\nCOMMIT;")


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    with sqlite3.connect(target) as copy:
        connection.backup(copy)
    copy.close()
    target.chmod(0o600)


def _scripts() -> list[str]:
    folder = files(__package__).joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in names]


def storage_error(path: Path, error: sqlite3.Error) -> StorageError:
    """Return the fault to raise when SQLite refuses."""
    return StorageError(
        f"The database {path} cannot be used: {error}.",
        advice="Nothing was overwritten. If the file is damaged, move it aside and put your latest backup in its place.",
    )
