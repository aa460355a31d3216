"""Getting alerts out of the door, at least once: lease, hand over, mark."""

from collections.abc import Callable
from datetime import datetime, timedelta

from watcher.app.moot import is_moot
from watcher.app.ports import Postman, Rounds, Store, Undelivered, Waiting, Writing
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.reminder import LOUD_FROM_ROUND, next_reminder
from watcher.domain.step import CaseKind

LEASE = timedelta(minutes=2)
"""Longer than any channel may take; after it somebody else may try, and the message says that it may be a repeat."""
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=30)


def queue_reminders(
    store: Store, *, channels: list[str], every: timedelta, clock: Callable[[], datetime]
) -> list[Alert]:
    """Queue the next round of every open case that nobody has acknowledged, where it is due."""
    now, queued = clock(), []
    for case in store.cases():
        rounds = store.rounds(case.id)
        reminder = next_reminder(case, last_round=rounds.last, last_at=rounds.at, every=every)
        if reminder is not None and reminder.due_at <= now:
            alert = _reminder_alert(case, reminder.round, now)
            with store.writing() as writing:
                if not _still_due(store, case, rounds):
                    continue
                writing.queue(alert, channels=channels, now=now)
                writing.save_rounds(case.id, Rounds(last=reminder.round, at=now))
                writing.record(
                    "reminder_due",
                    at=now,
                    account=case.account,
                    order=case.order,
                    case=case.id,
                    round=reminder.round,
                )
            queued.append(alert)
    return queued


def deliver_due(store: Store, postman: Postman, *, clock: Callable[[], datetime]) -> list[Waiting]:
    """Hand over every alert that is due; returns those that a channel took.

    1. Lease: for two minutes the alert is ours. Should this program die now, it comes back by itself.
    2. What has become pointless while it waited is dropped; everything else is handed to the channel.
    3. Mark it sent, or remember why not and when to try again.

    One alert at a time, so that no lease ends while others are handed over. A channel that failed is left alone for the
    rest of the round: one that hangs must not hold up the others.
    """
    taken: list[Waiting] = []
    failed: set[str] = set()
    while waiting := store.claim(now=clock(), lease=LEASE, limit=1, without=failed):
        for entry in waiting:
            if is_moot(store, entry.alert, now=clock()):
                with store.writing() as writing:
                    writing.drop(entry.id, now=clock())
                continue
            try:
                postman.hand_over(entry)
            except Undelivered as fault:
                _mark_failed(store, entry, fault, clock())
                failed.add(entry.channel)
            else:
                with store.writing() as writing:
                    writing.mark_sent(entry.id, now=clock())
                    _record(writing, "alert_sent", entry, clock())
                taken.append(entry)
    return taken


def pause_after(attempts: int, *, permanent: bool) -> timedelta:
    """Return how long to wait after the given number of failed attempts.

    What a person must mend (a wrong password) is tried rarely, but it is tried: the alert is not lost when it is mended.
    """
    if permanent:
        return LONGEST_PAUSE
    doubled: int = 2 ** min(max(attempts, 1) - 1, 12)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def _mark_failed(store: Store, entry: Waiting, fault: Undelivered, now: datetime) -> None:
    not_before = now + pause_after(entry.attempts, permanent=fault.permanent)
    with store.writing() as writing:
        writing.mark_failed(entry.id, problem=fault.reason, not_before=not_before)
        _record(writing, "alert_not_sent", entry, now, attempts=entry.attempts, permanent=fault.permanent)


def _record(writing: Writing, kind: str, entry: Waiting, at: datetime, **facts: str | int | bool) -> None:
    alert = entry.alert
    facts = {"alert": alert.key, "channel": entry.channel, "round": alert.round, **facts}
    writing.record(kind, at=at, account=alert.account, order=alert.order, **facts)


def _still_due(store: Store, case: Case, rounds: Rounds) -> bool:
    """Look again inside the transaction: an acknowledgement, or another process, may have come first."""
    current = next((known for known in store.cases(case.account) if known.id == case.id), case)
    return current.is_open and current.acknowledged_at is None and store.rounds(case.id) == rounds


def _reminder_alert(case: Case, round_number: int, now: datetime) -> Alert:
    return Alert(
        key=f"{case.id}/{round_number}",
        kind=AlertKind.CASE_REMINDER,
        account=case.account,
        at=now,
        critical=case.kind is not CaseKind.AFTER_DELIVERY or round_number >= LOUD_FROM_ROUND,
        order=case.order,
        case=case.id,
        round=round_number,
    )
