"""Which service manager this machine has."""

from watcher import system
from watcher.service.launchd import Launchd
from watcher.service.logon_task import LogonTask
from watcher.service.manager import Manager
from watcher.service.systemd import Systemd


def manager_here() -> Manager | None:
    """Return the service manager of this system; `None` where this program knows none for it."""
    match system.here():
        case system.System.LINUX:
            return Systemd()
        case system.System.MAC:
            return Launchd()
        case system.System.WINDOWS:
            return LogonTask()
        case _:
            return None
