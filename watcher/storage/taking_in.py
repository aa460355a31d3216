"""Copying a file of the seller's into the storage folder: as a stream, never held in memory, whole or not at all."""

import errno
import os
import stat
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from io import FileIO
from pathlib import Path

from watcher.app.attachments import Incoming
from watcher.app.doctor.storage import size as size_words
from watcher.errors import StorageError, UsageError
from watcher.storage.database import make_private_folder
from watcher.storage.media_type import HEAD, media_type_of
from watcher.texts.language import _, current

PART = "part-"
_CHUNK = 1 << 20
_LONGEST_NAME = 120
_LONGEST_ENDING = 10


class _Unwritable(Exception):  # noqa: N818 - a mark that says on which side an OSError arose
    """The storage folder's side of the copy failed."""


@contextmanager
def taken_in(file: Path, folder: Path, *, largest: int) -> Iterator[Incoming]:
    """Copy a file into a folder under a temporary name; what was not moved on from there goes with the block.

    1. What is no regular file is refused before it is opened: a named pipe would be waited for, a device may react.
    2. A symbolic link is followed, for whoever named it meant the file at its end; the result says so.
    3. What changed while it was read is refused: nobody could say which file that was.

    Raises:
        UsageError: it is no regular file, is empty or too large, changed meanwhile, or cannot be read.
        StorageError: the folder cannot be written.
    """
    with _opened(file, largest) as source:
        incoming = _copied(file, source, _temporary(folder), largest)
    try:
        yield replace(incoming, followed=_end_of_link(file))
    finally:
        incoming.temporary.unlink(missing_ok=True)


def harmless_name(name: str) -> str:
    """Return a file's name as one harmless line: no folder, no control or direction marks, not endless.

    Bytes that are no UTF-8 are shown as escapes; the ending stays when the rest is cut.
    """
    told = os.fsencode(name).decode("utf-8", "backslashreplace")
    last = told.rpartition("/")[2]
    plain = "".join("_" if unicodedata.category(sign)[0] in "CZ" and sign != " " else sign for sign in last)
    plain = plain.strip() or "_"
    if not plain.strip("."):
        plain = "_" * len(plain)
    if len(plain) <= _LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, ending = plain, ""
    ending = f"….{ending}" if ending else "…"
    return stem[: _LONGEST_NAME - len(ending)] + ending


def cannot_write(folder: Path, error: OSError) -> StorageError:
    """Return the fault to raise when a file cannot be stored."""
    return StorageError(
        _("The file cannot be stored in {folder}: {reason}.").format(
            folder=folder, reason=error.strerror or error
        ),
        advice=_(
            "Free some space or make the folder writable, then attach it again; nothing of it was stored."
        ),
    )


@contextmanager
def _opened(file: Path, largest: int) -> Iterator[FileIO]:
    """Open a regular file for reading; what else stands there is told by its kind."""
    try:
        _check(file, file.stat(), largest)
        source = FileIO(os.open(file, _FLAGS), "rb")
    except (OSError, ValueError) as error:
        raise _cannot_read(file, error) from error
    with source:
        _check(file, os.fstat(source.fileno()), largest)  # it may have been exchanged in between
        yield source


_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def _copied(file: Path, source: FileIO, target: Path, largest: int) -> Incoming:
    try:
        before = os.fstat(source.fileno())
        digest, size, head = sha256(), 0, b""
        with _writing(target) as write:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > largest:
                    raise _too_large(file, largest)  # noqa: TRY301 - the copy must go, too
                digest.update(chunk)
                head += chunk[: HEAD - len(head)]
                write(chunk)
        after = os.fstat(source.fileno())
        if (after.st_size, after.st_mtime_ns) != (size, before.st_mtime_ns):
            raise _has_changed(file)  # noqa: TRY301
    except _Unwritable as error:
        target.unlink(missing_ok=True)
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else OSError(errno.EIO, str(error))
        raise cannot_write(target.parent, cause) from error
    except OSError as error:  # a share or a stick that is gone
        target.unlink(missing_ok=True)
        raise _cannot_read(file, error) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Incoming(
        temporary=target,
        name=harmless_name(file.name),
        media_type=media_type_of(head),
        sha256=digest.hexdigest(),
        size=size,
    )


@contextmanager
def _writing(target: Path) -> Iterator["_Write"]:
    """Write a file whose bytes are on the disk when the block ends."""
    with FileIO(target, "wb") as stream:
        yield _Write(stream)
        try:
            os.fsync(stream.fileno())
        except OSError as error:
            raise _Unwritable from error


class _Write:
    """Writes a chunk, all of it."""

    def __init__(self, stream: FileIO) -> None:
        self._stream = stream

    def __call__(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[self._stream.write(rest) :]
        except OSError as error:
            raise _Unwritable from error


def _temporary(folder: Path) -> Path:
    try:
        make_private_folder(folder)
        handle, name = tempfile.mkstemp(prefix=PART, dir=folder)  # readable by its owner alone
        os.close(handle)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return Path(name)


def _end_of_link(file: Path) -> Path | None:
    try:
        return file.resolve() if file.is_symlink() else None
    except (OSError, RuntimeError):
        return None


def _check(file: Path, found: os.stat_result, largest: int) -> None:
    kind = _KINDS.get(stat.S_IFMT(found.st_mode))
    if kind is not None:
        raise UsageError(
            _("{file} is {kind}, no file.").format(file=_shown(file), kind=kind()),
            advice=_("Name the files themselves: stornowacht attach ORDER FILE ..."),
        )
    if found.st_size == 0:
        raise UsageError(
            _("{file} is empty.").format(file=_shown(file)), advice=_("An empty file shows nothing.")
        )
    if found.st_size > largest:
        raise _too_large(file, largest, found.st_size)


_KINDS = {
    stat.S_IFDIR: lambda: _("a folder"),
    stat.S_IFIFO: lambda: _("a named pipe"),
    stat.S_IFSOCK: lambda: _("a socket"),
    stat.S_IFCHR: lambda: _("a device"),
    stat.S_IFBLK: lambda: _("a device"),
}


def _too_large(file: Path, largest: int, size: int | None = None) -> UsageError:
    limit = size_words(largest, language=current())
    message = (
        _("{file} has become larger than {limit} while it was read.").format(file=_shown(file), limit=limit)
        if size is None
        else _("{file} is too large: {size}, and {limit} is the limit.").format(
            file=_shown(file), size=size_words(size, language=current()), limit=limit
        )
    )
    return UsageError(message, advice=_("Make it smaller, or raise [archive] largest_attachment_mb."))


def _has_changed(file: Path) -> UsageError:
    return UsageError(
        _("{file} has changed while it was read.").format(file=_shown(file)),
        advice=_("Wait until it is finished, then attach it again; nothing of it was stored."),
    )


def _cannot_read(file: Path, error: OSError | ValueError) -> UsageError:
    if isinstance(error, FileNotFoundError):
        return UsageError(
            _("There is no file {file}.").format(file=_shown(file)), advice=_("Look at the spelling.")
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UsageError(
        _("{file} cannot be read: {reason}.").format(file=_shown(file), reason=reason),
        advice=_(
            "Nothing of it was stored. See whether you may read it, and whether its drive is still there."
        ),
    )


def _shown(file: Path) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in str(file))
