"""Which part of a conversation is about which of its orders: two people may deal with each other more than once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from watcher.domain.message import Message
from watcher.domain.order import Order
from watcher.domain.stage import Stage, has_reached


def share_of(order: Order, others: Iterable[Order], messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages of a conversation that can be about an order.

    1. They begin where the deal before it ended, and end where the deal after it was made. So what was written between two
       deals counts for both: about the one it may be the reason, for the other the beginning.
    2. A request that came to nothing parts nothing: the talk goes on until there is a deal.
    3. A message without a time is about the latest deal.

    Args:
        order: one order of the conversation.
        others: the conversation's orders; `order` itself may be among them.
        messages: what the two people wrote.
    """
    begun = _begun(order)
    deals = [other for other in others if other.id != order.id and _is_deal(other)]
    earlier = [other for other in deals if _begun(other) < begun]
    since = max((min(_end(other, begun), begun) for other in earlier), default=None)
    until = min((_begun(other) for other in deals if _begun(other) > begun), default=None)
    return tuple(message for message in messages if _lies_in(message.at, since, until))


def _lies_in(at: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    if at is None:
        return until is None
    return (since is None or at >= since) and (until is None or at < until)


def _begun(order: Order) -> datetime:
    return order.made_at or order.stage_at


def _end(order: Order, otherwise: datetime) -> datetime:
    return order.stage_at if order.stage.is_ended else otherwise


def _is_deal(order: Order) -> bool:
    return order.made_at is not None or has_reached(order.reached, Stage.AWAITING_PAYMENT)
