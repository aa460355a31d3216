"""A sale as one looks back on it: how it went, and if it was cancelled, where the goods were, why, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.case import Case, Ending, kind_of
from watcher.domain.confidence import Confidence
from watcher.domain.money import Cost, CostKind, Payer
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Sighting
from watcher.domain.playbook import ASKS
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.stage import Stage, has_reached, is_called_off
from watcher.domain.step import CaseKind

HANDED_IN = frozenset(Milestone) - {Milestone.UNKNOWN, Milestone.LABEL_CREATED}
"""Milestones of a parcel that the seller no longer has."""
_WENT_WELL = frozenset({Stage.RECEIVED, Stage.PAID_OUT})
_ON_ITS_WAY_BACK = frozenset({Milestone.RETURNING, Milestone.RETURNED})


class ParcelEnd(StrEnum):
    """What became of a parcel that somebody tried to stop."""

    CAME_BACK = "came_back"
    DELIVERED = "delivered"
    """It reached the buyer; whether it came back later is another matter."""
    OPEN = "open"
    """It is not decided yet."""
    UNKNOWN = "unknown"
    """The case is closed, and nobody said."""

    @property
    def is_decided(self) -> bool:
        """Whether it is known how the attempt ended."""
        return self in {ParcelEnd.CAME_BACK, ParcelEnd.DELIVERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """How one sale was called off."""

    goods: CaseKind
    """Where the goods were when it came."""
    at: datetime
    """When it was noticed; without a case, when the page says that it was."""
    over_at: datetime | None
    """When nothing was left to do: the case was closed. `None` while it is open."""
    named: CancelReason | None = None
    """The seller's own word on the reason."""
    found: CancelReason | None = None
    """What a rule found in the chat, also where the seller has named another one."""
    asks: frozenset[str] = frozenset()
    """Steps by which somebody tried to get the parcel back."""
    parcel: ParcelEnd | None = None
    """How that ended; `None` where nothing was tried."""
    own_costs_cents: int = 0
    """What the seller bears besides the price."""
    open_costs_cents: int = 0
    is_missing: bool = False
    """The case is over, the money went back, and nobody has seen goods that were away come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSale:
    """One sale, as far as figures are made of it: no names, no texts."""

    stage: Stage
    reached: Stage | None
    since: datetime
    """When it began as far as anybody knows: the deal, else when it was first seen."""
    made_at: datetime | None = None
    """When the deal was made."""
    paid_at: datetime | None = None
    """When the buyer had paid, where a page told."""
    price_cents: int | None = None
    carrier: str | None = None
    """The carrier's id; a page's own word where nobody has described that carrier."""
    pickup: bool = False
    handed_in_at: datetime | None = None
    """When the parcel left the seller, where somebody said for certain."""
    buyer_since: datetime | None = None
    """When the buyer registered, where a page told."""
    category: str | None = None
    """The category of its ad, in the site's own words."""
    findings: frozenset[str] | None = None
    """The rules that found something in its ad when that was last read; `None` where nobody has read it."""
    answered_in: timedelta | None = None
    """How long the seller took to answer in its conversation: the median; `None` where no answer was seen."""
    cancellation: Cancellation | None = None
    """How it was called off (`stage.is_called_off`); `None` where it was not."""

    @property
    def waits_from(self) -> datetime | None:
        """From when on the buyer waited for the parcel: the payment, else the deal."""
        return self.paid_at or self.made_at

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.cancellation is not None

    @property
    def is_finished(self) -> bool:
        """Whether it is known how it went. A buyer who has confirmed the receipt does not cancel any more."""
        return self.is_cancelled or self.stage in _WENT_WELL

    @property
    def is_under_way(self) -> bool:
        """Whether there is a deal that may still go either way."""
        return not self.is_finished and self.stage.is_live


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known around one sale, besides the sale itself."""

    findings: frozenset[str] = frozenset()
    """The rules that found something in its ad when that was last read."""
    answered_in: timedelta | None = None
    """How long the seller took to answer in its conversation: the median."""


def cancellation_of(
    order: Order,
    case: Case | None,
    *,
    found: FoundReason | None,
    sightings: Iterable[Sighting],
    costs: Iterable[Cost],
) -> Cancellation:
    """Return how a sale was called off, from what is remembered of it.

    Args:
        order: an order that was called off.
        case: its latest case; an old cancellation has none.
        found: what was found in the chat of that case.
        sightings: what was said about the parcel, oldest first.
        costs: what the seller wrote down.
    """
    asks = frozenset(step for step in ASKS if case is not None and case.was_done(step))
    besides = [cost for cost in costs if cost.kind is not CostKind.REFUND_PART]
    named = case.reason if case is not None and not case.reason_found else None
    end = parcel_end(case, sightings) if case is not None else ParcelEnd.UNKNOWN
    goods = goods_then(order, case)
    away = goods in {CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED}
    is_over = case is not None and not case.is_open
    return Cancellation(
        goods=goods,
        at=case.opened_at if case is not None else order.stage_at,
        over_at=case.closed_at if case is not None else order.stage_at,
        named=named,
        found=found.reason if found is not None else None,
        asks=asks,
        parcel=end if asks else None,
        own_costs_cents=sum(cost.cents for cost in besides if cost.payer is Payer.SELLER),
        open_costs_cents=sum(cost.cents for cost in besides if cost.payer is Payer.OPEN),
        is_missing=is_over and away and order.stage is Stage.REFUNDED and not _are_back(case, end),
    )


def goods_then(order: Order, case: Case | None) -> CaseKind:
    """Return where the goods were when the cancellation came.

    The page says how far the sale had come, unless it went on since. The seller's answer corrects that; but a parcel that was
    delivered after the cancellation was on its way when it came.
    """
    by_page = kind_of(order)
    if case is not None and not is_called_off(order.stage, order.reached):
        return case.kind
    if case is None or (by_page, case.kind) == (CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY):
        return by_page
    if by_page is CaseKind.AFTER_DELIVERY and case.kind is CaseKind.IN_TRANSIT:
        return by_page  # on its way back
    if by_page is CaseKind.BEFORE_SHIPMENT and case.kind is CaseKind.AFTER_DELIVERY:
        return CaseKind.IN_TRANSIT
    return case.kind


def parcel_end(case: Case, sightings: Iterable[Sighting]) -> ParcelEnd:
    """Return what became of a parcel: the first thing that decides it counts, a delivery or the way back."""
    was_turned = False
    for sighting in sightings:
        if sighting.confidence is Confidence.UNSURE or sighting.at > sighting.learnt_at:
            continue
        if sighting.milestone is Milestone.RETURNED or (
            was_turned and sighting.milestone is Milestone.DELIVERED
        ):
            return ParcelEnd.CAME_BACK
        if sighting.milestone is Milestone.DELIVERED:
            return ParcelEnd.DELIVERED
        was_turned = was_turned or sighting.milestone in _ON_ITS_WAY_BACK
    if case.kind is CaseKind.AFTER_DELIVERY:
        return ParcelEnd.DELIVERED
    if case.was_done("parcel_back") or case.ending is Ending.RETURNED_AND_REFUNDED:
        return ParcelEnd.CAME_BACK
    return ParcelEnd.OPEN if case.is_open else ParcelEnd.UNKNOWN


def _are_back(case: Case | None, end: ParcelEnd) -> bool:
    """Whether the goods are with the seller again, whichever way they took."""
    if case is None:
        return False
    told = case.was_done("goods_back") or case.was_done("parcel_back")
    return told or end is ParcelEnd.CAME_BACK or case.ending is Ending.RETURNED_AND_REFUNDED


def was_shipped(sale: PastSale) -> bool:
    """Whether the parcel had left the seller, as far as the page or anybody said."""
    return sale.handed_in_at is not None or has_reached(sale.reached, Stage.SHIPPED)
