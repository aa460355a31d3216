"""The heartbeat. What is due, and when, are rows in the database; this only makes somebody look."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from watcher.daemon.log import log
from watcher.daemon.progress import Progress


class Beat(IntervalTrigger):  # type: ignore[misc]  # the scheduler has no types
    """An interval of which nobody counts what was missed.

    The scheduler looks at each missed beat although it makes up for one alone: after a month's sleep these are half a million
    for each job, and a small computer would be busy for minutes with them.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return when to run next: after the last beat that was missed, if any was."""
        if previous_fire_time is not None and now - previous_fire_time > self.interval:
            previous_fire_time = now - (now - previous_fire_time) % self.interval
        next_fire_time: datetime | None = super().get_next_fire_time(previous_fire_time, now)
        return next_fire_time


class Heartbeat:
    """A few jobs, each in a thread, none of them twice at the same time. Of each end the watchdog is told."""

    def __init__(self, progress: Progress) -> None:
        # After a laptop's sleep a job runs once and at once: the default would skip it as "missed".
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(job_defaults=defaults, timezone="UTC")
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        self._progress = progress

    def every(self, interval: timedelta, job: Callable[[], None], *, name: str, seconds: float) -> None:
        """Run a job now and then every `interval`; it must have ended, or got on, after so many `seconds`."""
        self._progress.expect(name, within=interval.total_seconds() + seconds)
        self._scheduler.add_job(
            self._told_of(job, name),
            Beat(seconds=interval.total_seconds(), timezone=UTC),
            id=name,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def catch_up(self) -> None:
        """Run now what waits for longer than its interval: the clock was set back, and the heart would stand still till then."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time is not None and job.next_run_time - now > job.trigger.interval:
                job.modify(next_run_time=now)

    def stop(self) -> None:
        """Stop, and wait until the jobs that are running have ended."""
        self._scheduler.shutdown(wait=True)

    def _told_of(self, job: Callable[[], None], name: str) -> Callable[[], None]:
        def run() -> None:
            self._progress.began(name)
            fault: BaseException | None = None
            try:
                job()
            except BaseException as error:
                fault = error
                raise
            finally:
                self._progress.ended(name, fault)

        return run


def _tell(event: JobExecutionEvent) -> None:
    error = getattr(event, "exception", None)
    log().error(
        "job_failed",
        job=event.job_id,
        error=f"{type(error).__name__}: {error}" if error else "missed",
        where=str(getattr(event, "traceback", "") or "")[-1500:],
    )
