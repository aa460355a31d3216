"""From what was known and what was read to what happened.

A list that is empty or shorter than before never means that orders are over: an order that a complete list lacks
is *missing*, which is an event of its own and changes nothing about its stage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.domain.event import Event, EventKind
from watcher.domain.order import Order, SeenOrder, first_sight
from watcher.domain.reading import Reading, Thread
from watcher.domain.stage import MONEY_BACK, Stage, furthest, has_reached

FRESH = timedelta(days=14)
"""A cancellation younger than this opens its case even when it is met on the very first check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a reading changed: every order of the account as it is now, and the events in the order they were found."""

    orders: tuple[Order, ...]
    events: tuple[Event, ...]

    @property
    def touched(self) -> frozenset[str]:
        """Ids of the orders that an event speaks of."""
        return frozenset(event.order for event in self.events if event.order is not None)


def compare(known: Sequence[Order], reading: Reading) -> Comparison:
    """Compare a reading with what was known.

    1. Deals of each thread that was read are matched with known orders; each yields the events of its change.
    2. Live orders that their own thread no longer shows, and orders that a complete list lacks, count as missing.
    3. All other orders stay exactly as they were.
    """
    orders = {order.id: order for order in known}
    events: list[Event] = []
    absent: set[str] = set()
    for thread in reading.threads:
        of_thread = [order for order in known if order.conversation == thread.conversation]
        matched = _match(of_thread, thread)
        for seen, before in matched:
            after, new_events = _advance(before, seen, reading=reading, others=orders)
            orders[after.id] = after
            events.extend(new_events)
        found = {before.id for _, before in matched if before is not None}
        absent |= {order.id for order in of_thread if order.stage.is_live and order.id not in found}
    absent |= _not_listed(known, reading)
    for order_id in sorted(absent):
        orders[order_id], new_events = _missed(orders[order_id], at=reading.taken_at)
        events.extend(new_events)
    return Comparison(orders=tuple(orders.values()), events=tuple(events))


def is_cancellation(order: Order | SeenOrder) -> bool:
    """Whether the sale behind the order is off although money had been paid or agreed.

    A request that was declined, withdrawn or ran out is no sale, hence no cancellation.
    """
    if order.stage is Stage.EXPIRED:
        return has_reached(order.reached, Stage.PAID)
    if order.stage is Stage.DECLINED:
        return has_reached(order.reached, Stage.SHIPPED)
    return order.stage in MONEY_BACK


def _match(known: Sequence[Order], thread: Thread) -> list[tuple[SeenOrder, Order | None]]:
    """Pair each deal that the thread shows with the order it is: by shared ids, else by being the only candidate."""
    free = {order.id: order for order in known}
    pairs: dict[int, Order | None] = {}
    for index, seen in enumerate(thread.orders):
        same = next((order for order in free.values() if order.deal_ids & seen.deal_ids), None)
        if same is not None:
            pairs[index] = free.pop(same.id)
    for index, seen in reversed(list(enumerate(thread.orders))):
        if index not in pairs:
            # Newest deal first: one reader alone may show no ids, and then the live order is the one meant.
            candidates = [order for order in free.values() if not (order.deal_ids and seen.deal_ids)]
            best = max(
                candidates, key=lambda order: (order.stage.is_live, order.stage_at, order.id), default=None
            )
            pairs[index] = free.pop(best.id) if best is not None else None
    return [(seen, pairs[index]) for index, seen in enumerate(thread.orders)]


def _advance(
    before: Order | None, seen: SeenOrder, *, reading: Reading, others: dict[str, Order]
) -> tuple[Order, list[Event]]:
    at = reading.taken_at
    seen = _withdrawn_request_is_no_sale(seen, before)
    if before is None:
        ordinal = sum(order.conversation == seen.conversation for order in others.values())
        order = first_sight(seen, account=reading.account, at=at, ordinal=ordinal)
        return order, [_event(EventKind.ORDER_SEEN, order, at), *_first_sight_events(order, seen, at)]
    after = before.seen_again(seen, at=at)
    events = [_event(EventKind.ORDER_FOUND_AGAIN, after, at)] if before.missing_checks else []
    if after.stage is not before.stage:
        events.append(_stage_event(before, after, at))
    told = any(event.kind is EventKind.ORDER_UNKNOWN for event in events)
    if after.unknown_events != before.unknown_events and not told:
        events.append(_event(EventKind.ORDER_UNKNOWN, after, at))
    return after, events


def _withdrawn_request_is_no_sale(seen: SeenOrder, before: Order | None) -> SeenOrder:
    """Read "cancelled" as "declined" where the deal never got beyond a request, and nothing in it is unknown."""
    reached = furthest(seen.reached, before.reached if before else None)
    unknown = seen.unknown_events or (before.unknown_events if before else ())
    if seen.stage is Stage.CANCELLED and reached is Stage.REQUESTED and not unknown:
        return replace(seen, stage=Stage.DECLINED)
    return seen


def _stage_event(before: Order, after: Order, at: datetime) -> Event:
    change = (("from", before.stage.value), ("to", after.stage.value), ("confidence", after.confidence.value))
    if after.stage is Stage.REFUNDED:
        kind = EventKind.ORDER_REFUNDED
    elif is_cancellation(after) and not is_cancellation(before):
        kind = EventKind.ORDER_CANCELLED
    elif after.stage is Stage.DISPUTED:
        kind = EventKind.ORDER_DISPUTED
    elif after.stage is Stage.UNKNOWN:
        kind = EventKind.ORDER_UNKNOWN
    else:
        kind = EventKind.STAGE_CHANGED
    return _event(kind, after, at, *change)


def _first_sight_events(order: Order, seen: SeenOrder, at: datetime) -> Iterable[Event]:
    """Old ended orders are taken in quietly; what may still cost goods or money is told."""
    if is_cancellation(order):
        may_be_on_the_way = order.reached is Stage.SHIPPED or order.reached is None
        if seen.stage_at is None or at - seen.stage_at <= FRESH or may_be_on_the_way:
            refunded = order.stage is Stage.REFUNDED
            yield _event(EventKind.ORDER_REFUNDED if refunded else EventKind.ORDER_CANCELLED, order, at)
    elif order.stage is Stage.DISPUTED:
        yield _event(EventKind.ORDER_DISPUTED, order, at)
    if order.unknown_events and not order.stage.is_ended:
        yield _event(EventKind.ORDER_UNKNOWN, order, at)


def _not_listed(known: Sequence[Order], reading: Reading) -> set[str]:
    if reading.listing is None or not reading.listing.complete:
        return set()
    listed = {entry.conversation for entry in reading.listing.entries}
    return {order.id for order in known if not order.stage.is_ended and order.conversation not in listed}


def _missed(order: Order, *, at: datetime) -> tuple[Order, list[Event]]:
    missed = replace(order, missing_checks=order.missing_checks + 1)
    if missed.missing_checks == 1:
        return missed, [_event(EventKind.ORDER_MISSING, missed, at)]
    if missed.missing_checks == 2:  # noqa: PLR2004 - told once more when the next complete list confirms it
        return missed, [_event(EventKind.ORDER_STILL_MISSING, missed, at)]
    return missed, []


def _event(kind: EventKind, order: Order, at: datetime, *details: tuple[str, str]) -> Event:
    return Event(
        kind=kind,
        account=order.account,
        at=at,
        order=order.id,
        details=details or (("stage", order.stage.value), ("confidence", order.confidence.value)),
    )
