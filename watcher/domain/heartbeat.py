"""The dead man's switch: when somebody elsewhere may be told that the watch works. Their alarm is our silence."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.domain.account import Account
from watcher.domain.silence import is_verified

NOT_SOONER_THAN = timedelta(minutes=5)
STUCK_AFTER = timedelta(minutes=30)
"""So long an alert may be on its way before the outbox no longer moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """One alert through one channel, as far as it matters here."""

    key: str
    queued_at: datetime
    was_tried: bool
    is_over: bool
    """It was taken, or is no longer needed."""
    was_taken: bool


def stuck(outbox: Iterable[OnItsWay], *, now: datetime) -> frozenset[str]:
    """Return the keys of alerts that were tried, and that nobody has got through any channel for half an hour."""
    by_key: dict[str, list[OnItsWay]] = defaultdict(list)
    for entry in outbox:
        by_key[entry.key].append(entry)
    return frozenset(
        key
        for key, entries in by_key.items()
        if not any(entry.was_taken for entry in entries)
        and any(
            entry.was_tried and not entry.is_over and now - entry.queued_at >= STUCK_AFTER
            for entry in entries
        )
    )


def may_ping(
    accounts: Sequence[Account],
    *,
    last_ping: datetime | None,
    outbox_moves: bool,
    now: datetime,
    last_try: datetime | None = None,
) -> bool:
    """Whether it may be said now that all is well.

    1. The last check of every account that is watched saw everything, and understood it.
    2. One of them has taken place since the last ping: what was true an hour ago is not said again.
    3. The outbox is empty or moves.
    4. The last try is five minutes old, whether it worked or not; one of the future (the clock was set back) holds up nothing.

    Args:
        accounts: those of the config.
        last_ping: when a ping last arrived.
        outbox_moves: whether no alert is stuck.
        now: the present moment.
        last_try: when one was last tried, where that is later.
    """
    if not accounts or not all(is_verified(account) for account in accounts) or not outbox_moves:
        return False
    tried = max(filter(None, (last_ping, last_try)), default=None)
    if tried is not None and timedelta(0) <= now - tried < NOT_SOONER_THAN:
        return False
    if last_ping is None or last_ping > now:
        return True
    latest = max((account.last_check_at for account in accounts if account.last_check_at), default=None)
    return latest is not None and latest > last_ping
