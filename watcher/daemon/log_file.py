"""The log as a file: one JSON object a line, a few files of bounded size. Only the daemon writes; anybody may read."""

import json
import logging
import os
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from watcher.errors import StorageError
from watcher.texts.language import _

FOLDER, NAME = "log", "stornowacht.jsonl"
_LARGEST = 1_000_000
_KEPT = 5
"""Older files beside the present one: months of a quiet watch, weeks of a troubled one."""


class LogFile(RotatingFileHandler):
    """Appends lines. A disk that is full or read-only costs lines, never the watch."""

    def __init__(self, storage: Path, *, largest: int = _LARGEST, kept: int = _KEPT) -> None:
        self.is_failing = False
        """Whether the last line could not be written."""
        super().__init__(
            storage / FOLDER / NAME, maxBytes=largest, backupCount=kept, encoding="utf-8", delay=True
        )

    def write(self, line: str) -> None:
        """Write one line, or nothing."""
        self.is_failing = False
        self.handle(logging.makeLogRecord({"msg": line}))

    def _open(self) -> Any:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open(path, self.mode, encoding=self.encoding, errors="replace", opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - its name is logging's
        """Do without the line; the file is opened again for the next one."""
        self.is_failing = True
        stream, self.stream = self.stream, None  # as the handler itself does
        if stream is not None:
            try:
                stream.close()
            except (OSError, ValueError):
                pass  # what was still to be written is lost, as it is when the disk is full


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def log_files(storage: Path) -> list[Path]:
    """Return the log's files, the oldest first.

    Raises:
        StorageError: their folder cannot be read.
    """
    folder = storage / FOLDER
    try:
        there = {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(folder, error) from error
    names = (*(f"{NAME}.{number}" for number in range(_KEPT, 0, -1)), NAME)
    return [folder / name for name in names if name in there]


def entries(storage: Path, *, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Return what the log says, the oldest line first; a line that was torn by a power cut is left out.

    Raises:
        StorageError: the log is there and cannot be read.
    """
    for path in log_files(storage):
        try:
            with path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    entry = entry_of(line)
                    if entry is not None and (since is None or _is_after(entry, since)):
                        yield entry
        except FileNotFoundError:
            continue  # it was rotated away meanwhile
        except OSError as error:
            raise unreadable(path, error) from error


def last_entries(storage: Path, *, at_most: int) -> list[dict[str, Any]]:
    """Return the last lines.

    Raises:
        StorageError: the log is there and cannot be read.
    """
    return list(deque(entries(storage), maxlen=at_most))


def unreadable(path: Path, error: OSError) -> StorageError:
    """Return the fault to raise when the system refuses to show the log, or its folder."""
    return StorageError(
        _("The log {path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error),
        advice=_("Make it readable for you, or choose another folder with [storage] dir in the config."),
    )


def entry_of(line: str) -> dict[str, Any] | None:
    """Return one line as what it says; `None` where that is nothing."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("event"), str) else None


def moment_of(entry: dict[str, Any]) -> datetime | None:
    """Return when a line was written."""
    try:
        at = datetime.fromisoformat(str(entry.get("timestamp", "")))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _is_after(entry: dict[str, Any], since: datetime) -> bool:
    at = moment_of(entry)
    return at is not None and at >= since
