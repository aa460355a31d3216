"""What every module for a system offers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import psutil

from watcher.service.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What a service manager says about the watch."""

    is_known: bool
    """Whether it knows of the watch."""
    is_enabled: bool
    """Whether it will start it by itself."""
    is_running: bool
    pid: int | None = None
    detail: str = ""
    """How the manager itself calls that state."""

    @property
    def since(self) -> datetime | None:
        """Since when the process is there."""
        if self.pid is None:
            return None
        try:
            return datetime.fromtimestamp(psutil.Process(self.pid).create_time(), UTC)
        except (psutil.Error, OverflowError, ValueError):
            return None


class Manager(Protocol):
    """A system's way to start a program with the computer, for one user and without that user's password."""

    @property
    def name(self) -> str:
        """What it is called: `systemd`, `launchd`, `task scheduler`."""

    @property
    def encoding(self) -> str:
        """How its file is written."""

    def place(self) -> Path:
        """Return where its file lies."""

    def written(self, plan: Plan) -> str:
        """Return what its file is to say, with the seal."""

    def refusal(self) -> str:
        """Return why nobody can be spoken to here and now; empty where somebody answers."""

    def start(self, file: Path) -> None:
        """Make a file that was just written count: the watch starts now, or anew, and with the computer.

        Raises:
            ServiceError: the manager refuses.
        """

    def stop(self, file: Path) -> None:
        """End the watch and forget it; what is not there is no fault.

        Raises:
            ServiceError: the manager refuses.
        """

    def forget(self) -> None:
        """Let the manager see that the file has gone."""

    def running(self, file: Path) -> Running:
        """Return how it stands."""

    def by_hand(self, file: Path) -> tuple[str, ...]:
        """Return the commands that make the file count."""

    def leftovers(self) -> tuple[Path, ...]:
        """Return what besides the file must go, where it is there: what the manager does not, or cannot now, clear away itself."""

    def remarks(self) -> tuple[str, ...]:
        """Return what the user should know about being watched for in this way."""
