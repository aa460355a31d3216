"""The heartbeat. What is due, and when, are rows in the database; this only makes somebody look."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from watcher.daemon.log import log


class Heartbeat:
    """A few jobs, each in a thread, none of them twice at the same time."""

    def __init__(self) -> None:
        # After a laptop's sleep a job runs once and at once: the default would skip it as "missed".
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(job_defaults=defaults, timezone="UTC")
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def every(self, interval: timedelta, job: Callable[[], None], *, name: str) -> None:
        """Run a job now and then every `interval`."""
        self._scheduler.add_job(
            job, "interval", seconds=interval.total_seconds(), id=name, next_run_time=datetime.now(UTC)
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop, and wait until the jobs that are running have ended."""
        self._scheduler.shutdown(wait=True)


def _tell(event: JobExecutionEvent) -> None:
    error = getattr(event, "exception", None)
    log().error(
        "job_failed", job=event.job_id, error=f"{type(error).__name__}: {error}" if error else "missed"
    )
