"""Where a file goes that is never torn: beside its place first, under a temporary name; then there, and never over anything."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from watcher.errors import UsageError
from watcher.storage.durable import sync_folder
from watcher.texts.language import _
from watcher.texts.names import BERLIN

PART = ".stornowacht-part-"
"""How temporary names begin: no longer than the names that people choose."""


def free_place(target: Path, at: datetime) -> Path:
    """Return the file to make: the target, or a name of its own in the folder that the target is.

    Raises:
        UsageError: something is there already, or its folder is not.
    """
    place = (
        target / f"stornowacht-backup-{at.astimezone(BERLIN):%Y-%m-%d-%H%M%S}.zip"
        if target.is_dir()
        else target
    )
    if place.exists() or place.is_symlink():
        raise is_there(place)
    if not place.absolute().parent.is_dir():
        raise UsageError(
            _("There is no folder {folder}.").format(folder=place.absolute().parent),
            advice=_("Make it first, or name another place."),
        )
    return place


def is_there(place: Path) -> UsageError:
    """Return the fault to raise when a backup would overwrite something."""
    return UsageError(
        _("{path} is there already.").format(path=place),
        advice=_("A backup never overwrites anything: name another file."),
    )


@contextmanager
def reserved(place: Path) -> Iterator[Path]:
    """Give a temporary file beside the place, which its owner alone can read; it is gone when the block ends.

    Raises:
        OSError: there cannot be one.
    """
    handle, name = tempfile.mkstemp(prefix=PART, dir=place.absolute().parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def give_name(part: Path, place: Path) -> None:
    """Give the finished file its name, unless something has got that name meanwhile.

    Raises:
        FileExistsError: it has.
    """
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except OSError:  # a drive without hard links: the name is taken first, then the file put in its place
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        part.replace(place)
    sync_folder(place.absolute().parent)
