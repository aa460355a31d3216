"""Commands of this program that a page has started: a check, an export. Each is a child; the page shows how it goes on."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from watcher.bootstrap import new_id, now

KEPT = timedelta(hours=12)
_LONGEST_WORDS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One command that was started."""

    id: str
    command: tuple[str, ...]
    """Without `stornowacht` and the config."""
    name: str
    """What it is, for those who ask for the latest of its kind."""
    about: str
    """Which order, case or account it is about; empty where it is about all."""
    began_at: datetime
    ended_at: datetime | None = None
    code: int | None = None
    """Its exit code once it has ended; -1 when it could not be started."""
    answer: str = ""
    words: str = ""
    """What it said on stderr."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.ended_at is None

    @property
    def result(self) -> Any:
        """What it printed with `--json`, read; `None` where that is no JSON."""
        try:
            return json.loads(self.answer)
        except ValueError:
            return None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that it has made, as its answer names them."""
        told = self.result
        named = told.get("files", []) if isinstance(told, dict) else []
        return tuple(Path(path) for path in named if isinstance(path, str)) if isinstance(named, list) else ()


@dataclass(slots=True)
class Jobs:
    """The commands that pages have started since the daemon is up. Safe to use from any thread."""

    config_path: Path | None
    _jobs: dict[str, Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, *command: str, name: str, about: str = "") -> Job:
        """Start a command; one that is already running for the same matter is returned instead."""
        with self._lock:
            self._forget_old()
            running = next(
                (
                    job
                    for job in self._jobs.values()
                    if job.is_running and (job.name, job.about) == (name, about)
                ),
                None,
            )
            if running is not None:
                return running
            job = Job(id=new_id(), command=command, name=name, about=about, began_at=now())
            self._jobs[job.id] = job
        threading.Thread(target=self._run, args=(job,), daemon=True, name=f"job-{name}").start()
        return job

    def get(self, id_: str) -> Job | None:
        """Return a job as it stands now."""
        with self._lock:
            return self._jobs.get(id_)

    def latest(self, name: str, *, about: str = "") -> Job | None:
        """Return the job of that name that was started last for that matter."""
        with self._lock:
            found = [job for job in self._jobs.values() if (job.name, job.about) == (name, about)]
        return max(found, key=lambda job: job.began_at, default=None)

    def _run(self, job: Job) -> None:
        code, answer, words = run_command(job.command, config_path=self.config_path)
        ended = replace(job, ended_at=now(), code=code, answer=answer, words=words)
        with self._lock:
            self._jobs[job.id] = ended

    def _forget_old(self) -> None:
        oldest = now() - KEPT
        self._jobs = {id_: job for id_, job in self._jobs.items() if job.is_running or job.began_at >= oldest}


def run_command(command: Sequence[str], *, config_path: Path | None) -> tuple[int, str, str]:
    """Run `stornowacht COMMAND` to its end; returns its exit code, what it printed and what it complained of."""
    whole = [
        sys.executable,
        "-P",
        "-m",
        "watcher",
        *command,
        *(["--config", str(config_path)] if config_path else []),
    ]
    try:
        ended = subprocess.run(
            whole, stdin=subprocess.DEVNULL, capture_output=True, check=False, start_new_session=True
        )
    except OSError as error:
        return -1, "", error.strerror or str(error)
    return (
        ended.returncode,
        ended.stdout[-_LONGEST_WORDS:].decode(errors="replace"),
        ended.stderr[-_LONGEST_WORDS:].decode(errors="replace").strip(),
    )
