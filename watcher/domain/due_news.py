"""Which steps of a case are told because their time has come."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.playbook import STEPS_SEEN_WITH_REFUND
from watcher.domain.step import Step, before_night, is_by_day

JUST_ACKNOWLEDGED = timedelta(hours=1)
"""Whoever has just said "I have it" has the whole case before their eyes."""
AHEAD_OF_URGENT = timedelta(hours=4)
"""How long before its time an urgent step is told: afterwards it may be too late to do it."""
LOOK_WITHIN = timedelta(days=1)
"""How long the word that something was not seen waits for a check that could have seen it."""


def due_steps(
    case: Case, order: Order, *, told: Collection[str], now: datetime, stopped_at: datetime | None = None
) -> tuple[Step, ...]:
    """Return the steps of a case that are to be told now, in the case's order; each of them once per due time.

    1. Only open tasks of an open case that somebody has acknowledged, not just now: until then reminders say all of it.
       Where those have stopped by themselves, nobody else would say it.
    2. A step that can wait is told at its time, by day.
    3. An urgent one that falls due after the acknowledgement is told some hours before, in the evening if that is a
       night; one whose time has passed waits for the day, too.
    4. That a check did not see something is told once a check has looked after the time, or could not for a day.

    Args:
        case: the case as it is planned now.
        order: its order.
        told: the marks (`due_mark`) of the steps that were told before.
        now: the present moment.
        stopped_at: when reminders stopped although nobody has acknowledged the case.
    """
    acknowledged_at = case.acknowledged_at or stopped_at
    if not case.is_open or acknowledged_at is None:
        return ()
    if timedelta(0) <= now - acknowledged_at < JUST_ACKNOWLEDGED:
        return ()
    return tuple(
        step
        for step in case.steps
        if step.is_open and step.is_task
        if _has_come(step, order, acknowledged_at=acknowledged_at, now=now) and due_mark(step) not in told
    )


def due_mark(step: Step) -> str:
    """Return what names a step with its due time; another time makes it another one."""
    return f"{step.id}/{step.due_at.astimezone(UTC).isoformat() if step.due_at else ''}"


def step_due(case: Case, steps: Sequence[Step], *, at: datetime) -> Alert:
    """Return the one alert that tells of all of them; its details name each (`step`), the first one first."""
    return Alert(
        key=f"{case.id}/due/{due_mark(steps[0])}",
        kind=AlertKind.STEP_DUE,
        account=case.account,
        at=at,
        critical=any(step.urgent for step in steps),
        order=case.order,
        case=case.id,
        details=tuple(("step", step.id) for step in steps),
    )


def _has_come(step: Step, order: Order, *, acknowledged_at: datetime, now: datetime) -> bool:
    due = step.due_at
    if due is None:
        return False
    if step.urgent and now < due:
        return before_night(due - AHEAD_OF_URGENT) <= now and acknowledged_at < due
    if now < due or not is_by_day(now) or (step.urgent and due <= acknowledged_at):
        return False
    waits_for_a_look = step.id in STEPS_SEEN_WITH_REFUND and order.last_seen_at < due
    return not waits_for_a_look or now >= due + LOOK_WITHIN
