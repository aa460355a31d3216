"""Signs worth a look: hints for the seller's own judgement, never verdicts about a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.domain.compare import is_cancellation
from watcher.domain.order import Order
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import CaseKind

LONGEST_QUOTE = 160

NEW_ACCOUNT = "new_account"
CANCELLED_AFTER_DELIVERY = "cancelled_after_delivery"
CANCELLED_AGAIN = "cancelled_again"
SAME_NAME_CANCELLED = "same_name_cancelled"
FACT_RULES = (NEW_ACCOUNT, CANCELLED_AFTER_DELIVERY, CANCELLED_AGAIN, SAME_NAME_CANCELLED)
"""The rules that need no words; what they are called and what to do stands with the others, in the pages' table."""

_YOUNG = timedelta(days=14)
_ONE_DAY = timedelta(days=1)
"""A day of registration without a time of day may seem to lie after the deal."""
MEMORY = timedelta(days=365)
"""For so long it counts that a buyer of the same name had cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing worth a look. What it means for the seller is told by its rule."""

    rule: str
    at: datetime | None = None
    """When it was written, or happened."""
    quote: str = field(default="", repr=False)
    """The buyer's own words in one line, at most 160 characters; empty where a fact is the sign."""


def signs_of_account(*, buyer_since: datetime | None, deal_at: datetime | None) -> tuple[Sign, ...]:
    """Return the sign of an account that was younger than 14 days when the deal was made."""
    if buyer_since is None or deal_at is None or not -_ONE_DAY <= deal_at - buyer_since < _YOUNG:
        return ()
    return (Sign(rule=NEW_ACCOUNT, at=buyer_since),)


def signs_of_order(
    order: Order, case_kind: CaseKind | None, earlier_orders: Iterable[Order]
) -> tuple[Sign, ...]:
    """Return what is worth a look about a cancelled order; nothing for any other.

    1. It was cancelled although the buyer had the goods. At a pickup nobody knows that from the stage.
    2. An order of the same conversation, hence of the same buyer, had been cancelled before.
    3. An order of a buyer with the same name had been, within a year: a name proves nothing, and the sign's words say so.
    """
    if not is_cancellation(order):
        return ()
    at = order.stage_at
    earlier = [
        other
        for other in earlier_orders
        if other.id != order.id
        and other.account == order.account
        and is_cancellation(other)
        and other.stage_at <= at
    ]
    found = []
    if _had_goods(order, case_kind):
        found.append(Sign(rule=CANCELLED_AFTER_DELIVERY, at=at))
    if any(other.conversation == order.conversation for other in earlier):
        found.append(Sign(rule=CANCELLED_AGAIN, at=at))
    elif order.buyer and any(
        same_name(other.buyer, order.buyer) and at - other.stage_at <= MEMORY for other in earlier
    ):
        found.append(Sign(rule=SAME_NAME_CANCELLED, at=at))
    return tuple(found)


def _had_goods(order: Order, case_kind: CaseKind | None) -> bool:
    if case_kind is not None:
        return case_kind is CaseKind.AFTER_DELIVERY
    return not order.pickup and has_reached(order.reached, Stage.DELIVERED)


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two buyers have the same name, however it is written."""
    return _name(one) == _name(other)


def _name(name: str | None) -> str:
    return " ".join((name or "").casefold().split())
