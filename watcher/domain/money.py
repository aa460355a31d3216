"""Where the money of an order is: what was agreed, what is held, what went back, what it cost besides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import CaseKind

PAYOUT_WITHIN = timedelta(days=7)
"""How long after the buyer's confirmation a pay-out may take before it is told: this program's own threshold."""
CONFIRMED_WITHIN = timedelta(days=14)
"""How long a delivered order may wait for the buyer's confirmation before it is told. With the old payment provider the
money was released 14 days after payment (the platform's help on seller protection); for the new one no number is known."""


class MoneyState(StrEnum):
    """Where the price of an order is."""

    EXPECTED = "expected"
    """Agreed, not paid yet."""
    HELD = "held"
    """Paid by the buyer, kept by the payment provider."""
    AT_RISK = "at_risk"
    """Paid or to be paid, while the goods are away and the sale is off or contested."""
    GOING_BACK = "going_back"
    """The sale is off and the goods are at home: the buyer gets the money back."""
    RELEASED = "released"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    NONE = "none"
    """No sale, or nothing was paid."""
    UNKNOWN = "unknown"


class CostKind(StrEnum):
    """What money beside the price was for."""

    INTERCEPT_FEE = "intercept_fee"
    RETURN_POSTAGE = "return_postage"
    POSTAGE = "postage"
    REFUND_PART = "refund_part"
    """A part of the price that went back to the buyer."""
    OTHER = "other"


class Payer(StrEnum):
    """Who bears a cost."""

    SELLER = "seller"
    BUYER = "buyer"
    CARRIER = "carrier"
    PLATFORM = "platform"
    OPEN = "open"
    """Not settled yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One sum beside the price, as the seller wrote it down."""

    order: str
    at: datetime
    kind: CostKind
    cents: int
    payer: Payer
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMoney:
    """Where the money of one order is."""

    order: str
    state: MoneyState
    price_cents: int | None
    refunded_cents: int | None
    """What went back to the buyer; `None` where nobody knows how much."""
    own_costs_cents: int
    """What the seller bears besides."""
    open_costs_cents: int
    """Costs of which it is not settled who bears them."""
    overdue_since: datetime | None = None
    """Since when money should have moved that has not been seen moving."""


def money_of(order: Order, cases: Iterable[Case], costs: Iterable[Cost], *, now: datetime) -> OrderMoney:
    """Say where an order's money is, as far as the page and the seller's own entries tell."""
    own = [cost for cost in costs if cost.order == order.id]
    case = max(
        (case for case in cases if case.order == order.id), key=lambda each: each.opened_at, default=None
    )
    parts = refunded_parts(own)
    besides = [cost for cost in own if cost.kind is not CostKind.REFUND_PART]
    state = _state(order, case)
    if parts and state not in {MoneyState.REFUNDED, MoneyState.GOING_BACK}:
        whole = order.amount_cents is not None and parts >= order.amount_cents
        state = MoneyState.REFUNDED if whole else MoneyState.PARTLY_REFUNDED
    return OrderMoney(
        order=order.id,
        state=state,
        price_cents=order.amount_cents,
        refunded_cents=(parts or order.amount_cents) if state is MoneyState.REFUNDED else parts,
        own_costs_cents=sum(cost.cents for cost in besides if cost.payer is Payer.SELLER),
        open_costs_cents=sum(cost.cents for cost in besides if cost.payer is Payer.OPEN),
        overdue_since=overdue_since(order, case, now=now),
    )


def refunded_parts(costs: Iterable[Cost]) -> int:
    """Return the cents of the price that went back in parts, as the seller wrote them down; what was taken back is left out."""
    return sum(cost.cents for cost in costs if cost.kind is CostKind.REFUND_PART)


def overdue_since(order: Order, case: Case | None, *, now: datetime) -> datetime | None:
    """Return since when money should have moved; `None` while it is in time, or nobody can say."""
    refund = case.step("refund_seen") if case is not None and case.is_open else None
    if refund is not None and refund.is_open and order.stage is not Stage.REFUNDED:
        due = refund.due_at
    elif order.stage is Stage.RECEIVED:
        due = order.stage_at + PAYOUT_WITHIN
    elif order.stage is Stage.DELIVERED:
        due = order.stage_at + CONFIRMED_WITHIN
    else:
        due = None
    return due if due is not None and due <= now else None


def total(sums: Sequence[OrderMoney], state: MoneyState) -> int:
    """Return the prices of all orders whose money is there, in cents; one without a known price counts nothing."""
    return sum(each.price_cents or 0 for each in sums if each.state is state)


_PLAIN = {
    Stage.REQUESTED: MoneyState.NONE,
    Stage.AWAITING_PAYMENT: MoneyState.EXPECTED,
    Stage.PAID: MoneyState.HELD,
    Stage.SHIPPED: MoneyState.HELD,
    Stage.DELIVERED: MoneyState.HELD,
    Stage.RECEIVED: MoneyState.HELD,
    Stage.PAID_OUT: MoneyState.RELEASED,
    Stage.DECLINED: MoneyState.NONE,
    Stage.DISPUTED: MoneyState.AT_RISK,
    Stage.REFUNDED: MoneyState.REFUNDED,
    Stage.UNKNOWN: MoneyState.UNKNOWN,
}


def _state(order: Order, case: Case | None) -> MoneyState:
    if order.stage in _PLAIN:
        return _PLAIN[order.stage]
    if order.reached is not None and not has_reached(order.reached, Stage.PAID):
        return MoneyState.NONE
    if order.reached is None and case is None:
        return MoneyState.UNKNOWN
    if case is not None and case.kind is CaseKind.BEFORE_SHIPMENT:
        return MoneyState.GOING_BACK
    return MoneyState.AT_RISK
