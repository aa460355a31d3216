"""Watching the channels themselves: quiet tests, and a word on the others when one is dead."""

from collections.abc import Callable, Sequence
from datetime import datetime

from watcher.app.deliver import failure_of
from watcher.app.ports import Prober, Store, Undelivered
from watcher.domain.alert import Alert
from watcher.domain.channel_health import channel_news


def queue_channel_news(
    store: Store, *, channels: Sequence[str], account: str, clock: Callable[[], datetime]
) -> list[Alert]:
    """Queue what the other channels must be told of one: that it is dead, again each day, and that it works again.

    Where there is no other channel nobody can be told, and nothing counts as told; `status` shows it all the same.
    """
    now, queued = clock(), []
    for name in channels:
        others = [other for other in channels if other != name]
        if not others or channel_news(store.channel_health(name), account=account, now=now) is None:
            continue
        with store.writing() as writing:
            # Looked at again inside the transaction: another process may have come first.
            news = channel_news(store.channel_health(name), account=account, now=now)
            if news is None:
                continue
            alert, told = news
            writing.queue(alert, channels=others, now=now)
            writing.save_channel_health(told)
            writing.record(str(alert.kind), at=now, channel=name)
        queued.append(alert)
    return queued


def due_for_test(store: Store, *, channels: Sequence[str], now: datetime) -> list[str]:
    """Return the channels that are to be tested quietly now."""
    resting = {name: store.channel_health(name) for name in channels}
    if not any(health.test_is_due(now=now, something_waits=False) for health in resting.values()):
        return []  # what waits need not be looked up every few seconds
    waiting = _waited_for(store)
    return [
        name
        for name, health in resting.items()
        if health.test_is_due(now=now, something_waits=name in waiting)
    ]


def try_quietly(
    store: Store, prober: Prober, *, channels: Sequence[str], clock: Callable[[], datetime]
) -> list[str]:
    """Test the channels whose turn it is, and remember how each test ended; returns those that were tested."""
    due = due_for_test(store, channels=channels, now=clock())
    for name in due:
        try:
            prober.probe(name)
        except Undelivered as fault:
            with store.writing() as writing:
                health = store.channel_health(name)
                writing.save_channel_health(health.failed(failure_of(fault), at=clock(), by_test=True))
                writing.record("channel_test_failed", at=clock(), channel=name, permanent=fault.permanent)
        else:
            waits = name in _waited_for(store)
            with store.writing() as writing:
                health = store.channel_health(name)
                writing.save_channel_health(health.passed_test(at=clock(), something_waits=waits))
    return due


def remember_trial(
    store: Store, channel: str, fault: Undelivered | None, *, clock: Callable[[], datetime]
) -> None:
    """Remember how a test alert fared that a person has sent.

    One that was taken shows that the channel is mended: what waits for it is tried at once.
    """
    with store.writing() as writing:
        health = store.channel_health(channel)
        now = clock()
        known = health.took(at=now) if fault is None else health.failed(failure_of(fault), at=now)
        if fault is None:
            writing.retry_now(channel, now=now)
        writing.save_channel_health(known)


def _waited_for(store: Store) -> set[str]:
    waiting = store.on_their_way()
    return {entry.channel for entry in waiting if entry.sent_at is None and entry.dropped_at is None}
