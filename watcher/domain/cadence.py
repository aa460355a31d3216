"""How soon the next check comes: it follows the money at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from watcher.domain.budget import BERLIN, next_day, shortest_interval
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind


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
    MAIL = "mail"
    """The platform sent a mail: what it is about is looked at now."""
    BUDGET = "budget"
    """The day's page loads must last until midnight."""
    DECISIVE = "decisive"
    """About then a cancelled parcel is decided: its window closes, or what was asked for must show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The intervals in force. `floor` is a promise to the site: no interval and no jitter goes below it."""

    floor: timedelta
    hot: timedelta
    live: timedelta
    quiet: timedelta
    cool_down: timedelta = timedelta(hours=1)
    longest_cool_down: timedelta = timedelta(days=1)
    pages_per_day: int | None = None
    """How many pages may be loaded in a day; `None`: the site is this very machine."""
    by_clock: bool = True
    """Whether checks come by the clock; where only mails or the human bring them, silence alarms later."""
    night: tuple[time, time] | None = None
    """From when until when, on a German clock, only an open case is worth a visit more often than `quiet`."""


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
    blocks: int = 0,
    more_to_read: bool = False,
    pages_left: int | None = None,
    pages: int = 1,
) -> NextCheck:
    """Plan the next visit; in a case whose parcel may still be stopped, no later than the next moment that decides.

    Args:
        now: when the check that just ended took place.
        outcome: how it ended.
        failures: how many checks in a row, this one included, were not ok.
        orders: the account's orders as they are now.
        cases: the account's cases as they are now.
        pace: the intervals in force.
        jitter: a random number in [0, 1); the visit comes up to 20 % earlier or later, never below the floor.
        blocks: how many blocks were met since the account was last read, this one included.
        more_to_read: whether threads were left for the next visits.
        pages_left: how many pages may still be loaded today; `None` where nobody counts.
        pages: how many this visit loaded.
    """
    if outcome is Outcome.BLOCKED:
        cool_down = min(pace.cool_down * 2 ** min(max(blocks - 1, 0), 16), pace.longest_cool_down)
        return NextCheck(at=now + max(cool_down, pace.floor), reason=Reason.COOL_DOWN)
    interval, reason = _interval(outcome, failures, orders, cases, pace, more_to_read=more_to_read)
    if reason in _WAITS_AT_NIGHT and _is_night(now, pace.night):
        interval = max(interval, pace.quiet)
    spread = max(interval * (0.8 + 0.4 * jitter), pace.floor)
    if pages_left is not None:
        if pages_left < 1:
            return NextCheck(at=next_day(now) + pace.floor * jitter, reason=Reason.BUDGET)
        lasting = shortest_interval(left=pages_left, cost=max(pages, 1), at=now)
        if lasting > spread:
            return NextCheck(at=now + lasting, reason=Reason.BUDGET)
    planned = NextCheck(at=now + spread, reason=reason)
    return (
        planned
        if reason is Reason.WAITING_FOR_HUMAN
        else _no_later_than_it_counts(planned, now, cases, pace, jitter)
    )


_MORNING = time(9, 30)
"""By then what goes out for delivery is loaded, and a request that worked begins to show."""


def decisive_moments(case: Case) -> tuple[datetime, ...]:
    """Return when it shows what becomes of a parcel that may still be stopped.

    That is when the window closes, on the morning after that, and when a request must show at the latest.
    """
    if not case.is_open or not may_still_be_stopped(case):
        return ()
    asked, shows = case.step("ask_carrier"), case.step("request_shows")
    closes = asked.due_at if asked is not None and asked.done_by != "dropped" else None
    found = [
        closes,
        closes and _next_morning(closes),
        shows.due_at if shows is not None and shows.is_open else None,
    ]
    return tuple(moment for moment in found if moment is not None)


def _next_morning(at: datetime) -> datetime:
    day = at.astimezone(BERLIN).date()
    morning = datetime.combine(day, _MORNING, BERLIN).astimezone(UTC)
    return (
        morning
        if morning > at
        else datetime.combine(day + timedelta(days=1), _MORNING, BERLIN).astimezone(UTC)
    )


def _no_later_than_it_counts(
    planned: NextCheck, now: datetime, cases: Sequence[Case], pace: Pace, jitter: float
) -> NextCheck:
    """Return the check at the nearest decisive moment where that is sooner; never below the floor."""
    moments = [moment for case in cases for moment in decisive_moments(case) if moment > now]
    nearest = max(min(moments, default=planned.at) + pace.floor * jitter, now + pace.floor)
    return NextCheck(at=nearest, reason=Reason.DECISIVE) if moments and nearest < planned.at else planned


_WAITS_AT_NIGHT = frozenset({Reason.LIVE_ORDERS, Reason.QUIET, Reason.WAITING_FOR_HUMAN, Reason.MORE_TO_READ})


def _is_night(now: datetime, night: tuple[time, time] | None) -> bool:
    if night is None:
        return False
    begin, end = night
    clock = now.astimezone(BERLIN).time()
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


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
    calm, reason = calm_interval(orders, cases, pace)
    if outcome.needs_human:
        return max(calm, pace.live), Reason.WAITING_FOR_HUMAN
    if outcome in {Outcome.UNREACHABLE, Outcome.UNREADABLE}:
        # From half the usual wait up to the quiet one: a short outage must not cost hours, a long one no storms.
        return min(max(calm / 2, pace.floor) * doubled, max(pace.quiet, calm)), Reason.BACK_OFF
    if more_to_read:
        return min(calm, pace.hot), Reason.MORE_TO_READ
    return calm, reason


_OPEN_ENDED = frozenset({"ask_buyer_to_refuse", "ask_buyer_at_door", "ask_carrier", "request_shows"})


def may_still_be_stopped(case: Case) -> bool:
    """Whether a parcel under way may still come back without reaching the buyer, as far as the case knows."""
    return any(step.is_open and step.id in _OPEN_ENDED for step in case.steps)


def _is_before_its_fork(case: Case) -> bool:
    """Whether it is still open if the goods reach the buyer: nobody knows where they are, or the parcel can be stopped."""
    return case.kind is CaseKind.UNCLEAR or may_still_be_stopped(case)


def calm_interval(orders: Sequence[Order], cases: Sequence[Case], pace: Pace) -> tuple[timedelta, Reason]:
    """Return how often to look while nothing is in the way, by the money at risk."""
    open_cases = [case for case in cases if case.is_open]
    if any(_is_before_its_fork(case) for case in open_cases):
        return pace.hot, Reason.PARCEL_CASE_OPEN
    if open_cases:
        return pace.live, Reason.CASE_OPEN
    if any(order.stage.is_live and order.stage is not Stage.RECEIVED for order in orders):
        return pace.live, Reason.LIVE_ORDERS
    return pace.quiet, Reason.QUIET
