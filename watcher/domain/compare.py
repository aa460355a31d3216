"""From what was known and what was read to what happened.

A list that is empty or shorter than before never means that orders are over: an order that a complete list lacks
is *missing*, which is an event of its own and changes nothing about its stage.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.domain.case import kind_of
from watcher.domain.event import Event, EventKind
from watcher.domain.order import Order, SeenOrder, first_sight
from watcher.domain.reading import Reading, Thread
from watcher.domain.stage import Stage, furthest, is_called_off
from watcher.domain.step import CaseKind

FRESH = timedelta(days=14)
"""A cancellation younger than this opens its case even when it is met on the very first check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a reading changed: every order compared as it is now, and the events in the order they were found."""

    orders: tuple[Order, ...]
    events: tuple[Event, ...]

    @property
    def touched(self) -> frozenset[str]:
        """Ids of the orders that an event speaks of."""
        return frozenset(event.order for event in self.events if event.order is not None)


def compare(
    known: Sequence[Order], reading: Reading, *, is_taken: Callable[[str], bool] = lambda _: False
) -> Comparison:
    """Compare a reading with what was known.

    1. Deals of each thread that was read are matched with known orders; each yields the events of its change.
    2. Live orders that their own thread no longer shows, and orders that a complete list lacks, count as missing. An
       order whose thread shows it is there, whatever the list says; a missing one that waits for nothing more than its
       row is found again with it.
    3. All other orders stay exactly as they were.

    Args:
        known: the account's orders, or as many of them as matter: all that are not ended or are missing, and every one of
            each conversation of which one is known, or that is listed or was read.
        reading: what was read.
        is_taken: whether an order that is not among the known ones has that id.
    """
    orders = {order.id: order for order in known}
    events: list[Event] = []
    absent, shown = _not_listed(known, reading), set[str]()
    for thread in reading.threads:
        of_thread = [order for order in known if order.conversation == thread.conversation]
        matched = _match(of_thread, thread)
        for seen, before in matched:
            after, new_events = _advance(before, seen, reading=reading, others=orders, is_taken=is_taken)
            orders[after.id] = after
            events.extend(new_events)
        shown |= {before.id for _, before in matched if before is not None}
        absent |= {order.id for order in of_thread if order.stage.is_live}
    for order_id in sorted(absent - shown):
        orders[order_id], new_events = _missed(orders[order_id], at=reading.taken_at)
        events.extend(new_events)
    for order_id in sorted(_listed_again(known, reading) - absent - shown):
        orders[order_id] = replace(orders[order_id], missing_checks=0)
        events.append(_event(EventKind.ORDER_FOUND_AGAIN, orders[order_id], reading.taken_at))
    return Comparison(orders=tuple(orders.values()), events=tuple(events))


def is_cancellation(order: Order | SeenOrder) -> bool:
    """Whether the sale behind the order is off although money had been paid or agreed."""
    return is_called_off(order.stage, order.reached)


def _match(known: Sequence[Order], thread: Thread) -> list[tuple[SeenOrder, Order | None]]:
    """Pair each deal that the thread shows with the order it is.

    1. By shared ids, the more the better.
    2. One reader alone may show no ids: then with an order that looks like it, else with one that it leaves as it was.
    3. The others in their order: the latest deal with the latest order, for that is the live one; but when there are
       more deals than orders, the latest deals are the new ones.
    """
    # Sorted by a name that no reading changes: the same reading must find the same orders again.
    free = {order.id: order for order in sorted(known, key=lambda order: order.id)}
    pairs: dict[int, Order] = {}
    for likeness in (_shared_ids, _looks_alike, _is_unchanged):
        if likeness is not _shared_ids:
            free = {order.id: order for order in sorted(free.values(), key=_place)}
        for index, seen in enumerate(thread.orders):
            if index not in pairs and free:
                like = [likeness(order, seen) for order in free.values()]
                if max(like):
                    pairs[index] = free.pop(list(free)[like.index(max(like))])
    rest = [index for index in range(len(thread.orders)) if index not in pairs]
    for group in (
        [index for index in rest if thread.orders[index].deal_ids],
        [index for index in rest if not thread.orders[index].deal_ids],
    ):
        candidates = [
            order
            for order in free.values()
            if group and not (order.deal_ids and thread.orders[group[0]].deal_ids)
        ]
        for index, order in _in_order(group, candidates):
            pairs[index] = free.pop(order.id)
    return [(seen, pairs.get(index)) for index, seen in enumerate(thread.orders)]


def _place(order: Order) -> tuple[bool, datetime, str]:
    """Return a key that sorts the orders of one thread as the thread shows them."""
    return order.stage.is_live, order.stage_at, order.id


def _shared_ids(order: Order, seen: SeenOrder) -> int:
    return len(order.deal_ids & seen.deal_ids)


def _looks_alike(order: Order, seen: SeenOrder) -> bool:
    same_way = order.reached is furthest(seen.reached, seen.stage)
    return same_way and order.unknown_events == seen.unknown_events and _is_unchanged(order, seen)


def _is_unchanged(order: Order, seen: SeenOrder) -> bool:
    if order.deal_ids and seen.deal_ids:
        return False
    after = order.seen_again(_withdrawn_request_is_no_sale(seen, order), at=order.last_seen_at)
    return after.stage is order.stage and after.unknown_events == order.unknown_events


def _in_order(indices: Sequence[int], orders: Sequence[Order]) -> list[tuple[int, Order]]:
    """Pair both from the end, or from the beginning when there are too few orders."""
    if len(indices) > len(orders):
        return list(zip(indices, orders, strict=False))
    return list(zip(reversed(indices), reversed(orders), strict=False))


def _advance(
    before: Order | None,
    seen: SeenOrder,
    *,
    reading: Reading,
    others: dict[str, Order],
    is_taken: Callable[[str], bool],
) -> tuple[Order, list[Event]]:
    at = reading.taken_at
    seen = _withdrawn_request_is_no_sale(seen, before)
    if before is None:
        order = _new_order(seen, reading=reading, others=others, is_taken=is_taken)
        return order, [_event(EventKind.ORDER_SEEN, order, at), *_first_sight_events(order, seen, at)]
    after = before.seen_again(seen, at=at)
    events = [_event(EventKind.ORDER_FOUND_AGAIN, after, at)] if before.missing_checks else []
    if after.stage is not before.stage or (is_cancellation(after) and not is_cancellation(before)):
        events.append(_stage_event(before, after, at))
    told = any(event.kind is EventKind.ORDER_UNKNOWN for event in events)
    if after.unknown_events != before.unknown_events and not told:
        events.append(_event(EventKind.ORDER_UNKNOWN, after, at))
    return after, events


def _new_order(
    seen: SeenOrder, *, reading: Reading, others: dict[str, Order], is_taken: Callable[[str], bool]
) -> Order:
    """Return an order under an id that no other one has: no deal may take another's place."""
    ordinal = sum(order.conversation == seen.conversation for order in others.values())
    order = first_sight(seen, account=reading.account, at=reading.taken_at, ordinal=ordinal)
    nameless = replace(seen, deal_ids=frozenset())
    while order.id in others or is_taken(order.id):
        ordinal += 1
        named = first_sight(nameless, account=reading.account, at=reading.taken_at, ordinal=ordinal)
        order = replace(order, id=named.id)
    return order


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
    elif is_cancellation(before) and not is_cancellation(after):
        kind = EventKind.ORDER_REINSTATED
    else:
        kind = EventKind.STAGE_CHANGED
    return _event(kind, after, at, *change)


def _first_sight_events(order: Order, seen: SeenOrder, at: datetime) -> Iterable[Event]:
    """Old ended orders are taken in quietly; what may still cost goods or money is told."""
    if is_cancellation(order):
        may_be_on_the_way = kind_of(order) in {CaseKind.IN_TRANSIT, CaseKind.UNCLEAR}
        if seen.stage_at is None or at - seen.stage_at <= FRESH or may_be_on_the_way:
            refunded = order.stage is Stage.REFUNDED
            yield _event(EventKind.ORDER_REFUNDED if refunded else EventKind.ORDER_CANCELLED, order, at)
    elif order.stage is Stage.DISPUTED:
        yield _event(EventKind.ORDER_DISPUTED, order, at)
    if order.unknown_events and not order.stage.is_ended:
        yield _event(EventKind.ORDER_UNKNOWN, order, at)


def _not_listed(known: Sequence[Order], reading: Reading) -> set[str]:
    if reading.listing is None or not reading.listing.whole:
        return set()
    listed = {entry.conversation for entry in reading.listing.entries}
    return {order.id for order in known if not order.stage.is_ended and order.conversation not in listed}


def _listed_again(known: Sequence[Order], reading: Reading) -> set[str]:
    """Return the missing orders whose row is back; a live one, or one whose thread was read, must be seen itself."""
    if reading.listing is None:
        return set()
    listed = {entry.conversation for entry in reading.listing.entries}
    read = {thread.conversation for thread in reading.threads}
    return {
        order.id
        for order in known
        if order.missing_checks and not order.stage.is_live and order.conversation in listed - read
    }


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
