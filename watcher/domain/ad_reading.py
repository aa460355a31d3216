"""When the own ads are read by the clock: rarely, by day, and never before a check."""

from collections.abc import Collection
from datetime import datetime, timedelta

from watcher.domain.account import Account
from watcher.domain.cadence import Pace
from watcher.domain.permission import what_holds_back
from watcher.domain.quiet_hours import QuietHours

SOONEST = timedelta(days=1)
"""How soon the next reading follows where ads wait whose page was never opened."""


def reading_is_due(
    account: Account,
    *,
    every: timedelta,
    has_waiting: bool,
    modes: Collection[str],
    pace: Pace,
    quiet: QuietHours,
    now: datetime,
) -> bool:
    """Whether the daemon is to read an account's own ads now.

    1. Only where the clock brings the visits, and the last check could read the account: trouble is a check's affair.
    2. Never within a block's cool-down, at night, in quiet hours, or while a check is due or one was just made.
    3. When the last reading is older than `every`; a day is enough while ads wait that were never opened.
    """
    if "scheduled" not in modes or account.last_outcome is None or not account.last_outcome.was_read:
        return False
    is_night = QuietHours(hours=pace.night).is_quiet(now) or quiet.is_quiet(now)
    if is_night or what_holds_back(account, pace, now=now, scheduled=True) is not None:
        return False
    if account.next_check_at is None or account.next_check_at <= now or _is_recent(account, pace.floor, now):
        return False
    wait = min(every, SOONEST) if has_waiting else every
    return account.ads_read_at is None or not timedelta(0) <= now - account.ads_read_at < wait


def _is_recent(account: Account, floor: timedelta, now: datetime) -> bool:
    return account.last_check_at is not None and timedelta(0) <= now - account.last_check_at < floor
