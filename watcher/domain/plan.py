"""From events to what is remembered and said: the last pure step of a check.

Left of the plan nothing is remembered; right of it nothing is decided.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.domain.account import Account
from watcher.domain.account_news import account_news
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import NextCheck, Pace, Reason, next_check
from watcher.domain.case import Case, CaseKind, case_id, kind_of
from watcher.domain.compare import Comparison
from watcher.domain.event import Event, EventKind
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.playbook import STEPS_SEEN_WITH_REFUND, Window, plan, replan
from watcher.domain.reading import ProblemKind, Reading, Statement
from watcher.domain.stage import ENDED

OPENS_CASE = frozenset({EventKind.ORDER_CANCELLED, EventKind.ORDER_REFUNDED, EventKind.ORDER_DISPUTED})
_ENDED = frozenset(stage.value for stage in ENDED)
_WAY = (CaseKind.UNCLEAR, CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that one transaction will write."""

    account: Account
    orders: tuple[Order, ...]
    cases: tuple[Case, ...]
    """Cases that are new or changed."""
    events: tuple[Event, ...]
    alerts: tuple[Alert, ...]


def plan_check(
    *,
    account: Account,
    reading: Reading,
    comparison: Comparison,
    cases: Sequence[Case],
    window_of: Callable[[Order], Window | None],
    pace: Pace,
    jitter: float,
    listing_digest: str | None,
    statements: Mapping[str, Statement] | None = None,
) -> Plan:
    """Plan what follows from a check.

    1. A cancellation, refund or dispute without an open case opens exactly one; a refund ticks the steps that wait for
       it, and is told without a second case when its cancellation's case is closed already.
    2. A cancellation or dispute that comes upon an open case (a dispute that ends in a cancellation, an order cancelled
       for the second time) is told like a new one: the case takes up where the goods are now, and an earlier
       acknowledgement does not cover it.
    3. Each new fact becomes at most one alert.
    4. Trouble with the account is an event when it begins, and an alert each day that it lasts; its end is told once.
    5. A page that the seller added (`statements`: what each said before) is told when it begins to speak of a
       cancellation, a refund or a problem more often than before.
    6. A login that is likely to end soon is announced once, and so is a day's budget of pages that is spent.
    7. The next check follows the money at risk, within that budget.
    """
    orders = {order.id: order for order in comparison.orders}
    of_order = _latest_by_order(cases)
    counts = {order: sum(case.order == order for case in cases) for order in of_order}
    changed: dict[str, Case] = {}
    alerts: list[Alert] = []
    for event in comparison.events:
        order = orders[event.order] if event.order else None
        if order is None:
            continue
        case = of_order.get(order.id)
        if event.kind in OPENS_CASE and (case is None or not (case.is_open or _is_late_refund(event))):
            opened = _open_case(order, event, counts.get(order.id, 0), window_of(order))
            of_order[order.id] = changed[opened.id] = opened
            alerts.append(_case_opened(opened, event))
        elif event.kind is EventKind.ORDER_REFUNDED and case is not None:
            of_order[order.id] = changed[case.id] = _tick_refund(case, event)
            alerts.append(_order_alert(AlertKind.REFUND_SEEN, event, case=case.id))
        elif event.kind in OPENS_CASE and case is not None:
            of_order[order.id] = changed[case.id] = again = _taken_up_again(
                case, order, event, window_of(order)
            )
            alerts.append(_case_opened(again, event, key=f"{case.id}/{event.at.isoformat()}"))
        elif event.kind is EventKind.ORDER_REINSTATED:
            alerts.append(
                _order_alert(
                    AlertKind.ORDER_REINSTATED, event, case=case.id if case and case.is_open else None
                )
            )
        elif event.kind is EventKind.ORDER_UNKNOWN:
            alerts.append(_order_alert(AlertKind.ORDER_UNKNOWN, event))
        elif event.kind is EventKind.ORDER_STILL_MISSING:
            alerts.append(_order_alert(AlertKind.ORDER_MISSING, event))
    news = account_news(account, reading, statements=statements or {}, pages_per_day=pace.pages_per_day)
    listing = reading.listing
    all_cases = {**{case.id: case for case in cases}, **changed}
    was_read = reading.outcome.was_read
    failures = 0 if was_read else account.failures + 1
    blocks = 0 if was_read else account.blocks + (reading.outcome is Outcome.BLOCKED)
    following = next_check(
        now=reading.taken_at,
        outcome=reading.outcome,
        failures=failures,
        orders=tuple(orders.values()),
        cases=tuple(all_cases.values()),
        pace=pace,
        jitter=jitter,
        blocks=blocks,
        pages_left=news.pages_left,
        pages=reading.pages,
        more_to_read=any(problem.kind is ProblemKind.THREADS_POSTPONED for problem in reading.problems),
    )
    cool_down_until = _cool_down(account, reading, following)
    following = _not_before(following, cool_down_until)
    after = replace(
        account,
        watched_since=account.watched_since or reading.taken_at,
        told_outcome=news.told_outcome,
        told_at=news.told_at,
        loads=news.loads,
        session=news.session,
        login=reading.login or (account.login if news.session.since else None),
    )
    if not reading.by_human:
        after = replace(
            after,
            last_check_at=reading.taken_at,
            last_outcome=reading.outcome,
            last_cause=reading.cause,
            last_complete_at=reading.taken_at if reading.complete else account.last_complete_at,
            last_whole_at=reading.taken_at if listing and listing.whole else account.last_whole_at,
            list_total=listing.total if listing and listing.complete else account.list_total,
            failures=failures,
            blocks=blocks,
            next_check_at=following.at,
            next_check_reason=following.reason,
            cool_down_until=cool_down_until,
            silence_round=0 if reading.complete else account.silence_round,
            listing_digest=listing_digest or account.listing_digest,
        )
    return Plan(
        account=after,
        orders=comparison.orders,
        cases=tuple(changed.values()),
        events=(*news.events, *comparison.events),
        alerts=(*news.alerts, *alerts),
    )


def _cool_down(account: Account, reading: Reading, following: NextCheck) -> datetime | None:
    """Return until when nobody visits. That a block is over is shown by a page of the site, not by a visit that met none."""
    if reading.outcome is Outcome.BLOCKED:
        return following.at
    lasts = account.cool_down_until is not None and account.cool_down_until > reading.taken_at
    return account.cool_down_until if lasts and reading.outcome is Outcome.UNREACHABLE else None


def _not_before(following: NextCheck, pause: datetime | None) -> NextCheck:
    if pause is None or following.at >= pause:
        return following
    return NextCheck(at=pause, reason=Reason.COOL_DOWN)


def _latest_by_order(cases: Sequence[Case]) -> dict[str, Case]:
    return {case.order: case for case in sorted(cases, key=lambda case: (case.opened_at, case.id))}


def _open_case(order: Order, event: Event, ordinal: int, window: Window | None) -> Case:
    kind = kind_of(order)
    case = Case(
        id=case_id(order.id, ordinal),
        order=order.id,
        account=order.account,
        kind=kind,
        confidence=order.confidence,
        opened_at=event.at,
        steps=plan(kind, at=event.at, window=window, pickup=bool(order.pickup)),
    )
    return _tick_refund(case, event) if event.kind is EventKind.ORDER_REFUNDED else case


def _is_late_refund(event: Event) -> bool:
    """Whether the refund follows an end that has had its case."""
    return event.kind is EventKind.ORDER_REFUNDED and dict(event.details).get("from") in _ENDED


def _taken_up_again(case: Case, order: Order, event: Event, window: Window | None) -> Case:
    """Return an open case after a further cancellation or dispute.

    Goods move on: what the case knows already, perhaps by the seller's own answer, is never taken back.
    """
    kind = kind_of(order)
    further = CaseKind.DISPUTED in {kind, case.kind} or _WAY.index(kind) > _WAY.index(case.kind)
    if kind is not case.kind and further:
        case = replan(case, kind, at=event.at, window=window, pickup=bool(order.pickup))
    return replace(case, acknowledged_at=None)


def _tick_refund(case: Case, event: Event) -> Case:
    for step in case.steps:
        if step.id in STEPS_SEEN_WITH_REFUND:
            case = case.with_step_done(step.id, at=event.at, by="seen")
    return case


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
