"""From the payment items of one thread to the deals that they tell of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from watcher.carriers.recogniser import recognise_in
from watcher.domain.confidence import Confidence, least
from watcher.domain.order import SeenOrder
from watcher.domain.stage import ENDED, MONEY_BACK, Stage, furthest, has_reached
from watcher.domain.wording import Word
from watcher.pages.ship_by import ship_by_in
from watcher.pages.wording import Meaning

T = TypeVar("T")

_BAD = frozenset({Stage.CANCELLED, Stage.REFUNDED, Stage.DISPUTED, Stage.UNKNOWN})
"""Stages that must never lose against a better one when two items or two readers disagree."""
_BEGINS = frozenset({Stage.REQUESTED, Stage.AWAITING_PAYMENT, Stage.PAID, Stage.UNKNOWN})
"""Stages that the first item of a deal can have; a purchase without a request begins with its payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One payment item of a thread, as either reader sees it."""

    meaning: Meaning
    name: str
    """What to call the item when nobody knows it: its event type, or the card's heading."""
    ids: frozenset[str] = frozenset()
    at: datetime | None = None
    active: bool | None = None
    """Whether the page marks the item as the current state; `None` where it does not say."""
    text: str = ""
    amount_cents: int | None = None
    carrier: str | None = None
    pickup: bool | None = None
    shipping_option: str | None = None
    liability_cents: int | None = None
    word: Word | None = None
    """The event type or heading that told the meaning."""


@dataclass(slots=True)
class Deal:
    """The items of one deal, oldest first."""

    items: list[Item] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    is_agreed: bool = False
    """Whether it got beyond a request: then a further request is another deal."""

    def take(self, item: Item) -> None:
        """Add the next item."""
        self.items.append(item)
        self.ids |= item.ids
        self.is_agreed |= _is_agreed(item)

    @property
    def last_stage(self) -> Stage | None:
        """The stage after the items so far."""
        return next(
            (item.meaning.stage for item in reversed(self.items) if item.meaning.stage is not None), None
        )


def group(items: Sequence[Item]) -> list[Deal]:
    """Sort the items of one thread, oldest first, into deals.

    1. An item that shares an id with a deal belongs to it; deals that it joins are one.
    2. A request is another deal when the latest one is agreed or over; while that is a request, too, it is a counter-offer.
    3. Another item that shows ids, after a deal that is over and has others, is another deal if a deal can begin with
       it: a refund that shows a new id belongs to the cancelled deal before it.
    4. Everything else belongs to the latest deal.
    """
    deals: list[Deal] = []
    for item in items:
        if item.meaning.stage is None and not item.ids and not deals:
            continue  # a survey in a thread without a deal
        same = [deal for deal in deals if deal.ids & item.ids]
        deal = _joined(deals, same) if same else _latest_that_takes(deals, item)
        if deal is None:
            deal = Deal()
            deals.append(deal)
        deal.take(item)
    return deals


def _joined(deals: list[Deal], same: Sequence[Deal]) -> Deal:
    """Make one deal of those that turned out to be the same, in the place of the first."""
    first, *others = same
    for other in others:
        for item in other.items:
            first.take(item)
        deals.remove(other)
    return first


def _latest_that_takes(deals: Sequence[Deal], item: Item) -> Deal | None:
    if not deals:
        return None
    latest, stage = deals[-1], item.meaning.stage
    over = latest.last_stage in ENDED
    if stage is Stage.REQUESTED:
        return None if over or latest.is_agreed else latest
    names_another = bool(item.ids and latest.ids)
    return None if names_another and over and stage in _BEGINS else latest


def seen_order(deal: Deal, conversation: str) -> SeenOrder:
    """Return what the items of a deal say about the order.

    The item marked as active tells the stage, else the last one. Where a later item is worse than the active one,
    the worse one counts and the confidence falls: a cancellation must not hide behind a stale mark, nor behind an
    item that nobody knows.
    """
    telling = [item for item in deal.items if item.meaning.stage is not None] or deal.items
    known = [item for item in telling if not item.meaning.is_unknown]
    hidden = telling[-1].meaning.is_unknown and known and known[-1].meaning.stage in MONEY_BACK
    if hidden:
        telling = telling[: _last_index(telling, known[-1]) + 1]
    last = telling[-1]
    current = next((item for item in reversed(telling) if item.active), last)
    confidence = current.meaning.confidence
    if current is not last and current.meaning.stage is not last.meaning.stage:
        current = last if last.meaning.stage in _BAD else current
        confidence = current.meaning.confidence.lowered()
    if hidden:
        confidence = confidence.lowered()
    reached: Stage | None = None
    for item in telling:
        reached = furthest(reached, item.meaning.stage)
    paid_at = next((item.at for item in deal.items if item.at and item.meaning.stage is Stage.PAID), None)
    shipping_text = " ".join(item.text for item in deal.items if item.meaning.stage is Stage.SHIPPED)
    carrier = _last(item.carrier for item in deal.items)
    number = recognise_in(shipping_text, carrier=carrier)
    return SeenOrder(
        conversation=conversation,
        deal_ids=frozenset(deal.ids),
        stage=current.meaning.stage or Stage.UNKNOWN,
        reached=reached,
        stage_at=current.at,
        made_at=next((item.at for item in deal.items if item.at and _is_agreed(item)), None),
        paid_at=paid_at,
        confidence=confidence,
        amount_cents=_last(item.amount_cents for item in deal.items),
        carrier=carrier or (number.carrier if number else None),
        tracking_number=number.number if number else None,
        pickup=_last(item.pickup for item in deal.items),
        shipping_option=_last(item.shipping_option for item in deal.items),
        liability_cents=_last(item.liability_cents for item in deal.items),
        ship_by=ship_by_in(current.text, paid_at=paid_at) if current.meaning.stage is Stage.PAID else None,
        unknown_events=tuple(dict.fromkeys(item.name for item in deal.items if item.meaning.is_unknown)),
        words=(current.word,) if current.word else (),
    )


def _is_agreed(item: Item) -> bool:
    """Whether the item tells of more than a request."""
    return has_reached(item.meaning.stage, Stage.AWAITING_PAYMENT)


def agree(by_json: SeenOrder, by_dom: SeenOrder) -> tuple[SeenOrder, bool]:
    """Make one order of what both readers saw of the same deal; the flag says whether they told the same stage.

    JSON names ids, times and types, so its fields win. A stage that one reader alone calls bad counts.
    """
    filled = replace(
        by_json,
        amount_cents=by_dom.amount_cents if by_json.amount_cents is None else by_json.amount_cents,
        carrier=by_json.carrier or by_dom.carrier,
        tracking_number=by_json.tracking_number or by_dom.tracking_number,
        made_at=by_json.made_at or by_dom.made_at,
        paid_at=by_json.paid_at or by_dom.paid_at,
        ship_by=by_json.ship_by or by_dom.ship_by,
        pickup=by_dom.pickup if by_json.pickup is None else by_json.pickup,
        reached=furthest(by_json.reached, by_dom.reached),
        words=(*by_json.words, *by_dom.words),
    )
    if by_json.stage is by_dom.stage:
        return replace(filled, confidence=least((by_json.confidence, by_dom.confidence))), True
    if by_dom.stage is Stage.UNKNOWN:
        # The card's wording is not in our table, the event type is: known by one reader alone.
        return replace(filled, confidence=by_json.confidence.lowered()), True
    if by_json.stage is Stage.UNKNOWN:
        stage, confidence = by_dom.stage, by_dom.confidence.lowered()
        return replace(filled, stage=stage, confidence=confidence), True
    worse = by_dom.stage if by_dom.stage in _BAD and by_json.stage not in _BAD else by_json.stage
    return replace(filled, stage=worse, confidence=Confidence.UNSURE), False


def words_of(items: Iterable[Item]) -> tuple[Word, ...]:
    """Return the words that the items of a thread showed, each once."""
    return tuple(dict.fromkeys(item.word for item in items if item.word is not None))


def _last_index(items: Sequence[Item], wanted: Item) -> int:
    return max(index for index, item in enumerate(items) if item is wanted)


def _last(values: Iterable[T | None]) -> T | None:
    """Return the last value that is there."""
    found = None
    for value in values:
        found = found if value is None else value
    return found
