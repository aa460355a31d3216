"""The summary: when it is due, and what it says. A watch that never speaks cannot be told from one that has died."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import Step, is_by_day

_MONDAY = 0


class SummaryEvery(StrEnum):
    """How often a summary comes."""

    WEEKLY = "weekly"
    """On Mondays."""
    DAILY = "daily"
    NEVER = "never"

    @property
    def span(self) -> timedelta:
        """What one summary is about."""
        return timedelta(days=7) if self is SummaryEvery.WEEKLY else timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPlan:
    """When the seller wants to hear that all is well, on a German clock."""

    every: SummaryEvery = SummaryEvery.WEEKLY
    at: time = time(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """A step that waits for the seller."""

    case: Case
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a summary tells."""

    since: datetime
    stages: Mapping[Stage, int]
    """How many orders stand where, those that are under way; the earliest stage first."""
    ended: Mapping[Stage, int]
    """How many orders have ended since then, and how."""
    steps: tuple[OpenStep, ...]
    """What waits for the seller, what is due first."""
    good_checks: int
    """Checks that saw everything, and understood it."""
    bad_checks: int
    """Checks that did not."""
    channels: tuple[ChannelHealth, ...]


def summary_due(
    plan: SummaryPlan, *, watched_since: datetime | None, account: str, now: datetime
) -> Alert | None:
    """Return the summary whose time has come last; `None` before the first one, and at night.

    Its key is that of its day: whoever queues it once has told it. One whose time came while the machine was off comes
    late, and those before it not at all.
    """
    if plan.every is SummaryEvery.NEVER or watched_since is None or not is_by_day(now):
        return None
    slot = last_slot(plan, now=now)
    if slot <= watched_since:
        return None
    return Alert(
        key=f"{AlertKind.SUMMARY}/{plan.every}/{slot.astimezone(BERLIN).date().isoformat()}",
        kind=AlertKind.SUMMARY,
        account=account,
        at=now,
        details=(
            ("every", plan.every.value),
            ("since", max(slot - plan.every.span, watched_since).isoformat()),
        ),
    )


def last_slot(plan: SummaryPlan, *, now: datetime) -> datetime:
    """Return the latest moment at which a summary was to come, by the German clock."""
    today = now.astimezone(BERLIN).date()
    days = 7 if plan.every is SummaryEvery.WEEKLY else 1
    back = (today.weekday() - _MONDAY) % days
    slot = _moment(today - timedelta(days=back), plan.at)
    return slot if slot <= now else _moment(today - timedelta(days=back + days), plan.at)


def summarise(
    *,
    since: datetime,
    orders: Iterable[Order],
    cases: Iterable[Case],
    good_checks: int,
    bad_checks: int,
    channels: Sequence[ChannelHealth],
) -> Summary:
    """Return the summary of what is known."""
    orders = list(orders)
    open_cases = [case for case in cases if case.is_open]
    steps = [
        OpenStep(case=case, step=step)
        for case in open_cases
        for step in case.steps
        if step.is_open and step.is_task
    ]
    latest = datetime.max.replace(tzinfo=UTC)
    steps.sort(key=lambda waiting: (waiting.step.due_at or latest, waiting.case.id))
    return Summary(
        since=since,
        stages=_counted(order.stage for order in orders if not order.stage.is_ended),
        ended=_counted(order.stage for order in orders if order.stage.is_ended and order.stage_at >= since),
        steps=tuple(steps),
        good_checks=good_checks,
        bad_checks=bad_checks,
        channels=tuple(channels),
    )


def watched_since(accounts: Iterable[Account]) -> datetime | None:
    """Return when the first account was checked first; `None` before that."""
    return min((account.watched_since for account in accounts if account.watched_since), default=None)


def _counted(stages: Iterable[Stage]) -> Mapping[Stage, int]:
    counts = Counter(stages)
    return {stage: counts[stage] for stage in Stage if counts[stage]}


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, BERLIN).astimezone(UTC)
