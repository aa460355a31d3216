"""Links with readable names to files of the vault: hard links, else symbolic ones.

A hard link is the vault's own file under a second name, read-only like it, and costs no room. Whoever copies the folder to
somebody gets whole files. Nothing here is evidence: the names can be thrown away and are made again.
"""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from watcher.app.naming import Named, NamesKept
from watcher.storage.database import make_private_folder

ORDERS = "orders"
_MOST_OF_ONE_NAME = 99
_OURS = re.compile(r"\d{4}-\d\d-\d\d \d{4} .+")

_Identity = tuple[int, int]


class ReadableNames:
    """The folder `orders` beside the vault. One instance lives as long as one command: it remembers what it saw last."""

    def __init__(self, folder: Path) -> None:
        self._storage = folder
        self._root = folder / ORDERS
        self._folders: dict[str, Path] | None = None
        self._seen: tuple[Path, dict[str, _Identity | None]] | None = None

    def keep(self, order: str, title: str, files: Sequence[Named]) -> NamesKept:
        """Give files a name in the order's folder where they have none there; never raises."""
        try:
            folder = self.folder_of(order) or self._new_folder(order, title)
            there = self._entries(folder)
        except OSError as error:
            return NamesKept(lacking=len(files), fault=_reason(error))
        made = lacking = 0
        fault = ""
        for named in files:
            try:
                made += self._name(folder, there, named)
            except OSError as error:
                lacking, fault = lacking + 1, fault or _reason(error)
        return NamesKept(made=made, lacking=lacking, fault=fault)

    def find(self, order: str, named: Named) -> str | None:
        """Return the file's readable name, relative to the storage folder."""
        try:
            folder = self.folder_of(order)
            if folder is None:
                return None
            name = _name_in(self._entries(folder), named, _identity(self._storage / named.file.path))
        except OSError:
            return None
        return None if name is None else f"{ORDERS}/{folder.name}/{name}"

    def forget(self, order: str) -> None:
        """Remove the order's links and its folder; of what people have put there only the folder's title goes.

        Raises:
            OSError: something of it could not be removed.
        """
        folder = self.folder_of(order)
        if folder is None:
            return
        for entry in list(folder.iterdir()):
            if _OURS.fullmatch(entry.name) and not _is_folder(entry):
                _remove(entry)
        self._folders, self._seen = {**(self._folders or {})}, None
        if any(folder.iterdir()):
            self._folders[order] = folder.rename(folder.with_name(f"({order})"))
        else:
            folder.rmdir()
            del self._folders[order]

    def folder_of(self, order: str) -> Path | None:
        """Return the order's folder; `None` where it has none."""
        if self._folders is None:
            found = {}
            if self._root.is_dir():
                for entry in sorted(self._root.iterdir(), key=lambda entry: entry.name):
                    id_ = re.search(r"\(([^()]+)\)$", entry.name)
                    if id_ and _is_folder(entry):
                        found[id_[1]] = entry
            self._folders = found
        return self._folders.get(order)

    def _name(self, folder: Path, there: dict[str, _Identity | None], named: Named) -> int:
        """Make the link unless it is there; returns how many were made."""
        target = self._storage / named.file.path
        identity = _identity(target)
        if _name_in(there, named, identity) is not None:
            return 0
        taken = {name.casefold() for name in there}
        for number in range(1, _MOST_OF_ONE_NAME + 1):
            name = f"{named.when} {named.what}{f' ({number})' if number > 1 else ''}{named.suffix}"
            if name.casefold() in taken:
                continue
            try:
                _link(target, folder / name)
            except FileExistsError:  # another process was quicker
                taken.add(name.casefold())
                continue
            there[name] = identity
            return 1
        raise OSError("too many names for one minute")

    def _new_folder(self, order: str, title: str) -> Path:
        folder = self._root / title
        make_private_folder(folder)
        if self._folders is not None:
            self._folders[order] = folder
        return folder

    def _entries(self, folder: Path) -> dict[str, _Identity | None]:
        if self._seen is None or self._seen[0] != folder:
            self._seen = folder, {entry.name: _identity_of_link(entry) for entry in folder.iterdir()}
        return self._seen[1]


def _name_in(there: dict[str, _Identity | None], named: Named, identity: _Identity) -> str | None:
    """Return under which name of that minute a folder has a file already."""
    found = (
        name
        for name, other in there.items()
        if other == identity and name.startswith(named.when) and name.endswith(named.suffix)
    )
    return next(found, None)


def _link(target: Path, link: Path) -> None:
    """Make a hard link, or where the file system has none, a symbolic one.

    Raises:
        FileExistsError: the name is taken.
        OSError: neither can be had here.
    """
    try:
        os.link(target, link)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        link.symlink_to(os.path.relpath(target, link.parent))


def _identity(path: Path) -> _Identity:
    found = path.stat()
    return found.st_dev, found.st_ino


def _identity_of_link(path: Path) -> _Identity | None:
    try:
        return _identity(path)
    except OSError:
        return None  # a symbolic link whose file is gone


def _is_folder(path: Path) -> bool:
    """Whether it is a folder, and no link that leads to one elsewhere."""
    return stat.S_ISDIR(path.lstat().st_mode)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:  # Windows removes no file that is read-only
        if not path.is_symlink():
            path.chmod(stat.S_IREAD | stat.S_IWRITE)
        path.unlink()


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
