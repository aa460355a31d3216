"""What fails again and again is remembered, so that no restart forgets the pause, and told once, as its end is."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.app.ports import Store, Writing
from watcher.domain.setback import WATCH, Pauses, Setback

STEADY = timedelta(minutes=10)
"""A watch that has lived that long has outlived its start."""
_RUN, _SETBACK = "run", "setback/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearers:
    """Who is told of it, and under which account."""

    account: str
    channels: Sequence[str]


def setback_of(store: Store, job: str) -> Setback:
    """Return how often something has failed of late; what cannot be read is forgotten."""
    try:
        known = json.loads(store.remembered(_SETBACK + job) or "{}")
        return Setback(
            job=job,
            failures=int(known.get("failures", 0)),
            since=_moment(known.get("since")),
            reason=str(known.get("reason", "")),
            not_before=_moment(known.get("not_before")),
            told=bool(known.get("told", False)),
        )
    except (ValueError, TypeError, AttributeError):
        return Setback(job=job)


def setbacks(store: Store, jobs: Sequence[str]) -> list[Setback]:
    """Return what fails at present."""
    return [found for job in jobs if (found := setback_of(store, job)).failures]


def remember_setback(
    store: Store, job: str, *, reason: str, pauses: Pauses, hearers: Hearers, clock: Callable[[], datetime]
) -> Setback:
    """Count a failure, let its pause grow, and tell of it once it lasts."""
    with store.writing() as writing:
        return _count(store, writing, job, reason=reason, pauses=pauses, hearers=hearers, now=clock())


def remember_success(store: Store, job: str, *, hearers: Hearers, clock: Callable[[], datetime]) -> bool:
    """Forget the failures of what works again, and say so if they were told; returns whether there were any."""
    before = setback_of(store, job)
    if not before.failures:
        return False
    now = clock()
    with store.writing() as writing:
        writing.save_remembered(_SETBACK + job, "")
        if before.told and hearers.channels:
            writing.queue(before.recovery(hearers.account, at=now), channels=hearers.channels, now=now)
    return True


def begin_run(
    store: Store, *, boot: str, pauses: Pauses, hearers: Hearers, clock: Callable[[], datetime]
) -> Setback | None:
    """Remember that a watch begins; returns the setback if the one before died of itself, `None` otherwise.

    Args:
        store: what is remembered.
        boot: names the time for which the machine has been up; empty where that is not known.
        pauses: how patiently it is started again.
        hearers: who is told.
        clock: gives the moment.
    """
    now, before = clock(), _run(store)
    with store.writing() as writing:
        writing.save_remembered(_RUN, json.dumps({"began": now.isoformat(), "boot": boot}))
        if not before or _was_cut_off(before, boot):
            return None
        reason = str(before.get("reason", ""))
        return _count(store, writing, WATCH, reason=reason, pauses=pauses, hearers=hearers, now=now)


def _was_cut_off(run: Mapping[str, object], boot: str) -> bool:
    """Whether a watch that had outlived its start went with the machine: no word of its own, and another boot since."""
    stayed_up = bool(boot) and run.get("boot") == boot
    return bool(run.get("steady")) and not run.get("reason") and not stayed_up


def steady_run(
    store: Store,
    *,
    lived: timedelta,
    patience: timedelta,
    hearers: Hearers,
    clock: Callable[[], datetime],
) -> None:
    """Remember that the watch has outlived its start, and later that what it died of before is over.

    Args:
        store: what is remembered.
        lived: for how long it has been at work, while the machine was awake.
        patience: for how long any of its jobs may give no sign of life: whoever has lived longer has outlived what hung.
        hearers: who is told.
        clock: gives the moment.
    """
    known = _run(store)
    if not known or lived < STEADY:
        return
    if not known.get("steady"):
        with store.writing() as writing:
            writing.save_remembered(_RUN, json.dumps({**known, "steady": True}))
    if lived >= patience + STEADY:
        remember_success(store, WATCH, hearers=hearers, clock=clock)


def remember_last_words(store: Store, reason: str) -> None:
    """Remember why the watch is about to die; one that was asked to end is about to end, and no more."""
    known = _run(store)
    if known:
        with store.writing() as writing:
            writing.save_remembered(_RUN, json.dumps({**known, "reason": reason}))


def end_run(store: Store) -> None:
    """Remember that the watch has ended because it was asked to."""
    with store.writing() as writing:
        writing.save_remembered(_RUN, "")


def _count(
    store: Store, writing: Writing, job: str, *, reason: str, pauses: Pauses, hearers: Hearers, now: datetime
) -> Setback:
    before = setback_of(store, job)
    after = before.failed(pauses, reason=reason, at=now)
    writing.save_remembered(_SETBACK + job, _written(after))
    if after.told and not before.told and hearers.channels:
        writing.queue(after.alert(hearers.account, at=now), channels=hearers.channels, now=now)
    return after


def _written(setback: Setback) -> str:
    return json.dumps(
        {
            "failures": setback.failures,
            "since": setback.since.isoformat() if setback.since else None,
            "reason": setback.reason,
            "not_before": setback.not_before.isoformat() if setback.not_before else None,
            "told": setback.told,
        }
    )


def _run(store: Store) -> dict[str, object]:
    try:
        known = json.loads(store.remembered(_RUN) or "{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def _moment(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
