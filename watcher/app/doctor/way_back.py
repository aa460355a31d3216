"""The way back from a damaged database: the backup that was made last, by its name."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.texts.language import _, current
from watcher.texts.names import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """The backup that was made last of a storage folder."""

    path: Path
    made_at: datetime
    is_there: bool
    """Whether it can be seen from here: it may lie on a drive that is not plugged in."""


def way_back(backup: LastBackup | None) -> str:
    """Say how to go on with the latest backup, and that what is damaged is left alone."""
    if backup is None:
        return _(
            "Nothing was overwritten. No backup of this folder is known. Stop `stornowacht run` and move the file aside: "
            "the next check begins with a new one, and what lies in the archive stays."
        )
    told = (
        _("Nothing was overwritten. Your latest backup is {backup}, of {at}.")
        if backup.is_there
        else _("Nothing was overwritten. Your latest backup was {backup}, of {at}; it is not there now.")
    ).format(backup=backup.path, at=moment(backup.made_at, language=current()))
    way = _(
        "Stop `stornowacht run`; then `stornowacht archive restore FILE --to FOLDER` brings it into a new folder."
    )
    return f"{told} {way}"
