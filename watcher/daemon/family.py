"""A child with everything that it has started, wherever that went since.

Chromium's processes leave the group and the session of whoever started them, and outlive a parent that crashes. They are
found again by what was seen of them, and by a mark in the environment that all of them inherit.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import psutil

MARK = "STORNOWACHT_FAMILY"
_ROUNDS = 3
"""Who is ended may start somebody in the same moment."""
_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, OSError)
_OFTEN_KILLED_FIRST = 500
"""When memory runs out the kernel is to choose a browser, not the watch."""
_NICE = 5


class Family:
    """One child's processes. Its root is named once it has been started with `environment`."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(8)
        self._root: psutil.Process | None = None
        self._seen: set[psutil.Process] = set()

    @property
    def environment(self) -> dict[str, str]:
        """What marks the child, and through it all others."""
        return {MARK: self._token}

    def begin(self, pid: int, *, humble: bool) -> None:
        """Name the root.

        Args:
            pid: its id.
            humble: whether the family steps back behind what the user does: a browser is heavy.
        """
        with suppress(*_GONE):
            self._root = psutil.Process(pid)
            self._seen.add(self._root)
            _leave_no_dump(self._root)
            if humble:
                _step_back(self._root)

    def begin_here(self) -> None:
        """Name this very process the root: it is looked at, and goes on whatever becomes of the others.

        Where the watch has started it, it bears a mark already.
        """
        self._token = os.environ.get(MARK, self._token)
        self._root = psutil.Process()
        self._seen.add(self._root)

    def look(self) -> None:
        """Take notice of who belongs to it now; every second or so, for whoever loses its parent is hard to find."""
        known = {process for process in self._seen if _is_alive(process)}
        self._seen = known | {child for process in _tops(known) for child in _children(process)}

    def memory(self) -> int:
        """Return how many bytes it holds, what its processes share counted once."""
        infos = [info for process in self._seen if (info := _memory(process)) is not None]
        shared = [getattr(info, "shared", 0) for info in infos]
        own = (info.rss - part for info, part in zip(infos, shared, strict=True))
        return int(sum(own) + max(shared, default=0))

    def end(self, *, grace: float) -> int:
        """End whoever is left: politely first, so that a browser's profile stays whole; returns how many that were.

        A process that does not listen, for it hangs or is held, is ended by force.
        """
        ended = 0
        for _round in range(_ROUNDS):
            self.look()
            left = [process for process in self._seen | set(_marked(self._token)) if _is_alive(process)]
            left += [child for process in left for child in _children(process) if child not in left]
            if not left:
                break
            ended += len(left)
            self._seen.update(left)
            psutil.wait_procs(_end(left, grace), timeout=grace)
        return ended

    def end_browsers(self, *, grace: float) -> None:
        """End what the root's children have started, politely first. They stay themselves: a driver tells of the browser's end."""
        drivers = self._root.children() if self._root is not None else []
        _end([child for driver in drivers for child in _children(driver)], grace)

    def end_others(self, *, grace: float) -> None:
        """End all but the root: a driver, too, that waits for a browser which was ended before it had answered once."""
        if self._root is not None:
            _end(list({*_children(self._root), *_marked(self._token)} - {self._root}), grace)


def _tops(processes: set[psutil.Process]) -> Iterator[psutil.Process]:
    """Return those whose parent is not among them: the others are found through it."""
    for process in processes:
        with suppress(*_GONE):
            parent = process.ppid()
            if not any(other.pid == parent for other in processes):
                yield process


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except _GONE:
        return []


def _marked(token: str) -> Iterator[psutil.Process]:
    """Return the processes of this user that bear the mark."""
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == token:
                yield process
        except _GONE:
            continue  # somebody else's


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except _GONE:
        return False


def _memory(process: psutil.Process) -> Any:
    try:
        return process.memory_info()
    except _GONE:
        return None


def _end(processes: list[psutil.Process], grace: float) -> list[psutil.Process]:
    """End them, and return who had to be forced."""
    _send(process.terminate for process in processes)
    _gone, alive = psutil.wait_procs(processes, timeout=grace)
    _send(process.kill for process in alive)
    return alive


def _send(signals: Iterable[Callable[[], None]]) -> None:
    for send in signals:
        with suppress(*_GONE):
            send()  # unless it ended by itself in between


def _leave_no_dump(process: psutil.Process) -> None:
    """Let nobody write a picture of its memory to the disk: cookies and messages are in it."""
    if hasattr(process, "rlimit"):
        with suppress(*_GONE, ValueError):
            process.rlimit(psutil.RLIMIT_CORE, (0, 0))


def _step_back(process: psutil.Process) -> None:
    with suppress(*_GONE, ValueError):
        process.nice(
            getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", _NICE)
        )  # Windows has classes in place of numbers
    if hasattr(psutil, "IOPRIO_CLASS_BE"):
        with suppress(*_GONE, ValueError):
            process.ionice(psutil.IOPRIO_CLASS_BE, 7)
    with suppress(OSError), open(f"/proc/{process.pid}/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(str(_OFTEN_KILLED_FIRST))
