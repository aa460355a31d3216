"""Silence is a state that alarms: how long nobody has known for certain how things stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.domain.account import Account
from watcher.domain.cadence import Pace, Reason, calm_interval
from watcher.domain.case import Case
from watcher.domain.order import Order

_LEAST = {Reason.PARCEL_CASE_OPEN: timedelta(hours=1), Reason.QUIET: timedelta(days=1)}
_USUAL = timedelta(hours=3)
_CHECKS = 3
"""So many checks in a row must have failed to verify, whatever the interval."""
LONGEST_PAUSE = timedelta(days=1)
OVERDUE = timedelta(minutes=30)
"""A check that is late by more than this did not take place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The next time that a lasting silence is told."""

    round: int
    since: datetime
    """When all was last seen for certain."""
    urgent: bool


def unverified_since(account: Account) -> datetime | None:
    """Return when everything was last seen for certain, else when watching began; `None` before the first check."""
    return account.last_complete_at or account.watched_since


def is_verified(account: Account) -> bool:
    """Whether the last check saw everything for certain."""
    return account.last_check_at is not None and account.last_complete_at == account.last_check_at


def unverified_orders(account: Account, orders: Iterable[Order], cases: Iterable[Case] = ()) -> list[Order]:
    """Return what is at stake on an account and was not seen by its last check, what was not seen longest first."""
    last = account.last_check_at
    at_stake = orders_at_stake(account, orders, cases)
    return [order for order in at_stake if last is not None and order.last_seen_at < last]


def orders_at_stake(account: Account, orders: Iterable[Order], cases: Iterable[Case]) -> list[Order]:
    """Return the orders of an account that each check has to see, live or with an open case; longest unseen first."""
    open_cases = {case.order for case in cases if case.is_open}
    wanted = [
        order
        for order in orders
        if order.account == account.name and (order.stage.is_live or order.id in open_cases)
    ]
    return sorted(wanted, key=lambda order: (order.last_seen_at, order.id))


def silence(
    account: Account,
    orders: Sequence[Order],
    cases: Sequence[Case],
    *,
    pace: Pace,
    now: datetime,
    awake_since: datetime,
) -> Silence | None:
    """Return what must be told now about an account that is not verified, or `None`.

    1. Patience follows the money at risk: an hour while a cancelled parcel is on its way, three while a sale is under
       way, a day when nothing is, or when checks do not come by the clock; three missed checks at least.
    2. From then on it is told again after twice the time, four times the time ..., at last once a day.
    3. Only a check that failed to verify counts, or one that is overdue although the machine is awake: a laptop's sleep
       is no silence before the first check after it has had its chance.
    """
    since = unverified_since(account)
    if since is None or not _has_failed(account, since, now=now, awake_since=awake_since):
        return None
    borne, reason = patience(orders, cases, pace)
    if now < since + _told_after(borne, account.silence_round):
        return None
    round_ = account.silence_round + 1
    while now >= since + _told_after(borne, round_):
        round_ += 1  # rounds that nobody was there to tell are not made up for
    urgent = reason is not Reason.QUIET and (reason is Reason.PARCEL_CASE_OPEN or round_ > 1)
    return Silence(round=round_, since=since, urgent=urgent)


def may_be_silent(account: Account, *, now: datetime, awake_since: datetime) -> bool:
    """Whether there may be anything to tell of an account, by its own state alone."""
    since = unverified_since(account)
    return since is not None and _has_failed(account, since, now=now, awake_since=awake_since)


def patience(orders: Sequence[Order], cases: Sequence[Case], pace: Pace) -> tuple[timedelta, Reason]:
    """Return how long a silence is borne before it is told, and what is at stake meanwhile."""
    interval, reason = calm_interval(orders, cases, pace)
    borne = max(_LEAST.get(reason, _USUAL), interval * _CHECKS)
    if not pace.by_clock and reason is not Reason.PARCEL_CASE_OPEN:
        borne = max(borne, LONGEST_PAUSE)
    return borne, reason


def _has_failed(account: Account, since: datetime, *, now: datetime, awake_since: datetime) -> bool:
    if account.last_check_at is not None and account.last_check_at > since:
        return True
    # Where the human alone has opened pages no check was ever planned: nobody has looked since watching began.
    due = since if account.last_check_at is None else account.next_check_at
    return due is not None and now - max(due, awake_since) > OVERDUE


def _told_after(borne: timedelta, round_: int) -> timedelta:
    """Return how long after the last verified moment a round is told: doubling, then daily."""
    pause, total = borne, borne
    for _ in range(round_):
        total += min(pause, LONGEST_PAUSE)
        pause = min(pause * 2, LONGEST_PAUSE)
    return total
