"""The watchdog: as long as all jobs get on it feeds the service manager's; one that hangs ends the process.

It is a thread that does nothing but look, so that no job can hold it up. Should it ever be stuck itself, the service manager
is no longer fed and starts the daemon anew.
"""

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType

from watcher.daemon.child import end_all
from watcher.daemon.log import log
from watcher.daemon.progress import Late, Progress
from watcher.daemon.service_manager import ServiceManager

EXIT_STUCK = 70
"""The exit code of a daemon that has ended itself; service managers are to start it again."""
_EVERY = 5.0
_LONGEST_STEP = 30.0
"""Between two looks no more than that is counted: the rest the machine has slept, or was held."""
_FAREWELL = 20.0
"""Seconds for the last words; what hangs may hang them, too."""
_FRAMES = 12


class Watchdog:
    """Looks every few seconds whether all jobs get on."""

    def __init__(
        self,
        progress: Progress,
        manager: ServiceManager,
        *,
        last_words: Callable[[Late], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        leave: Callable[[int], None] = os._exit,
        every: float = _EVERY,
    ) -> None:
        """Args are what tests put in, except `last_words`: it may remember why the daemon ends."""
        self._progress, self._manager = progress, manager
        self._last_words, self._clock, self._leave = last_words, clock, leave
        # Three chances within the service manager's patience.
        self._every = min(every, (manager.feeding_seconds or every * 3) / 3)
        self._looked_at = clock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no longer: the daemon has come to its end."""
        self._over.set()

    def look(self) -> None:
        """Let time pass; then feed the service manager's watchdog, or end the process."""
        at = self._clock()
        self._progress.time_passed(min(max(at - self._looked_at, 0.0), _LONGEST_STEP))
        self._looked_at = at
        late = self._progress.late()
        if late is None:
            self._manager.alive()
        else:
            self._give_up(late)

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            self.look()

    def _give_up(self, late: Late) -> None:
        """Say what hangs and where, end all children with what they have started, and leave."""
        farewell = threading.Thread(target=self._say_farewell, args=(late,), daemon=True)
        farewell.start()
        farewell.join(timeout=_FAREWELL)
        self._leave(EXIT_STUCK)

    def _say_farewell(self, late: Late) -> None:
        end_all()
        log().critical(
            "watch_is_stuck", job=late.job, silent_seconds=round(late.silent_for), where=_where(late.thread)
        )
        self._last_words(late)


def _where(thread: int | None) -> list[str]:
    """Return where in the code a thread stands, the innermost place last; nothing where there is none."""
    frame: FrameType | None = sys._current_frames().get(thread) if thread is not None else None  # noqa: SLF001 - documented
    if frame is None:
        return []
    stack = traceback.extract_stack(frame)[-_FRAMES:]
    return [f'File "{place.filename}", line {place.lineno}, in {place.name}' for place in stack]
