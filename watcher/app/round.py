"""One round of whatever is due: what time has brought into the outbox, the outbox to the channels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.app.case_book import CaseRules
from watcher.app.deliver import deliver_due, queue_reminders
from watcher.app.ports import Postman, Store, Waiting
from watcher.app.silence import queue_silence
from watcher.app.timely import SellerWays, follow_time, queue_timely
from watcher.domain.cadence import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """What is in force when something is told because its time has come."""

    accounts: Sequence[str]
    """The accounts of the config; those that were taken out of it are no longer watched."""
    pace: Pace
    remind_every: timedelta
    cases: CaseRules
    seller: SellerWays = field(default_factory=SellerWays)


def deliver_round(
    store: Store, postman: Postman, *, rules: RoundRules, clock: Callable[[], datetime]
) -> list[Waiting]:
    """Queue all that has come due, then hand over; returns what a channel took."""
    channels = list(postman.names())
    queue_nagging(store, rules=rules, channels=channels, clock=clock)
    queue_news_of_time(store, rules=rules, channels=channels, clock=clock)
    return deliver_due(store, postman, clock=clock)


def queue_nagging(
    store: Store,
    *,
    rules: RoundRules,
    channels: Sequence[str],
    clock: Callable[[], datetime],
    awake_since: datetime | None = None,
) -> None:
    """Queue the reminders that are due and what must be told of silence.

    `awake_since`: since when checks could have been made; `None`: since this very moment.
    """
    queue_reminders(store, channels=list(channels), every=rules.remind_every, clock=clock)
    queue_silence(
        store,
        accounts=rules.accounts,
        pace=rules.pace,
        channels=channels,
        clock=clock,
        awake_since=awake_since,
    )


def queue_news_of_time(
    store: Store, *, rules: RoundRules, channels: Sequence[str], clock: Callable[[], datetime]
) -> None:
    """Let the cases follow the time, then queue what has come due; without a channel nothing counts as told."""
    follow_time(store, rules=rules.cases, channels=channels, clock=clock)
    if channels:
        queue_timely(
            store,
            accounts=rules.accounts,
            rules=rules.cases,
            seller=rules.seller,
            channels=channels,
            clock=clock,
        )
