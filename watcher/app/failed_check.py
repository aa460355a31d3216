"""What is remembered of a check that could not even look: no browser, killed at its deadline, broken down."""

from collections.abc import Callable
from datetime import datetime

from watcher.app.ports import Store
from watcher.domain.cadence import Pace
from watcher.domain.compare import compare
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.plan import plan_check
from watcher.domain.reading import Reading


def remember_failed_check(
    store: Store,
    account: str,
    *,
    reason: str,
    pace: Pace,
    channels: list[str],
    jitter: float,
    clock: Callable[[], datetime],
    cause: Cause = Cause.CHECK_FAILED,
) -> None:
    """Count the failure, plan the next try and tell the seller from the third in a row on: silence must alarm, too."""
    now = clock()
    reading = Reading(account=account, taken_at=now, outcome=Outcome.UNREACHABLE, cause=cause)
    with store.writing() as writing:
        orders = store.history(account).orders_at_hand()
        plan = plan_check(
            account=store.account(account),
            reading=reading,
            comparison=compare(orders, reading),
            cases=store.history(account).cases_of(orders),
            around=None,
            pace=pace,
            jitter=jitter,
            listing_digest=None,
        )
        writing.save_account(plan.account)
        for event in plan.events:
            writing.record_event(event)
        for alert in plan.alerts:
            writing.queue(alert, channels=channels, now=now)
        writing.record("check_failed", at=now, account=account, reason=reason)
