"""A command of this program as a child process, with a deadline for it and everything that it started."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from watcher.daemon.family import Family
from watcher.daemon.lifeline import LIFELINE

_POLL = 0.2
_LOOK = 1.0
"""Seconds between two looks at what the child has started."""
_GRACE = 5.0
_LONGEST_WORDS = 2_000
_running: set[Family] = set()


class Why(StrEnum):
    """Why a child came to its end."""

    BY_ITSELF = "by_itself"
    CRASHED = "crashed"
    """A signal that was not ours, or the system, has ended it."""
    DEADLINE = "deadline"
    MEMORY = "memory"
    """It held more memory than it may."""
    STOPPED = "stopped"
    """The daemon was about to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child may use."""

    deadline: float
    """Seconds after which the child and all its processes are ended by force."""
    memory: int | None = None
    """Bytes that it and all that it started may hold together."""
    humble: bool = False
    """Whether it steps back behind what the user does with the machine."""
    leaves: bool = False
    """Whether what it has started may outlive it, once it has ended by itself: whoever waits for a button to be pressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a child ended."""

    code: int | None
    """Its exit code; `None` when it was ended by force."""
    words: str
    """The last of what it said on stderr."""
    why: Why = Why.BY_ITSELF
    memory: int = 0
    """The most that was seen of its memory, in bytes."""
    left_behind: int = 0
    """How many processes it would have left behind; they were ended."""


def run_child(
    arguments: Sequence[str],
    *,
    config: Path | None,
    limits: Limits,
    stop: threading.Event,
    stop_grace: float,
    environment: Mapping[str, str] | None = None,
) -> Ending:
    """Run `stornowacht ARGUMENTS` and wait for its end; then none of the processes that it started is left that may not be.

    Args:
        arguments: the command and its arguments.
        config: the config file that the daemon itself was started with.
        limits: what it may use.
        stop: set when the daemon is to stop: then the child may go on for `stop_grace` seconds at most.
        stop_grace: see there. What it had not yet remembered by then is rolled back. So long may it go on, too, where this
            process is gone without having ended it.
        environment: what it is told besides.
    """
    # -P: whatever lies in the folder in which the daemon was started is none of this program.
    program = [sys.executable, "-P", "-m", "watcher"]
    command = [*program, *arguments, *(["--config", str(config)] if config else [])]
    family = Family()
    # A session of its own: Ctrl-C in the terminal reaches the daemon, which decides; the check is not torn apart.
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            **_terminal(),
            **(environment or {}),
            **family.environment,
            LIFELINE: str(stop_grace),
        },
        start_new_session=True,
    )
    family.begin(child.pid, humble=limits.humble)
    _running.add(family)
    try:
        words = bytearray()
        listener = threading.Thread(target=_listen, args=(child, words), daemon=True)
        listener.start()
        why, memory = _await(child, family, limits, stop, stop_grace)
        left = 0 if limits.leaves and why is Why.BY_ITSELF else family.end(grace=_GRACE)
        child.wait()
        listener.join(timeout=_GRACE)
    finally:
        _running.discard(family)
        if child.stdin is not None:
            child.stdin.close()
    is_forced = why is not Why.BY_ITSELF
    return Ending(
        code=None if is_forced else child.returncode,
        words=bytes(words[-_LONGEST_WORDS:]).decode(errors="replace").strip(),
        why=why,
        memory=memory,
        left_behind=0 if is_forced else left,
    )


def end_all() -> None:
    """End every child that is running now, with everything that it has started."""
    for family in list(_running):
        family.end(grace=_GRACE / 2)


def _await(
    child: "subprocess.Popen[bytes]", family: Family, limits: Limits, stop: threading.Event, stop_grace: float
) -> tuple[Why, int]:
    """Wait until a child has ended, or must be ended; returns which, and the most memory that was seen."""
    end = time.monotonic() + limits.deadline
    look_at, most, stops_by = time.monotonic() + _LOOK, 0, None
    while child.poll() is None:
        at = time.monotonic()
        if stop.is_set() and stops_by is None:
            stops_by = at + stop_grace
        if stops_by is not None and at >= stops_by:
            return Why.STOPPED, most
        if at >= end:
            return Why.DEADLINE, most
        if at >= look_at:
            look_at = at + _LOOK
            family.look()
            if limits.memory is not None:
                most = max(most, family.memory())
                if most > limits.memory:
                    return Why.MEMORY, most
        time.sleep(_POLL)
    return Why.CRASHED if child.returncode < 0 else Why.BY_ITSELF, most


def _terminal() -> dict[str, str]:
    """What tells a child on which terminal its line belongs: in a session of its own it has none."""
    from notifiers.sound import TERMINAL  # noqa: PLC0415 - most of what the daemon does has no need of a channel

    if os.environ.get(TERMINAL):
        return {}
    try:
        return {TERMINAL: os.ttyname(sys.stderr.fileno())}
    except (OSError, ValueError, AttributeError):
        return {}  # the daemon has none either, or not on this system


def _listen(child: "subprocess.Popen[bytes]", words: bytearray) -> None:
    if child.stderr is not None:
        with child.stderr:
            for line in child.stderr:
                words.extend(line)
                del words[:-_LONGEST_WORDS]
