"""Alerts that have become pointless while they waited: what they speak of is done, or its time is over."""

from datetime import datetime

from watcher.app.ports import Store
from watcher.app.timely import waiting_to_go
from watcher.domain.acknowledgement import in_force
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import may_still_be_stopped
from watcher.domain.case import Case
from watcher.domain.late import ROUNDS, Entry, entries
from watcher.domain.late_money import still_late
from watcher.domain.question_news import still_wait

_TIME_OF_HAND_IN = {AlertKind.HAND_IN_SOON: "until", AlertKind.SHIP_BY_NEAR: "ship_by"}
"""Under which of its details such an alert holds its own end; that a day is over has none."""


def is_moot(store: Store, alert: Alert, *, now: datetime) -> bool:
    """Whether an alert that told of passing time would say nothing any more; every other alert always says something."""
    match alert.kind:
        case AlertKind.CASE_OPENED | AlertKind.CASE_REMINDER | AlertKind.ASK_BACK | AlertKind.DIGEST:
            return _has_somebody(store, alert)
        case AlertKind.STEP_DUE | AlertKind.QUESTIONS_WAIT:
            return _are_done(store, alert)
        case AlertKind.NIGHT_WATCH:
            case = _case(store, alert)
            return case is None or not may_still_be_stopped(case) or _is_over(alert, "closes", now)
        case AlertKind.HAND_IN_SOON | AlertKind.SHIP_BY_NEAR | AlertKind.SHIP_BY_OVER as kind:
            return _is_over(alert, _TIME_OF_HAND_IN.get(kind, ""), now) or not _waits_to_go(store, alert, now)
        case AlertKind.PAYOUT_OVERDUE:
            return not _is_late(store, alert, now)
        case _:
            return False


def _case(store: Store, alert: Alert) -> Case | None:
    """Return the alert's case while it is open."""
    case = store.catalogue().case(alert.case or "")
    return case if case is not None and case.is_open else None


def _is_had(store: Store, entry: Entry) -> bool:
    """Whether a line of a digest is about a case that somebody has."""
    if entry.kind not in ROUNDS:
        return False
    case = store.catalogue().case(entry.case or "")
    return case is not None and case.acknowledged_at is not None


def _has_somebody(store: Store, alert: Alert) -> bool:
    """Whether somebody has the case, or has answered the question, since the alert was leased; for a digest, all of it."""
    if alert.kind is AlertKind.DIGEST:
        told = entries(alert)
        return bool(told) and all(_is_had(store, entry) for entry in told)
    case = store.catalogue().case(alert.case or "")
    if case is None:
        return False
    if alert.kind is not AlertKind.ASK_BACK:
        return case.acknowledged_at is not None
    ack = in_force(store.acknowledgements(case.id))
    return not case.is_open or ack is None or ack.answered_at is not None


def _are_done(store: Store, alert: Alert) -> bool:
    """Whether none of the steps, or of the questions, that the alert names is open any more."""
    if alert.kind is AlertKind.QUESTIONS_WAIT:
        return not still_wait(alert, store.questions().waiting(alert.account))
    case = _case(store, alert)
    named = {value for name, value in alert.details if name == "step"}
    return case is None or not any(step.is_open and step.id in named for step in case.steps)


def _is_over(alert: Alert, name: str, now: datetime) -> bool:
    end = dict(alert.details).get(name)
    return end is not None and datetime.fromisoformat(end) <= now


def _waits_to_go(store: Store, alert: Alert, now: datetime) -> bool:
    """Whether the alert's order, or any of its account where it names none, still waits to be handed in."""
    orders = [
        order
        for order in store.orders_under_way()
        if order.account == alert.account and alert.order in {None, order.id}
    ]
    return bool(waiting_to_go(store, orders, store.open_cases(), now=now))


def _is_late(store: Store, alert: Alert, now: datetime) -> bool:
    order, cases = store.catalogue().order(alert.order or ""), store.catalogue().cases_of(alert.order or "")
    waits_for = dict(alert.details).get("waits_for", "")
    has_case = any(case.is_open for case in cases)
    return order is not None and not has_case and still_late(order, None, waits_for=waits_for, now=now)
