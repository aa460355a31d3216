"""What a conversation tells beside its payment items: signs worth a look, and why a buyer cancelled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from watcher.app.ports import Writing
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.compare import is_cancellation
from watcher.domain.message import Message
from watcher.domain.order import Order
from watcher.domain.plan import Plan
from watcher.domain.reading import Reading, Thread
from watcher.domain.reason import FoundReason
from watcher.domain.signs import MEMORY, SAME_NAME_CANCELLED, Sign, signs_of_order
from watcher.domain.talk import share_of
from watcher.pages.reasons import reason_in
from watcher.pages.signs import signs_in


class CalledOff(Protocol):
    """Looks up the account's orders of buyers of that name that ended without a sale within a span."""

    def __call__(self, buyer: str, *, since: datetime, until: datetime) -> Sequence[Order]:
        """Return them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known before the reading."""

    orders: Sequence[Order]
    """Those at hand."""
    cases: Sequence[Case]
    signs_of: Callable[[str], Sequence[Sign]]
    """By the order's id."""
    reason_of: Callable[[str], FoundReason | None]
    """By the case's id."""
    called_off: CalledOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What was noticed for the first time."""

    plan: Plan
    """The check's plan, with the reasons in its cases and the alerts of the signs."""
    signs: Mapping[str, Sequence[Sign]]
    """By the order's id."""
    reasons: Mapping[str, FoundReason]
    """By the case's id."""


def notice(plan: Plan, reading: Reading, known: Known) -> Noticed:
    """Look at what was written in each thread that was read, and at what its orders add up to.

    1. Each rule's sign counts once per order, with the part of the conversation that is about it.
    2. News are told in one alert per order: the signs that are new, or all of them when the order has only now come to be
       one that is looked after. Nothing is told of an order that is over, nor of one whose case is told just now.
    3. A reason that is found becomes the case's, until the seller names one; a surer one stays.
    """
    cases = _latest({case.id: case for case in (*known.cases, *plan.cases)}.values())
    before, cases_before = {order.id: order for order in known.orders}, _latest(known.cases)
    told = {alert.order for alert in plan.alerts if alert.kind is AlertKind.CASE_OPENED}
    signs: dict[str, Sequence[Sign]] = {}
    reasons: dict[str, FoundReason] = {}
    alerts = []
    for thread, order, talk in _talks(reading, plan.orders):
        case, earlier = cases.get(order.id), known.signs_of(order.id)
        others = _with_namesakes(order, plan.orders, known.called_off, earlier=earlier)
        new = _new_signs(thread, order, talk, case, earlier=earlier, others=others)
        if new:
            signs[order.id] = new
        was_watched = _is_watched(before.get(order.id), cases_before.get(order.id))
        news = new if was_watched else (*earlier, *new)
        if news and order.id not in told and _is_watched(order, case):
            alerts.append(_alert(order, case, news, at=reading.taken_at))
        found = _reason(order, case, talk)
        if case is not None and found is not None:
            known_reason = known.reason_of(case.id)
            if found != known_reason and found.outweighs(known_reason):
                reasons[case.id] = found
    changed = {case.id: case for case in plan.cases}
    for case in cases.values():
        if case.id in reasons:
            changed[case.id] = replace(case, reason=reasons[case.id].reason, reason_found=True)
    whole = replace(plan, cases=tuple(changed.values()), alerts=(*plan.alerts, *alerts))
    return Noticed(plan=whole, signs=signs, reasons=reasons)


def keep_noticed(writing: Writing, noticed: Noticed, *, at: datetime) -> None:
    """Remember what was noticed. The ledger gets rules alone: the words are the buyer's, and can be erased."""
    orders = {order.id: order for order in noticed.plan.orders}
    for order_id, signs in noticed.signs.items():
        for sign in signs:
            writing.save_sign(order_id, sign, at=at)
        rules = [sign.rule for sign in signs]
        writing.record("signs_noticed", at=at, account=orders[order_id].account, order=order_id, rules=rules)
    for case in noticed.plan.cases:
        found = noticed.reasons.get(case.id)
        if found is not None:
            writing.save_found_reason(case.id, found, at=at)
            writing.record(
                "reason_found",
                at=at,
                account=case.account,
                order=case.order,
                case=case.id,
                reason=found.reason,
                rule=found.rule,
            )


def _talks(reading: Reading, orders: Sequence[Order]) -> Iterable[tuple[Thread, Order, tuple[Message, ...]]]:
    """Return each order whose thread was read, with the part of the conversation that is about it."""
    for thread in reading.threads:
        of_thread = [order for order in orders if order.conversation == thread.conversation]
        for order in of_thread:
            yield thread, order, share_of(order, of_thread, thread.messages)


def _latest(cases: Iterable[Case]) -> dict[str, Case]:
    """Return each order's latest case, by the order's id."""
    return {case.order: case for case in sorted(cases, key=lambda case: (case.opened_at, case.id))}


def _new_signs(
    thread: Thread,
    order: Order,
    talk: Sequence[Message],
    case: Case | None,
    *,
    earlier: Sequence[Sign],
    others: Sequence[Order],
) -> tuple[Sign, ...]:
    known = {sign.rule for sign in earlier}
    written = signs_in(talk, buyer_since=thread.buyer_since, deal_at=order.made_at, pickup=order.pickup)
    happened = signs_of_order(order, case.kind if case else None, others)
    return tuple(sign for sign in (*written, *happened) if sign.rule not in known)


def _with_namesakes(
    order: Order, orders: Sequence[Order], called_off: CalledOff, *, earlier: Sequence[Sign]
) -> Sequence[Order]:
    """Return the orders at hand; where that can tell something new, also the cancelled ones of a buyer of the same name."""
    is_known = any(sign.rule == SAME_NAME_CANCELLED for sign in earlier)
    if is_known or not is_cancellation(order) or not order.buyer:
        return orders
    found = called_off(order.buyer, since=order.stage_at - MEMORY, until=order.stage_at)
    known = {each.id for each in orders}
    return (*orders, *(each for each in found if each.id not in known))


def _is_watched(order: Order | None, case: Case | None) -> bool:
    """Whether something can still be lost with the order."""
    return order is not None and (order.stage.is_live or (case is not None and case.is_open))


def _alert(order: Order, case: Case | None, signs: Sequence[Sign], *, at: datetime) -> Alert:
    rules = sorted(sign.rule for sign in signs)
    return Alert(
        key=f"{order.id}/signs/{'+'.join(rules)}",
        kind=AlertKind.SIGNS_SEEN,
        account=order.account,
        at=at,
        order=order.id,
        case=case.id if case is not None and case.is_open else None,
    )


def _reason(order: Order, case: Case | None, talk: Sequence[Message]) -> FoundReason | None:
    """Return the reason that the buyer gave; `None` where no cancellation is handled, or the seller has named one."""
    if case is None or not case.is_open or not is_cancellation(order):
        return None
    if case.reason is not None and not case.reason_found:
        return None
    return reason_in(talk, cancelled_at=min(order.stage_at, case.opened_at))
