"""One round of whatever is due: reminders and silence into the outbox, the outbox to the channels."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from watcher.app.deliver import deliver_due, queue_reminders
from watcher.app.ports import Postman, Store, Waiting
from watcher.app.silence import queue_silence
from watcher.domain.cadence import Pace


def deliver_round(
    store: Store,
    postman: Postman,
    *,
    accounts: Sequence[str],
    pace: Pace,
    remind_every: timedelta,
    clock: Callable[[], datetime],
) -> list[Waiting]:
    """Queue the reminders that are due and what must be told of silence, then hand over; returns what a channel took."""
    channels = list(postman.names())
    queue_reminders(store, channels=channels, every=remind_every, clock=clock)
    queue_silence(store, accounts=accounts, pace=pace, channels=channels, clock=clock)
    return deliver_due(store, postman, clock=clock)
