"""What troubles the watch itself: a config that it does not take over, and what fails again and again."""

from collections.abc import Iterator

from watcher.app.refused_config import refused_config
from watcher.app.setbacks import setbacks
from watcher.bootstrap import House
from watcher.cli.common import moment, printable
from watcher.cli.report import Json, time_json
from watcher.domain.setback import DISK, WATCH
from watcher.texts.language import _

JOBS = (WATCH, "deliver", "poll", "stamp", "forget")


def supervision_lines(our: House) -> Iterator[str]:
    """Say what troubles the watch; nothing where nothing does."""
    refused = refused_config(our.store)
    if refused is not None:
        yield _("The watch goes on with the config from before; since {at} the file has mistakes:").format(
            at=moment(refused.at)
        )
        yield from (f"  {printable(line)}" for line in refused.message.splitlines())
    for setback in setbacks(our.store, (DISK,)):
        yield _("The disk has been nearly full since {at}: make room, or checks will fail.").format(
            at=moment(setback.since)
        )
    for setback in setbacks(our.store, JOBS):
        yield _("{what}: failed {times} times in a row since {at}; `stornowacht log` shows more.").format(
            what=job_words(setback.job), times=setback.failures, at=moment(setback.since)
        )


def supervision_json(our: House) -> Json:
    """Return the same for scripts."""
    refused = refused_config(our.store)
    return {
        "config_refused": None
        if refused is None
        else {"message": refused.message, "at": time_json(refused.at)},
        "setbacks": [
            {
                "job": setback.job,
                "failures": setback.failures,
                "since": time_json(setback.since),
                "reason": setback.reason or None,
                "not_before": time_json(setback.not_before),
            }
            for setback in setbacks(our.store, (*JOBS, DISK))
        ],
    }


def job_words(job: str) -> str:
    """Return what a job does."""
    return {
        WATCH: _("The watch itself"),
        "deliver": _("Delivering messages"),
        "poll": _("Asking the carriers"),
        "stamp": _("Getting time stamps"),
        "forget": _("Erasing old sales"),
    }.get(job, job)
