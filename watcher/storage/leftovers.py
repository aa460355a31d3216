"""What lies beside the archive and tells of an order, too: staged captures of killed checks, readable names."""

import json
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from watcher.app.erasure import Leftover
from watcher.storage.capture_files import FACTS_FILE
from watcher.storage.names import ORDERS, ReadableNames
from watcher.storage.taking_in import PART

ARCHIVE = "archive"
STAGING = "staging"


def remove_staged(folder: Path, forgotten: Sequence[sqlite3.Row]) -> list[Leftover]:
    """Remove what killed checks left of forgotten orders, as far as it is older than the forgetting.

    A half-written one that cannot say what it is goes if an id of the conversation stands in it.
    """
    left: list[Leftover] = []
    for account in {row["account"] for row in forgotten}:
        waiting = folder / STAGING / account
        of_account = {row["conversation"]: row["at"] for row in forgotten if row["account"] == account}
        for staged in sorted(waiting.iterdir()) if waiting.is_dir() else ():
            if staged.is_dir() and _is_about(staged, of_account):
                left += _removed(folder, staged)
    return left


def remove_names(folder: Path, orders: Iterable[str], going: Collection[str]) -> list[Leftover]:
    """Remove the readable names of orders; must come before their files go, for a hard link is the file itself.

    A name that somebody has changed is known by the file that it leads to.

    Args:
        folder: the storage folder.
        orders: ids of the orders.
        going: paths of the files that are about to be removed.
    """
    left: list[Leftover] = []
    names = ReadableNames(folder)
    files = {found for path in going if (found := _identity(folder / path)) is not None}
    for order in orders:
        try:
            place = names.folder_of(order)
            for entry in list(place.iterdir()) if place else ():
                if _identity(entry) in files:
                    remove(entry)
            names.forget(order)
        except FileNotFoundError:
            continue  # a check was quicker
        except OSError as error:
            left.append(Leftover(what=f"{ORDERS}/… ({order})", reason=error.strerror or str(error)))
    return left


def remove(path: Path) -> None:
    """Remove a read-only file; one that is gone already is no fault."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        if not path.is_symlink():
            path.chmod(0o600)  # Windows removes nothing that is read-only
        path.unlink(missing_ok=True)


def remove_parts(folder: Path, *, before: datetime) -> int:
    """Remove half-written files of the archive that nobody can be writing any more; returns how many."""
    count = 0
    for pattern in (f"{PART}*", f"*/{PART}*"):
        for part in (folder / ARCHIVE).glob(pattern):
            try:
                if part.stat().st_mtime < before.timestamp():
                    part.unlink()
                    count += 1
            except OSError:
                pass  # its writer was quicker, or it belongs to somebody else: `archive verify` names what is left
    return count


def _is_about(staged: Path, forgotten: dict[str, str]) -> bool:
    try:
        facts = json.loads((staged / FACTS_FILE).read_bytes())
        conversation, taken_at = facts["conversation"], datetime.fromisoformat(facts["taken_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return any(_mentions(staged, conversation) for conversation in forgotten)
    at = forgotten.get(conversation)
    return at is not None and taken_at <= datetime.fromisoformat(at)


def _mentions(staged: Path, conversation: str) -> bool:
    needles = {conversation.encode(), quote(conversation, safe="").encode()}
    for file in staged.iterdir():
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if any(needle in content for needle in needles):
            return True
    return False


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _removed(folder: Path, path: Path) -> list[Leftover]:
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return []  # a check was quicker
    except OSError as error:
        return [Leftover(what=path.relative_to(folder).as_posix(), reason=error.strerror or str(error))]
    return []
