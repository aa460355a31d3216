"""The database file: opening it, bringing it up to date, one transaction at a time."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.crash_points import crash_point
from watcher.errors import BusyError, OutdatedError, StorageError, StornowachtError
from watcher.texts.language import _

FILE_NAME = "stornowacht.db"
APPLICATION_ID = 0x53744E57
"""Marks the file as ours ("StNW"), so that no other database is ever taken for it."""
BUSY_SECONDS = 15


def connect(folder: Path, *, patience: float | None = None) -> sqlite3.Connection:
    """Open the database in a storage folder, made and migrated where needed.

    Args:
        folder: The storage folder.
        patience: Seconds for which a lock that somebody else holds is waited for; `BUSY_SECONDS` where none are named.

    Raises:
        StorageError: the folder or the file cannot be used; the message says which and why. Nothing was changed.
    """
    path, seconds = folder / FILE_NAME, BUSY_SECONDS if patience is None else patience
    try:
        make_private_folder(folder)
        connection = sqlite3.connect(path, timeout=seconds, isolation_level=None, check_same_thread=False)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    try:
        connection.row_factory = sqlite3.Row
        _check_owner(connection, path)  # before the first line that changes anything
        path.chmod(0o600)
        _write_ahead(connection, seconds)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection, path)
    except OSError as error:
        connection.close()
        raise _cannot_write(folder, error) from error
    except sqlite3.Error as error:
        connection.close()
        raise refused(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and every folder on the way to it that is missing.

    One that is there loses other people's rights when it is empty or already holds our database; somebody's home
    folder keeps its own. What is secret in it is private by itself all the same.
    """
    for part in reversed([part for part in (folder, *folder.parents) if not part.exists()]):
        part.mkdir(mode=0o700, exist_ok=True)
    is_open = bool(folder.stat().st_mode & 0o077)
    if is_open and ((folder / FILE_NAME).exists() or not any(folder.iterdir())):
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
            crash_point("before_commit")
            connection.execute("COMMIT")
            crash_point("committed")
        finally:
            if connection.in_transaction:  # SQLite itself has already undone it where the disk was full
                connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        raise refused(_path_of(connection), error) from error


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Read within the block as of one moment, whatever others write meanwhile; nobody is held up."""
    try:
        connection.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        raise refused(_path_of(connection), error) from error


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse the database of another program, and one that a newer version of this one has written."""
    with snapshot(connection):  # somebody else may be making the database at this very moment
        version, owner = _number(connection, "user_version"), _number(connection, "application_id")
        has_tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if owner not in {0, APPLICATION_ID} or (has_tables and owner == 0):
        raise StorageError(
            _("{path} is the database of another program.").format(path=path),
            advice=_("Choose another folder with [storage] dir in the config."),
        )
    _require_known(version, path)


def _require_known(version: int, path: Path) -> None:
    known = len(_scripts())
    if version > known:
        raise OutdatedError(
            _(
                "The database {path} was written by a newer Stornowacht (schema {version}, this program knows {known})."
            ).format(path=path, version=version, known=known),
            advice=_("Update Stornowacht; nothing was changed."),
        )


def _write_ahead(connection: sqlite3.Connection, seconds: float) -> None:
    """Switch to the write-ahead log; while others open the same new file, SQLite refuses that without waiting."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= end:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date, wholly or not at all; an existing file is backed up before.

    Two programs may open a new folder at the same moment: the version is read again under the write lock.
    """
    scripts = _scripts()
    version = _number(connection, "user_version")
    if 0 < version < len(scripts):
        _back_up(connection, path.with_name(f"{path.name}.before-schema-{len(scripts)}"))
        crash_point("schema_backed_up")
    if version == len(scripts):
        return
    with transaction(connection):
        version = _number(connection, "user_version")
        _require_known(version, path)  # a newer program may have come first
        for script in scripts[version:]:
            for statement in _statements(script):
                connection.execute(statement)
            crash_point("schema_half_made")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {_number(connection, 'user_version') + 1}")


def _statements(script: str) -> Iterator[str]:
    """Split a script into its statements: `executescript` would end the transaction that it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _path_of(connection: sqlite3.Connection) -> Path:
    """Return the database's file; its bare name where even that cannot be asked. Nothing is read in it for that."""
    try:
        return Path(connection.execute("PRAGMA database_list").fetchone()["file"] or FILE_NAME)
    except sqlite3.Error:
        return Path(FILE_NAME)


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    target.touch(mode=0o600)
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    target.chmod(0o600)


def known_schema() -> int:
    """Return the newest schema that this program knows."""
    return len(_scripts())


def _scripts() -> list[str]:
    folder = Path(__file__).with_name("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in names]


def refused(path: Path, error: sqlite3.Error) -> StornowachtError:
    """Return the fault to raise when SQLite refuses: somebody else holds the lock, or the file cannot be used."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return BusyError(_("The database is locked by another program."), advice=_("Try again in a moment."))
    return storage_error(path, error)


def storage_error(path: Path, error: sqlite3.Error) -> StorageError:
    """Return the fault to raise when SQLite cannot use a file; one that is damaged comes with the latest backup's name.

    SQLite has many words for a folder that may not be written, and some of them it uses for other things, too.
    """
    is_refused = isinstance(error, sqlite3.OperationalError)
    if is_refused and path != Path(FILE_NAME) and not os.access(path.parent, os.W_OK):
        return _cannot_write(path.parent, error)
    return StorageError(
        _("The database {path} cannot be used: {reason}.").format(path=path, reason=error),
        advice=_way_out(path, error),
    )


def _way_out(path: Path, error: sqlite3.Error) -> str:
    is_refused = isinstance(error, sqlite3.OperationalError)
    if is_refused and "full" in str(error):
        return _("Nothing was overwritten. Make room on the disk.")
    if is_refused and "readonly" in str(error):
        return _("Choose another one with [storage] dir in the config, or make this one writable.")
    if is_refused or path == Path(FILE_NAME):  # of which folder, the doctor knows
        return _(
            "Nothing was overwritten. `stornowacht doctor` says how disk and file stand, and the way out."
        )
    from watcher.app.doctor.way_back import way_back  # noqa: PLC0415 - words that hardly any opening needs
    from watcher.storage.last_backup import last_backup  # noqa: PLC0415

    return way_back(last_backup(path.parent))


def _cannot_write(folder: Path, error: OSError | sqlite3.Error) -> StorageError:
    return StorageError(
        _("The storage folder {folder} cannot be written: {reason}.").format(
            folder=folder, reason=getattr(error, "strerror", None) or error
        ),
        advice=_("Choose another one with [storage] dir in the config, or make this one writable."),
    )
