"""Which backup was made last, written down beside the database: there it can be read when the database cannot."""

import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

from watcher.app.doctor.way_back import LastBackup

FILE_NAME = "last-backup.json"


def note_backup(folder: Path, backup: Path, *, at: datetime) -> None:
    """Write down that a backup was made; where that cannot be written, the ledger alone knows."""
    told = json.dumps({"path": str(backup.absolute()), "made_at": at.isoformat()})
    try:
        handle, part = tempfile.mkstemp(dir=folder, prefix=f".{FILE_NAME}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(told)
        Path(part).replace(folder / FILE_NAME)
    except OSError:
        return


def last_backup(folder: Path) -> LastBackup | None:
    """Return the latest backup; `None` where none was made, or what was written down cannot be read."""
    try:
        told = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        path, at = Path(told["path"]), datetime.fromisoformat(told["made_at"])
        return LastBackup(path=path, made_at=at, is_there=path.is_file()) if at.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
