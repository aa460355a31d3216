"""Answers on their way from a button on this machine to whoever keeps watch: a folder with one empty file each.

Guaranteed: an answer survives both sides' end. Nobody but this user can put one there or read one. Imports next to nothing:
a process that waits for a button for hours has to be small.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from notifiers.message import is_token

_SUFFIX = ".answer"


def put(folder: Path, token: str) -> None:
    """Lay an answer down; returns once it is on the disk. Pressed twice, it is still one answer.

    Raises:
        OSError: It cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{token}{_SUFFIX}").touch(mode=0o600)
    # The file's name is all there is, and that is a matter of the folder.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kept(folder: Path) -> list[tuple[str, datetime]]:
    """The tokens that lie there and when each was put there, the oldest first.

    Raises:
        OSError: The folder cannot be read.
    """
    try:
        names = [file.name.removesuffix(_SUFFIX) for file in folder.iterdir() if file.name.endswith(_SUFFIX)]
    except FileNotFoundError:
        return []  # nobody has answered yet
    tokens = [(name, _put_at(folder / f"{name}{_SUFFIX}")) for name in names if is_token(name)]
    return sorted(tokens, key=lambda entry: (entry[1], entry[0]))


def drop(folder: Path, tokens: Iterable[str]) -> None:
    """Takes away what is no longer needed.

    Raises:
        OSError: It cannot be taken away.
    """
    for token in tokens:
        if is_token(token):
            (folder / f"{token}{_SUFFIX}").unlink(missing_ok=True)


def _put_at(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
