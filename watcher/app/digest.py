"""Many alerts that come too late become one message: nobody reads a thousand, and nothing goes unsaid."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.app.ports import Store, Waiting
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.late import CRITICAL_FOR, MOST_STALE, ROUNDS, digest, is_late
from watcher.domain.quiet_hours import QuietHours

_ON_ITS_OWN = frozenset({AlertKind.TEST, AlertKind.ASK_BACK})
"""What asks for an answer, or was asked for, comes as it is."""


def gather_stale(
    store: Store, channels: Sequence[str], *, quiet: QuietHours, now: datetime
) -> dict[str, int]:
    """Put the stale alerts of each channel into one, where there are more than a few; returns how many that were.

    Before that, a stale round of a case gives way to a later one that waits, which says all of it. What is in somebody's
    hands at this moment stays there. In one transaction each: either the digest waits, or they all do.
    """
    gathered = {}
    for channel in channels:
        _give_way(store, channel, quiet, now)
        if len(_stale(store, channel, quiet, now)) <= MOST_STALE:
            continue
        with store.writing() as writing:
            stale = _stale(store, channel, quiet, now)
            if len(stale) <= MOST_STALE:
                continue
            one = digest(channel, [entry.alert for entry in stale], at=now)
            writing.queue(one, channels=[channel], now=now)
            writing.put_into_digest([entry.id for entry in stale], one.key, now=now)
            writing.record(
                "alerts_gathered",
                at=now,
                account=one.account,
                alert=one.key,
                channel=channel,
                count=len(stale),
            )
        gathered[channel] = len(stale)
    return gathered


def _give_way(store: Store, channel: str, quiet: QuietHours, now: datetime) -> None:
    if not _overtaken(store, channel, quiet, now):
        return
    with store.writing() as writing:
        for entry, later in _overtaken(store, channel, quiet, now):
            writing.put_into_digest([entry.id], later.key, now=now)
            alert = entry.alert
            facts = {"alert": alert.key, "channel": channel, "by": later.key}
            writing.record("alert_overtaken", at=now, account=alert.account, order=alert.order, **facts)


def _overtaken(store: Store, channel: str, quiet: QuietHours, now: datetime) -> list[tuple[Waiting, Alert]]:
    """Return the stale rounds of cases of which a later round waits, each with that."""
    waiting = store.unsent(channel, queued_before=now + timedelta(seconds=1), now=now)
    rounds = [entry for entry in waiting if entry.alert.kind in ROUNDS and entry.alert.case]
    last = {entry.alert.case: entry.alert for entry in rounds}
    return [
        (entry, later)
        for entry in rounds
        if (later := last[entry.alert.case]).key != entry.alert.key
        and is_late(entry.alert, quiet, now=now)
        and (entry.alert.wakes is None or later.wakes is not None)
    ]


def _stale(store: Store, channel: str, quiet: QuietHours, now: datetime) -> list[Waiting]:
    waiting = store.unsent(channel, queued_before=now - CRITICAL_FOR, now=now)
    return [
        entry
        for entry in waiting
        if entry.alert.kind not in _ON_ITS_OWN and is_late(entry.alert, quiet, now=now)
    ]
