"""Which jobs get on: each is expected to come to an end now and then, and what does not is named."""

import threading
from dataclasses import dataclass

from watcher.errors import BusyError, OutdatedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A job that gives no sign of life."""

    job: str
    silent_for: float
    """Seconds in which the machine was awake."""
    thread: int | None
    """In which thread it has begun; `None` where it has not: then nobody starts it any more."""


@dataclass(slots=True)
class _Job:
    within: float
    last: float
    thread: int | None = None


class Progress:
    """What each job has achieved, in time that the machine spent awake. Safe to use from any thread.

    Only an end counts, or a step of a long job that came to its end; that a job begins is no progress. A job that fails
    has come to an end as well, for starting anew would mend nothing, with two exceptions: as long as the database is locked
    nothing is achieved, and whoever holds it may be ourselves; and once a newer program has taken the database over, nothing
    will be achieved any more by this one.
    """

    def __init__(self) -> None:
        self._awake = 0.0
        self._began: float | None = None
        self._longest = 0.0
        self._outdated: str | None = None
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def begin(self) -> None:
        """From now on the watch is at work."""
        with self._lock:
            self._began = self._awake

    @property
    def lived(self) -> float:
        """Seconds for which the watch has been at work, without those in which the machine slept."""
        with self._lock:
            return 0.0 if self._began is None else self._awake - self._began

    @property
    def patience(self) -> float:
        """Seconds for which any of the jobs under the config in force may give no sign of life."""
        with self._lock:
            return self._longest

    def expect(self, job: str, *, within: float) -> None:
        """From now on expect a sign of life of a job every so many seconds at the latest."""
        with self._lock:
            self._jobs[job] = _Job(within=within, last=self._awake)
            self._longest = max(self._longest, within)

    def expect_only(self, job: str, *, within: float) -> None:
        """Expect this one, and no longer any other."""
        with self._lock:
            self._jobs = {job: _Job(within=within, last=self._awake)}

    def expect_nothing(self) -> None:
        """Expect nobody any longer."""
        with self._lock:
            self._jobs = {}
            self._longest = 0.0

    def began(self, job: str) -> None:
        """Take notice of where a job is at work."""
        with self._lock:
            if job in self._jobs:
                self._jobs[job].thread = threading.get_ident()

    def got_on(self, job: str) -> None:
        """Take notice of a job that has ended a part of its work."""
        with self._lock:
            if job in self._jobs:
                self._jobs[job].last = self._awake

    def ended(self, job: str, fault: BaseException | None = None) -> None:
        """Take notice of a job's end."""
        with self._lock:
            if job in self._jobs:
                self._jobs[job].thread = None
                if isinstance(fault, OutdatedError):
                    self._outdated = job
                elif not isinstance(fault, BusyError):
                    self._jobs[job].last = self._awake

    def time_passed(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._awake += seconds

    def late(self) -> Late | None:
        """Return the job that has been silent for too long, or will never get on; `None` while all get on."""
        with self._lock:
            found = [
                Late(job=name, silent_for=self._awake - job.last, thread=job.thread)
                for name, job in self._jobs.items()
                if self._awake - job.last > job.within or name == self._outdated
            ]
        return max(found, key=lambda late: late.silent_for, default=None)
