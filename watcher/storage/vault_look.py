"""Looks at the files of a storage folder: are they there, are they files, are their bytes those of their hash?"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from watcher.app.index import FileLook, FileState, IndexedFile, Stray
from watcher.system import is_windows

PART = "part-"
"""What half-written files are named by."""
_CHUNK = 1 << 18
_WRITABLE = 0o222
_NO_NAMES = frozenset({"", ".", ".."})
_AS_IT_SHOULD_BE = FileLook()
_NAMED_BY_HASH = re.compile(r"([0-9a-f]{64})(?:\.[a-z0-9.]+)?")


class VaultEye:
    """Looks at one storage folder. Nothing is written, and no link is followed."""

    def __init__(self, folder: Path, *, archive: str) -> None:
        self._folder = folder
        self._archive = archive
        self._plain: set[str] = set()
        """Folders that were seen to be folders, and no links."""
        self._buffer = memoryview(bytearray(_CHUNK))

    def look(self, file: IndexedFile) -> FileLook:
        """Read a file to its end and compare it with its hash.

        A file that grows or is exchanged while it is read is judged as it was read.
        """
        if not _is_inside(file.path):
            return FileLook(state=FileState.OUTSIDE)
        try:
            if self._leads_elsewhere(file.path.rpartition("/")[0]):
                return FileLook(state=FileState.LINK)
            return self._look(f"{self._folder}/{file.path}", file.sha256)
        except FileNotFoundError:
            return FileLook(state=FileState.MISSING)
        except OSError as error:
            return FileLook(state=FileState.UNREADABLE, detail=error.strerror or str(error))

    def read_indexed(self, file: IndexedFile, *, largest: int) -> bytes:
        """Return a small file's bytes; empty where they cannot be had or are more than `largest`."""
        if not _is_inside(file.path):
            return b""
        try:
            with (self._folder / file.path).open("rb") as stream:
                content = stream.read(largest + 1)
        except OSError:
            return b""
        return content if len(content) <= largest else b""

    def strays(self, knows: Callable[[str], bool]) -> Iterator[Stray]:
        """Return the files in the archive whose path nobody knows, sorted by path; links are not followed."""
        waiting = [self._archive]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(self._folder / folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name, reverse=True)
            except OSError:
                continue  # no archive yet; a folder that nobody may read has files that are looked at one by one
            files = []
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif not knows(path):
                    files.append(path)
            yield from (_stray(path) for path in reversed(files))

    def _look(self, path: str, wanted: str) -> FileLook:
        before = os.lstat(path)
        if stat.S_ISLNK(before.st_mode):
            return FileLook(state=FileState.LINK)
        if not stat.S_ISREG(before.st_mode):
            return FileLook(state=FileState.NO_FILE)
        digest = sha256()
        with open(path, "rb", buffering=0, opener=_open_no_link) as stream:
            while count := stream.readinto(self._buffer):
                digest.update(self._buffer[:count])
        if digest.hexdigest() != wanted:
            return FileLook(state=FileState.CHANGED)
        if not is_windows() and before.st_mode & _WRITABLE:
            return FileLook(state=FileState.WRITABLE)
        return _AS_IT_SHOULD_BE

    def _leads_elsewhere(self, folder: str) -> bool:
        """Whether a link stands on the way to a folder."""
        if not folder or folder in self._plain:
            return False
        if self._leads_elsewhere(folder.rpartition("/")[0]):
            return True
        if stat.S_ISLNK(os.lstat(f"{self._folder}/{folder}").st_mode):
            return True
        self._plain.add(folder)
        return False


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return not ("\\" in path or "\0" in path or ":" in parts[0]) and all(
        part not in _NO_NAMES for part in parts
    )


def _open_no_link(path: str, flags: int) -> int:
    """Open what `lstat` has just seen to be a file: a link or a pipe that came in between is neither followed nor waited for."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _stray(path: str) -> Stray:
    name = path.rpartition("/")[2]
    named = _NAMED_BY_HASH.fullmatch(name)
    return Stray(path=path, sha256=named[1] if named else None, is_part=name.startswith(PART))
