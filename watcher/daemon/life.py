"""The life of a watch: remembered when it begins and ends, so that one that dies again and again rests in between."""

from datetime import timedelta

from watcher.app.setbacks import (
    Hearers,
    begin_run,
    end_run,
    remember_last_words,
    remember_setback,
    remember_success,
    setback_of,
    steady_run,
)
from watcher.bootstrap import House, house, now
from watcher.config import Config
from watcher.daemon.child import Ending
from watcher.daemon.log import log
from watcher.daemon.progress import Progress
from watcher.domain.setback import Pauses, Setback
from watcher.errors import StornowachtError
from watcher.system import boot

_LAST_PATIENCE = 2.0
"""Seconds for which a dying watch waits for the database."""


def watch_pauses(config: Config) -> Pauses:
    """Return how patiently a watch that dies is started again. Nobody is a guest of the practice shop."""
    if config.is_practice:
        return Pauses(first=timedelta(seconds=0.5), longest=timedelta(seconds=1), told_after=4, free=2)
    return Pauses(first=timedelta(seconds=15), longest=timedelta(minutes=30), told_after=4, free=2)


def job_pauses(config: Config, first: timedelta) -> Pauses:
    """Return how patiently a job of the watch is tried again."""
    shortest = min(first, config.floor)
    return Pauses(first=shortest, longest=shortest * 12)


def hearers(config: Config) -> Hearers:
    """Return who is told."""
    return Hearers(account=config.account[0].name, channels=list(config.channels))


def begin(config: Config) -> Setback | None:
    """Remember the beginning; returns the setback where the watch before died of itself."""
    with house(config) as our:
        setback = begin_run(
            our.store,
            boot=boot(),
            pauses=watch_pauses(config),
            hearers=hearers(config),
            clock=now,
        )
    if setback is not None:
        log().warning(
            "watch_died_before",
            times=setback.failures,
            reason=setback.reason or "unknown",
            pause_seconds=round(setback.pause(at=now()).total_seconds()),
        )
    return setback


def steady(our: House, progress: Progress) -> None:
    """Remember, once it is true, that the watch has outlived its start, and what hung."""
    steady_run(
        our.store,
        lived=timedelta(seconds=progress.lived),
        patience=timedelta(seconds=progress.patience),
        hearers=hearers(our.config),
        clock=now,
    )


def last_words(config: Config, reason: str) -> None:
    """Remember why the watch is dying, if the database lets anybody in."""
    try:
        with house(config, patience=_LAST_PATIENCE) as our:
            remember_last_words(our.store, reason)
    except StornowachtError:
        pass  # then the log alone knows


def end(config: Config) -> None:
    """Remember that the watch has ended because it was asked to."""
    try:
        with house(config, patience=_LAST_PATIENCE) as our:
            end_run(our.store)
    except StornowachtError as error:
        log().warning("end_not_remembered", reason=error.message)


def rests(our: House, job: str) -> bool:
    """Whether a job that failed still rests."""
    return setback_of(our.store, job).pause(at=now()) > timedelta(0)


def remember_ending(config: Config, job: str, ending: Ending, *, first_pause: timedelta) -> None:
    """Remember how a job's child ended: its pauses grow while it fails, and it is told once."""
    told = hearers(config)
    with house(config) as our:
        if ending.code == 0:
            if remember_success(our.store, job, hearers=told, clock=now):
                log().info("job_works_again", job=job)
            return
        setback = remember_setback(
            our.store,
            job,
            reason=ending.why.value if ending.code is None else f"exit_{ending.code}",
            pauses=job_pauses(config, first_pause),
            hearers=told,
            clock=now,
        )
    log().error(
        "job_failed",
        job=job,
        why=ending.why.value,
        code=ending.code,
        times=setback.failures,
        pause_seconds=round(setback.pause(at=now()).total_seconds()),
        words=ending.words,
    )
