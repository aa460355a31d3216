"""Telling that nobody knows for certain how things stand, and that this has lasted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.app.ports import Store
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import Pace
from watcher.domain.silence import may_be_silent, silence


def queue_silence(
    store: Store,
    *,
    accounts: Sequence[str],
    pace: Pace,
    channels: Sequence[str],
    clock: Callable[[], datetime],
    awake_since: datetime | None = None,
) -> list[Alert]:
    """Queue an alert for every account that has not been verified for too long, in growing rounds.

    Args:
        store: what is remembered.
        accounts: the accounts of the config; those that were taken out of it are no longer watched.
        pace: the intervals in force: how long is too long depends on them.
        channels: where alerts go.
        clock: the present moment.
        awake_since: since when checks could have been made; `None`: since this very moment.
    """
    now, queued = clock(), []
    for name in accounts:
        awake = awake_since or now
        if not may_be_silent(store.account(name), now=now, awake_since=awake):
            continue  # as nearly always: what is at stake need not be looked up
        with store.snapshot():
            account, orders = store.account(name), store.history(name).orders_at_hand()
            cases = store.history(name).cases_of(orders)
        found = silence(account, orders, cases, pace=pace, now=now, awake_since=awake)
        if found is None:
            continue
        alert = Alert(
            key=f"{name}/{AlertKind.ACCOUNT_UNVERIFIED}/{found.since.isoformat()}/{found.round}",
            kind=AlertKind.ACCOUNT_UNVERIFIED,
            account=name,
            at=now,
            critical=found.urgent,
            round=found.round,
            details=(
                ("since", found.since.isoformat()),
                ("outcome", account.last_outcome.value if account.last_outcome else ""),
                ("cause", account.last_cause.value if account.last_cause else ""),
            ),
        )
        with store.writing() as writing:
            if store.account(name) != account:
                continue  # a check has just ended: it is asked again with what is known now
            writing.save_account(replace(account, silence_round=found.round))
            writing.queue(alert, channels=channels, now=now)
            writing.record("unverified", at=now, account=name, round=found.round)
        queued.append(alert)
    return queued
