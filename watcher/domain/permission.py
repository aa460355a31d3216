"""Whether the site may be visited now."""

from collections.abc import Collection
from datetime import datetime, timedelta

from watcher.domain.account import Account
from watcher.domain.cadence import Pace, Reason
from watcher.domain.outcome import Outcome


def is_due(account: Account, modes: Collection[str], *, asked: bool, floor: timedelta, now: datetime) -> bool:
    """Whether the daemon is to visit an account now; never sooner after the last visit than the floor."""
    visits = (account.last_check_at, account.ads_read_at)
    if any(at is not None and timedelta(0) <= now - at < floor for at in visits):
        return False
    has_come = account.next_check_at is None or account.next_check_at <= now
    return has_come and comes_by_itself(account, modes, asked=asked)


def comes_by_itself(account: Account, modes: Collection[str], *, asked: bool) -> bool:
    """Whether the next check of an account takes place when its time has come.

    `scheduled`: always. `mail`: only while a mail's question is unanswered (`asked`), so that a visit that failed is tried
    again, or while threads wait that no visit has opened yet. Otherwise (`passive`) never: the human browses.
    """
    if "scheduled" in modes:
        return True
    return "mail" in modes and (asked or _has_more_to_read(account))


def _has_more_to_read(account: Account) -> bool:
    return account.last_outcome is Outcome.PARTIAL and account.next_check_reason in {
        Reason.MORE_TO_READ,
        Reason.BUDGET,
    }


def what_holds_back(account: Account, pace: Pace, *, now: datetime, scheduled: bool) -> Reason | None:
    """Return what speaks against a visit now, or `None`.

    1. A block's cool-down holds back everybody.
    2. A day's page loads that are spent hold back the schedule (and a mail that rings), not a person at the keyboard:
       people make no storms. What they load counts all the same.
    """
    if account.cool_down_until is not None and now < account.cool_down_until:
        return Reason.COOL_DOWN
    spent = pace.pages_per_day is not None and account.loads.on(now) >= pace.pages_per_day
    return Reason.BUDGET if spent and scheduled else None
