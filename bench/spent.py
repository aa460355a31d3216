"""What a command costs with all that it starts: wall time, CPU seconds, peak of the memory.

CPU: the command runs below a process that takes in its orphans and waits for every last one of them (`PR_SET_CHILD_SUBREAPER`),
so that the system's own account holds the browser, too. Memory: the proportional share (PSS) of all its processes, summed up ten times
a second; a page that two of them share counts once. Both are Linux's; elsewhere a command's own children count alone, and memory is
the resident set's sum, which counts what is shared several times.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

_EVERY_SECONDS = 0.1
_REAP = """
import ctypes, json, os, resource, subprocess, sys, time
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
told, command = sys.argv[1], sys.argv[2:]
begin = time.perf_counter()
code = subprocess.run(command).returncode
wall = time.perf_counter() - begin
end = time.monotonic() + 20
while time.monotonic() < end:
    try:
        pid, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        break
    if not pid:
        time.sleep(0.02)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(told, "w") as file:
    json.dump({"code": code, "wall": wall, "cpu": used.ru_utime + used.ru_stime}, file)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One run of a command."""

    code: int
    out: str
    err: str
    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all processors together."""
    peak: float | None
    """Megabytes, where it was asked for: to look costs time itself."""


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    memory: bool = False,
    seconds: float = 600,
    folder: Path | None = None,
) -> Spent:
    """Run a command to its end; one that takes longer than `seconds` is ended with all that it started: `TimeoutError`."""
    with TemporaryDirectory(prefix="stornowacht-bench-") as name:
        told, out, err = (Path(name) / part for part in ("told", "out", "err"))
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = psutil.Popen(
                [sys.executable, "-I", "-S", "-c", _REAP, str(told), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=to_out,
                stderr=to_err,
                env=environment,
                cwd=folder,
            )
        watched = Peak(lambda: family(process)[1:]) if memory else None
        try:
            process.wait(timeout=seconds)
        except psutil.TimeoutExpired as error:
            end([process])
            raise TimeoutError(f"{command[0]} did not end within {seconds:.0f} s") from error
        except KeyboardInterrupt:
            end([process])
            raise
        finally:
            peak = watched.stop() if watched else None
        cost = json.loads(told.read_text())
        return Spent(
            code=cost["code"],
            out=out.read_text(encoding="utf-8", errors="replace"),
            err=err.read_text(encoding="utf-8", errors="replace"),
            wall=cost["wall"],
            cpu=cost["cpu"],
            peak=peak,
        )


class Peak:
    """Watches how much memory some processes hold, until it is stopped."""

    def __init__(self, processes: Callable[[], Iterable[psutil.Process]]) -> None:
        self._processes, self._most, self._over = processes, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self._most = max(self._most, megabytes(self._processes()))

    def stop(self) -> float:
        """Return the most that it was, in megabytes."""
        self._over.set()
        self._thread.join()
        return self._most


def megabytes(processes: Iterable[psutil.Process]) -> float:
    """Return how much memory processes hold together."""
    total = 0
    try:
        for process in processes:
            try:
                held = process.memory_full_info()
            except psutil.Error:
                continue  # it has just ended
            total += getattr(held, "pss", held.rss)
    except psutil.Error:
        return 0
    return total / 1e6


def family(*roots: psutil.Process) -> list[psutil.Process]:
    """Return processes with all below them."""
    found: list[psutil.Process] = []
    for root in roots:
        try:
            found += [root, *root.children(recursive=True)]
        except psutil.Error:
            continue
    return found


def cpu_seconds(*roots: psutil.Process) -> float:
    """Return what processes and all below them have used, those that have ended included where they were waited for."""
    total = 0.0
    for process in family(*roots):
        try:
            used = process.cpu_times()
        except psutil.Error:
            continue
        total += used.user + used.system + used.children_user + used.children_system
    return total


def end(roots: Iterable[psutil.Process]) -> None:
    """End processes that this program has started, with all below them."""
    alive = family(*roots)
    for process in alive:
        try:
            process.terminate()
        except psutil.Error:
            continue
    _, stubborn = psutil.wait_procs(alive, timeout=10)
    for process in stubborn:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(stubborn, timeout=5)


def seconds_until(true: Callable[[], object], *, within: float, step: float = 0.1) -> float:
    """Wait until something is true; returns how long that took. It is a `TimeoutError` if it does not become so."""
    begin = time.monotonic()
    while not true():
        if time.monotonic() - begin > within:
            raise TimeoutError(f"waited {within:.0f} s in vain")
        time.sleep(step)
    return time.monotonic() - begin
