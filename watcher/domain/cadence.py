"""How soon the next check comes: it follows the money at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.case import Case, CaseKind
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage


class Reason(StrEnum):
    """Why the next check comes when it comes."""

    PARCEL_CASE_OPEN = "parcel_case_open"
    CASE_OPEN = "case_open"
    LIVE_ORDERS = "live_orders"
    QUIET = "quiet"
    BACK_OFF = "back_off"
    COOL_DOWN = "cool_down"
    WAITING_FOR_HUMAN = "waiting_for_human"
    MORE_TO_READ = "more_to_read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The intervals in force. `floor` is a promise to the site: no interval and no jitter goes below it."""

    floor: timedelta
    hot: timedelta
    live: timedelta
    quiet: timedelta
    cool_down: timedelta = timedelta(hours=1)
    longest_cool_down: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCheck:
    """When to look again, and why then."""

    at: datetime
    reason: Reason


def next_check(
    *,
    now: datetime,
    outcome: Outcome,
    failures: int,
    orders: Sequence[Order],
    cases: Sequence[Case],
    pace: Pace,
    jitter: float,
    more_to_read: bool = False,
) -> NextCheck:
    """Plan the next visit.

    Args:
        now: when the check that just ended took place.
        outcome: how it ended.
        failures: how many checks in a row, this one included, were not ok.
        orders: the account's orders as they are now.
        cases: the account's cases as they are now.
        pace: the intervals in force.
        jitter: a random number in [0, 1); the visit comes up to 20 % earlier or later, never below the floor.
        more_to_read: whether threads were left for the next visits.
    """
    interval, reason = _interval(outcome, failures, orders, cases, pace, more_to_read=more_to_read)
    if reason is Reason.COOL_DOWN:
        return NextCheck(at=now + max(interval, pace.floor), reason=reason)
    spread = interval * (0.8 + 0.4 * jitter)
    return NextCheck(at=now + max(spread, pace.floor), reason=reason)


def _interval(
    outcome: Outcome,
    failures: int,
    orders: Sequence[Order],
    cases: Sequence[Case],
    pace: Pace,
    *,
    more_to_read: bool,
) -> tuple[timedelta, Reason]:
    doubled = 2 ** min(max(failures - 1, 0), 16)
    if outcome is Outcome.BLOCKED:
        return min(pace.cool_down * doubled, pace.longest_cool_down), Reason.COOL_DOWN
    calm, reason = _by_risk(orders, cases, pace)
    if outcome.needs_human:
        return max(calm, pace.live), Reason.WAITING_FOR_HUMAN
    if outcome in {Outcome.UNREACHABLE, Outcome.UNREADABLE}:
        # From half the usual wait up to the quiet one: a short outage must not cost hours, a long one no storms.
        return min(max(calm / 2, pace.floor) * doubled, max(pace.quiet, calm)), Reason.BACK_OFF
    if more_to_read:
        return min(calm, pace.hot), Reason.MORE_TO_READ
    return calm, reason


def _by_risk(orders: Sequence[Order], cases: Sequence[Case], pace: Pace) -> tuple[timedelta, Reason]:
    open_cases = [case for case in cases if case.is_open]
    if any(case.kind in {CaseKind.IN_TRANSIT, CaseKind.UNCLEAR} for case in open_cases):
        return pace.hot, Reason.PARCEL_CASE_OPEN
    if open_cases:
        return pace.live, Reason.CASE_OPEN
    if any(order.stage.is_live and order.stage is not Stage.RECEIVED for order in orders):
        return pace.live, Reason.LIVE_ORDERS
    return pace.quiet, Reason.QUIET
