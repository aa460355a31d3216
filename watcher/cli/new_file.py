"""A file that the user wants to have: a new one that only its owner may read, whole or not at all."""

import os
from pathlib import Path

from watcher.errors import UsageError
from watcher.storage.backup_place import give_name, reserved
from watcher.texts.language import _


def require_free(path: Path) -> None:
    """Stop before the work where there is a file of that name, or can be none.

    Raises:
        UsageError: it is so.
    """
    try:
        is_there = path.exists()
    except OSError as error:
        raise _cannot_write(path, error) from error
    if is_there:
        raise _is_there(path)


def write_new(path: Path, content: bytes) -> None:
    """Write it. Where it cannot be written, nothing of it stays in its place.

    Raises:
        UsageError: there is a file of that name, or it cannot be written.
    """
    try:
        with reserved(path) as part:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            give_name(part, path)
    except FileExistsError as error:
        raise _is_there(path) from error
    except OSError as error:
        raise _cannot_write(path, error) from error


def _is_there(path: Path) -> UsageError:
    return UsageError(
        _("{path} exists already, and nothing is overwritten.").format(path=path),
        advice=_("Name another file, or move that one away."),
    )


def _cannot_write(path: Path, error: OSError) -> UsageError:
    return UsageError(
        _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error),
        advice=_("Name another file, in a folder that has room and that you may write to."),
    )
