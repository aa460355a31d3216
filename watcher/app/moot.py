"""Alerts that have become pointless while they waited: what they speak of is done, or its time is over."""

from datetime import datetime

from watcher.app.ports import Store
from watcher.app.timely import waiting_to_go
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import may_still_be_stopped
from watcher.domain.case import Case
from watcher.domain.late_money import still_late


def is_moot(store: Store, alert: Alert, *, now: datetime) -> bool:
    """Whether an alert that told of passing time would say nothing any more; every other alert always says something."""
    match alert.kind:
        case AlertKind.STEP_DUE:
            case = _case(store, alert)
            named = {value for name, value in alert.details if name == "step"}
            return case is None or not any(step.is_open and step.id in named for step in case.steps)
        case AlertKind.NIGHT_WATCH:
            case = _case(store, alert)
            return case is None or not may_still_be_stopped(case) or _is_over(alert, "closes", now)
        case AlertKind.HAND_IN_SOON:
            orders = store.orders(alert.account)
            waiting = waiting_to_go(store, orders, store.cases(alert.account), now=now)
            return not waiting or _is_over(alert, "until", now)
        case AlertKind.PAYOUT_OVERDUE:
            return not _is_late(store, alert, now)
        case _:
            return False


def _case(store: Store, alert: Alert) -> Case | None:
    """Return the alert's case while it is open."""
    return next((case for case in store.cases(alert.account) if case.id == alert.case and case.is_open), None)


def _is_over(alert: Alert, name: str, now: datetime) -> bool:
    end = dict(alert.details).get(name)
    return end is not None and datetime.fromisoformat(end) <= now


def _is_late(store: Store, alert: Alert, now: datetime) -> bool:
    order = next((order for order in store.orders(alert.account) if order.id == alert.order), None)
    cases = [case for case in store.cases(alert.account) if case.order == alert.order and case.is_open]
    waits_for = dict(alert.details).get("waits_for", "")
    return order is not None and not cases and still_late(order, None, waits_for=waits_for, now=now)
