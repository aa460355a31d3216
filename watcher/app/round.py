"""One round of whatever is due: reminders into the outbox, the outbox to the channels."""

from collections.abc import Callable
from datetime import datetime, timedelta

from watcher.app.deliver import deliver_due, queue_reminders
from watcher.app.ports import Postman, Store, Waiting


def deliver_round(
    store: Store, postman: Postman, *, remind_every: timedelta, clock: Callable[[], datetime]
) -> list[Waiting]:
    """Queue the reminders that are due, then hand over everything that is due; returns what a channel took."""
    queue_reminders(store, channels=list(postman.names()), every=remind_every, clock=clock)
    return deliver_due(store, postman, clock=clock)
