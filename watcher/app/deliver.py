"""Getting alerts out of the door, at least once: lease, hand over, mark."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.app.digest import gather_stale
from watcher.app.moot import is_moot
from watcher.app.ports import Postman, Store, Undelivered, Waiting, Writing
from watcher.crash_points import crash_point
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.channel_health import LONGEST_ASKED_REST, Failure, Liveness
from watcher.domain.escalation import (
    DueRound,
    Rounds,
    Stops,
    is_time,
    next_round,
    policy_for,
    reminder,
    reminders_stop,
    through,
    why_it_stops,
)
from watcher.domain.late import is_late
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours
from watcher.domain.remind import RemindRules

LEASE = timedelta(minutes=2)
"""Longer than any channel may take; after it somebody else may try, and the message says that it may be a repeat."""
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=30)


def queue_reminders(
    store: Store, *, channels: list[str], rules: RemindRules, clock: Callable[[], datetime]
) -> list[Alert]:
    """Queue the next round of every open case that nobody has acknowledged, where it is due; or why no more come."""
    now, queued = clock(), []
    for case in store.open_cases():
        if case.acknowledged_at is not None:
            continue
        rounds = store.rounds(case.id)
        if _next(case, rounds, rules, now) is None and _ending(case, rounds, rules, now) is None:
            continue
        with store.writing() as writing:
            # Looked at again inside the transaction: an acknowledgement, or another process, may have come first.
            current = store.catalogue().case(case.id) or case
            rounds = store.rounds(case.id)
            due, why = _next(current, rounds, rules, now), _ending(current, rounds, rules, now)
            if due is not None:
                alert = reminder(current, due, at=now)
                alert = replace(alert, wakes=rules.quiet.wakes(current, alert.kind, now=now))
                writing.queue(alert, channels=through(due.channels, channels), now=now)
                writing.save_rounds(current.id, Rounds(last=due.number, at=now, begun=rounds.begun))
                _record_round(writing, "reminder_due", current, now, round=due.number)
            elif why is not None and current.acknowledged_at is None:
                alert = reminders_stop(current, why, at=now)
                writing.queue(alert, channels=channels, now=now)
                writing.save_rounds(current.id, replace(rounds, stopped_at=now))
                _record_round(writing, "reminders_stopped", current, now, why=why)
            else:
                continue
        queued.append(alert)
    return queued


def _next(case: Case, rounds: Rounds, rules: RemindRules, now: datetime) -> DueRound | None:
    """Return the round that is due. Through a quiet night one comes in the morning, not one for every half hour of it."""
    heard = _as_heard(case, rounds, rules, now)
    if heard is None:
        return None
    return next_round(case, policy_for(case.kind, rules.policies), heard, now=now)


def _ending(case: Case, rounds: Rounds, rules: RemindRules, now: datetime) -> Stops | None:
    """Return why the rounds stop when the next would come; `None` while they go on, and where they have stopped before."""
    why, heard = why_it_stops(case), _as_heard(case, rounds, rules, now)
    if heard is None or not is_time(policy_for(case.kind, rules.policies), heard, now=now):
        return None
    return why if why is not None and why.is_told and rounds.stopped_at is None else None


def _as_heard(case: Case, rounds: Rounds, rules: RemindRules, now: datetime) -> Rounds | None:
    """Return the rounds as the seller hears them: what waits for the morning counts from then. `None`: nobody may speak now."""
    if rules.quiet.wakes(case, AlertKind.CASE_REMINDER, now=now) is not None:
        return rounds
    return None if rules.quiet.is_quiet(now) else replace(rounds, at=rules.quiet.ends_at(rounds.at))


def _record_round(writing: Writing, kind: str, case: Case, at: datetime, **facts: str | int) -> None:
    writing.record(kind, at=at, account=case.account, order=case.order, case=case.id, **facts)


def deliver_due(
    store: Store, postman: Postman, *, clock: Callable[[], datetime], quiet: QuietHours = NEVER_QUIET
) -> list[Waiting]:
    """Hand over every alert that is due; returns those that a channel took.

    1. Lease: for two minutes the alert is ours. Should this program die now, it comes back by itself.
    2. What has become pointless while it waited is dropped; what waited for a channel that the config no longer has goes to
       those that it has; everything else is handed to the channel.
    3. Mark it sent, or remember why not and when to try again.

    In quiet hours only what breaks through is handed out. What comes after its usefulness says so, and more than a few of
    those become one message first.

    One alert at a time, so that no lease ends while others are handed over. A channel that failed is left alone for the
    rest of the round: one that hangs must not hold up the others.
    """
    taken: list[Waiting] = []
    failed: set[str] = set()
    names = list(postman.names())
    gather_stale(store, names, quiet=quiet, now=clock())
    while waiting := store.claim(
        now=clock(), lease=LEASE, limit=1, without=failed, quiet=quiet.is_quiet(clock())
    ):
        crash_point("alert_leased")
        for leased in waiting:
            entry = _as_it_is_now(leased, quiet, now=clock())
            if is_moot(store, entry.alert, now=clock()):
                with store.writing() as writing:
                    writing.drop(entry.id, now=clock())
                continue
            if names and entry.channel not in names:
                _pass_on(store, entry, names, clock())
                continue
            try:
                postman.hand_over(entry)
            except Undelivered as fault:
                _mark_failed(store, entry, fault, names, clock())
                failed.add(entry.channel)
            else:
                crash_point("alert_handed_over")
                with store.writing() as writing:
                    writing.mark_sent(entry.id, now=clock())
                    _mark_working(writing, store, entry.channel, clock())
                    _record(
                        writing,
                        "alert_sent",
                        entry,
                        clock(),
                        repeat=entry.attempts > 1 and entry.problem is None,
                    )
                crash_point("alert_marked_sent")
                taken.append(entry)
    return taken


def _pass_on(store: Store, entry: Waiting, names: list[str], now: datetime) -> None:
    """Give an alert whose channel is gone to the channels that are there; one that had it already does not get it again."""
    with store.writing() as writing:
        writing.queue(entry.alert, channels=names, now=now)
        writing.drop(entry.id, now=now)
        _record(writing, "alert_passed_on", entry, now)


def _as_it_is_now(entry: Waiting, quiet: QuietHours, *, now: datetime) -> Waiting:
    """Return an entry with what its message must say of this moment: that it is late, that it wakes somebody."""
    is_quiet = quiet.is_quiet(now)
    return replace(
        entry, late=is_late(entry.alert, quiet, now=now), woke=is_quiet and entry.alert.wakes is not None
    )


def pause_after(attempts: int, *, permanent: bool, asked: timedelta | None = None) -> timedelta:
    """Return how long to wait after the given number of failed attempts.

    What a person must mend (a wrong password) is tried rarely, but it is tried: the alert is not lost when it is mended.
    A server that asks to be left alone for longer (`asked`) gets its will, for an hour at most.
    """
    if permanent:
        return LONGEST_PAUSE
    doubled: int = 2 ** min(max(attempts, 1) - 1, 12)
    return max(min(FIRST_PAUSE * doubled, LONGEST_PAUSE), min(asked or timedelta(0), LONGEST_ASKED_REST))


def failure_of(fault: Undelivered) -> Failure:
    """Return what a channel's failure says about the channel."""
    return Failure(
        problem=fault.reason,
        permanent=fault.permanent,
        advice=fault.advice,
        retry_after=fault.retry_after,
    )


def _mark_working(writing: Writing, store: Store, channel: str, now: datetime) -> None:
    """Remember that a channel takes alerts. Where it did not, what else waits for it waits no longer."""
    health = store.channel_health(channel)
    if health.failing_since is not None:
        writing.retry_now(channel, now=now)
    writing.save_channel_health(health.took(at=now))


def _mark_failed(store: Store, entry: Waiting, fault: Undelivered, names: list[str], now: datetime) -> None:
    """Remember why a channel took nothing. What cannot wait does not wait for a dead one: the living ones get it, too."""
    pause = pause_after(entry.attempts, permanent=fault.permanent, asked=fault.retry_after)
    with store.writing() as writing:
        writing.mark_failed(entry.id, problem=fault.reason, not_before=now + pause)
        health = store.channel_health(entry.channel).failed(failure_of(fault), at=now)
        writing.save_channel_health(health)
        if health.liveness is Liveness.DEAD and (entry.alert.critical or entry.alert.wakes):
            living = [name for name in names if store.channel_health(name).liveness is not Liveness.DEAD]
            writing.queue(entry.alert, channels=living, now=now)
        _record(writing, "alert_not_sent", entry, now, attempts=entry.attempts, permanent=fault.permanent)


def _record(writing: Writing, kind: str, entry: Waiting, at: datetime, **facts: str | int | bool) -> None:
    alert = entry.alert
    writing.record(
        kind,
        at=at,
        account=alert.account,
        order=alert.order,
        alert=alert.key,
        about=str(alert.kind),
        channel=entry.channel,
        case=alert.case or "",
        round=alert.round,
        **facts,
    )
