"""What every page works with: the config in force, the house, the templates, and how children are started."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.requests import Request

from watcher.bootstrap import House, house, now
from watcher.config import Config
from watcher.web.gate import Key
from watcher.web.jobs import Jobs

PATIENCE = 3.0
"""Seconds for which a page waits for a locked database: a check writes for milliseconds, and somebody is looking at the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One running dashboard."""

    config: Config
    config_path: Path | None
    key: Key
    jobs: Jobs
    clock: Callable[[], datetime] = now
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the dashboard is about to end: then open pages are let go."""

    def house(self) -> AbstractContextManager[House]:
        """Open the storage folder for one request: a connection belongs to one thread."""
        return house(self.config, patience=PATIENCE)


def desk_of(request: Request) -> Desk:
    """Return the desk of the dashboard that answers a request."""
    desk: Desk = request.app.state.desk
    return desk
