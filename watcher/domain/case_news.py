"""What a check's events mean for the cases: which open, go on or end, and what the seller is told of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case, case_id, kind_of
from watcher.domain.compare import Comparison
from watcher.domain.event import Event, EventKind
from watcher.domain.order import Order
from watcher.domain.playbook import follow, plan, replan, tick_refund
from watcher.domain.situation import Circumstances, kind_now, situation_of
from watcher.domain.stage import ENDED
from watcher.domain.step import CaseKind

Around = Callable[[Order], Circumstances]
"""What is known of an order's parcel and of talks with support."""
OPENS_CASE = frozenset({EventKind.ORDER_CANCELLED, EventKind.ORDER_REFUNDED, EventKind.ORDER_DISPUTED})
_ENDED = frozenset(stage.value for stage in ENDED)
_WAY = (CaseKind.UNCLEAR, CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNews:
    """What follows for the cases."""

    changed: tuple[Case, ...]
    """Cases that are new or changed, and those that an event was about."""
    alerts: tuple[Alert, ...]


def case_news(
    comparison: Comparison, cases: Sequence[Case], *, around: Around | None, at: datetime
) -> CaseNews:
    """Take each event to its case, then let every open case follow what is known now.

    1. A cancellation, refund or dispute without an open case opens exactly one; a refund ticks the steps that wait for
       it, and is told without a second case when its cancellation's case is closed already.
    2. A cancellation or dispute that comes upon an open case (a dispute that ends in a cancellation, an order cancelled
       for the second time) is told like a new one: the case takes up where the goods are now, and an earlier
       acknowledgement does not cover it.
    3. Each new fact becomes at most one alert.
    4. Every open case is planned anew; one that proof has ended is closed, and that is told once.
    """
    if around is None:
        return CaseNews(changed=(), alerts=())
    orders = {order.id: order for order in comparison.orders}
    latest = {case.order: case for case in sorted(cases, key=lambda case: (case.opened_at, case.id))}
    counts = Counter(case.order for case in cases)
    before = {case.id: case for case in cases}
    alerts: list[Alert] = []
    touched: set[str] = set()
    for event in comparison.events:
        order = orders[event.order] if event.order else None
        if order is None:
            continue
        case, alert = _taken(latest.get(order.id), order, event, around, ordinal=counts[order.id])
        if case is not None:
            latest[order.id] = case
            touched.add(case.id)
        if alert is not None:
            alerts.append(alert)
    for case in [case for case in latest.values() if case.is_open and case.order in orders]:
        order = orders[case.order]
        going_on = latest[order.id] = follow(case, order, around(order), at=at)
        if not going_on.is_open:
            # A pay-out ends the case; that the cancellation is no longer shown needs no letter of its own then.
            alerts = [alert for alert in alerts if not _is_reinstated(alert, going_on)]
            if not any(alert.case == case.id for alert in alerts):
                alerts.append(case_closed(going_on, at=at))
    changed = tuple(
        case for case in latest.values() if case.id in touched or before.get(case.id, case) != case
    )
    return CaseNews(changed=changed, alerts=tuple(alerts))


def _taken(
    case: Case | None, order: Order, event: Event, around: Around, *, ordinal: int
) -> tuple[Case | None, Alert | None]:
    """Return the case after the event, and what is told of it; `None` where there is nothing to change or tell."""
    if event.kind in OPENS_CASE:
        if case is None or not (case.is_open or _is_late_refund(event)):
            opened = _open_case(order, event, ordinal, around(order))
            return opened, _case_opened(opened, event)
        if event.kind is EventKind.ORDER_REFUNDED:
            return tick_refund(case, at=event.at), _order_alert(AlertKind.REFUND_SEEN, event, case=case.id)
        again = _taken_up_again(case, order, event, around(order))
        return again, _case_opened(again, event, key=f"{case.id}/{event.at.isoformat()}")
    kind = _ONLY_TOLD.get(event.kind)
    open_case = case.id if case and case.is_open and kind is AlertKind.ORDER_REINSTATED else None
    return None, _order_alert(kind, event, case=open_case) if kind else None


_ONLY_TOLD = {
    EventKind.ORDER_REINSTATED: AlertKind.ORDER_REINSTATED,
    EventKind.ORDER_UNKNOWN: AlertKind.ORDER_UNKNOWN,
    EventKind.ORDER_STILL_MISSING: AlertKind.ORDER_MISSING,
}


def _open_case(order: Order, event: Event, ordinal: int, around: Circumstances) -> Case:
    case = Case(
        id=case_id(order.id, ordinal),
        order=order.id,
        account=order.account,
        kind=kind_now(kind_of(order), around.parcel),
        confidence=order.confidence,
        opened_at=event.at,
    )
    opened = replace(case, steps=plan(situation_of(case, order, around, at=event.at)))
    return tick_refund(opened, at=event.at) if event.kind is EventKind.ORDER_REFUNDED else opened


def _is_late_refund(event: Event) -> bool:
    """Whether the refund follows an end that has had its case."""
    return event.kind is EventKind.ORDER_REFUNDED and dict(event.details).get("from") in _ENDED


def _is_reinstated(alert: Alert, case: Case) -> bool:
    return alert.kind is AlertKind.ORDER_REINSTATED and alert.case == case.id


def _taken_up_again(case: Case, order: Order, event: Event, around: Circumstances) -> Case:
    """Return an open case after a further cancellation or dispute.

    Goods move on: what the case knows already, perhaps by the seller's own answer, is never taken back.
    """
    kind = kind_of(order)
    further = CaseKind.DISPUTED in {kind, case.kind} or _WAY.index(kind) > _WAY.index(case.kind)
    case = replace(case, kind=kind if further else case.kind, acknowledged_at=None)
    return replan(case, situation_of(case, order, around, at=event.at))


def case_closed(case: Case, *, at: datetime) -> Alert:
    """Return the word that a case has come to its end by itself; once per case."""
    return Alert(
        key=f"{case.id}/closed",
        kind=AlertKind.CASE_CLOSED,
        account=case.account,
        at=at,
        order=case.order,
        case=case.id,
    )


def _case_opened(case: Case, event: Event, *, key: str | None = None) -> Alert:
    return Alert(
        key=key or f"{case.id}/0",
        kind=AlertKind.CASE_OPENED,
        account=case.account,
        at=event.at,
        critical=case.kind is not CaseKind.AFTER_DELIVERY,
        order=case.order,
        case=case.id,
    )


def _order_alert(kind: AlertKind, event: Event, *, case: str | None = None) -> Alert:
    key = f"{event.order}/{kind}/{event.at.isoformat()}"
    return Alert(key=key, kind=kind, account=event.account, at=event.at, order=event.order, case=case)
