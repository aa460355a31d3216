"""When the program began, and in which version: what was captured afterwards was captured by it."""

from collections.abc import Callable
from datetime import datetime

from watcher.app.ports import Store

_LAST_VERSION = "program_version"


def note_start(store: Store, *, version: str, always: bool, clock: Callable[[], datetime]) -> None:
    """Put the program's start into the ledger.

    A daemon starts rarely, and each time counts (`always`). A single check is a start as well, and cron makes thousands of
    them: of those only the first one of each version is written down.
    """
    if not always and store.remembered(_LAST_VERSION) == version:
        return
    with store.writing() as writing:
        writing.save_remembered(_LAST_VERSION, version)
        writing.record("program_started", at=clock(), version=version)
