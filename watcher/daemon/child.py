"""A command of this program as a child process, with a deadline for it and everything that it started."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_POLL = 0.2
_GRACE = 5.0
_LONGEST_WORDS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a child ended."""

    code: int | None
    """Its exit code; `None` when it was ended by force."""
    words: str
    """The last of what it said on stderr."""


def run_child(
    arguments: Sequence[str],
    *,
    config: Path | None,
    deadline: float,
    stop: threading.Event,
    stop_grace: float,
) -> Ending:
    """Run `stornowacht ARGUMENTS` and wait for its end.

    Args:
        arguments: the command and its arguments.
        config: the config file that the daemon itself was started with.
        deadline: seconds after which the child and all its processes are ended by force.
        stop: set when the daemon is to stop: then the child may go on for `stop_grace` seconds at most.
        stop_grace: see there. What it had not yet remembered by then is rolled back.
    """
    command = [sys.executable, "-m", "watcher", *arguments, *(["--config", str(config)] if config else [])]
    # A session of its own: Ctrl-C in the terminal reaches the daemon, which decides; the check is not torn apart.
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **_terminal()},
        start_new_session=True,
    )
    words = bytearray()
    listener = threading.Thread(target=_listen, args=(child, words), daemon=True)
    listener.start()
    end = time.monotonic() + deadline
    while child.poll() is None:
        if stop.is_set():
            end = min(end, time.monotonic() + stop_grace)
            stop_grace = max(stop_grace - _POLL, 0)
        if time.monotonic() >= end:
            _end_by_force(child)
            break
        time.sleep(_POLL)
    forced = child.returncode is None or child.returncode < 0
    child.wait()
    listener.join(timeout=_GRACE)
    said = bytes(words[-_LONGEST_WORDS:]).decode(errors="replace").strip()
    return Ending(code=None if forced else child.returncode, words=said)


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


def _end_by_force(child: "subprocess.Popen[bytes]") -> None:
    """End the child, its browser and its driver: politely first, so that the profile stays whole."""
    try:
        family = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        _signal(process.terminate)
    _, alive = psutil.wait_procs(family, timeout=_GRACE)
    for process in alive:
        _signal(process.kill)
    psutil.wait_procs(alive, timeout=_GRACE)


def _signal(send: Callable[[], None]) -> None:
    try:
        send()
    except psutil.NoSuchProcess:
        pass  # it ended by itself in between
