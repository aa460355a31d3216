"""Everything that the plan of a case follows from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.reason import CancelReason
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import CaseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Until when the carrier can still be asked to stop the parcel."""

    closes_at: datetime
    certainty: Confidence = Confidence.LIKELY
    """How sure that is: the time, and that the parcel is delivered on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When something must have happened, by a rule of the outside world."""

    at: datetime
    certainty: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How things stand with a case at one moment."""

    kind: CaseKind
    at: datetime
    parcel: Parcel = field(default_factory=Parcel)
    window: Window | None = None
    """`None` where no carrier can be asked, or nobody knows until when."""
    pickup: bool = False
    was_paid: bool = True
    was_refunded: bool = False
    """Whether the buyer has the money back, as the page says."""
    reason: CancelReason | None = None
    done: Mapping[str, datetime] = field(default_factory=dict)
    """The steps that were marked, and when."""
    overdue: frozenset[str] = frozenset()
    """The open steps whose time has come."""
    support_asked_at: datetime | None = None
    support_again_after: timedelta = timedelta(days=3)
    """How long support gets before one follow-up."""
    agree_by: Deadline | None = None
    """Until when buyer and seller can come to terms after a problem report; `None` where no rule says."""

    @property
    def is_fraud_suspected(self) -> bool:
        """Whether the seller takes the cancellation for an attempt to deceive."""
        return self.reason is CancelReason.SEEMS_FRAUDULENT

    @property
    def is_on_its_way_back(self) -> bool:
        """Whether the parcel is returning, or back."""
        return self.parcel.is_at(Milestone.RETURNING, Milestone.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of an order's parcel and of talks with support, beside the order and its case."""

    parcel: Parcel = field(default_factory=Parcel)
    window: Window | None = None
    support_asked_at: datetime | None = None
    support_again_after: timedelta = timedelta(days=3)
    agree_by: Deadline | None = None


def situation_of(case: Case, order: Order, around: Circumstances, *, at: datetime) -> Situation:
    """Return how things stand with a case now."""
    done = {step.id: step.done_at for step in case.steps if step.done_at and step.done_by != "dropped"}
    return Situation(
        kind=kind_now(case.kind, around.parcel, sellers_word=_said_where_it_ended(case)),
        at=at,
        parcel=around.parcel,
        window=around.window,
        pickup=bool(order.pickup),
        was_paid=order.reached is None or has_reached(order.reached, Stage.PAID),
        was_refunded=order.stage is Stage.REFUNDED,
        reason=None if case.reason_found else case.reason,
        done=done,
        overdue=frozenset(
            step.id for step in case.steps if step.is_open and step.due_at is not None and step.due_at <= at
        ),
        support_asked_at=around.support_asked_at or done.get("tell_support") or done.get("report_fraud"),
        support_again_after=around.support_again_after,
        agree_by=around.agree_by,
    )


_UNDER_WAY = frozenset(Milestone) - {Milestone.LABEL_CREATED, Milestone.DELIVERED, Milestone.UNKNOWN}


_WITH_THE_BUYER = frozenset({"with_buyer", "goods_back", "parcel_back"})


def kind_now(kind: CaseKind, parcel: Parcel, *, sellers_word: bool = False) -> CaseKind:
    """Return what kind of case it is, now that so much is sure about the parcel.

    Goods only ever move on; but a delivery that later words contradict may never have happened: then only the seller can
    tell where the goods are.

    Args:
        kind: what kind of case it was.
        parcel: what is known of its parcel.
        sellers_word: whether the seller has said that the buyer has, or had, the goods: no carrier's word takes that back.
    """
    if kind is CaseKind.AFTER_DELIVERY and parcel.contradicts and not sellers_word:
        return CaseKind.UNCLEAR
    if kind in {CaseKind.DISPUTED, CaseKind.AFTER_DELIVERY} or not parcel.is_sure:
        return kind
    if parcel.milestone is Milestone.DELIVERED:
        return CaseKind.AFTER_DELIVERY
    if parcel.milestone in _UNDER_WAY:
        return CaseKind.IN_TRANSIT
    return kind


def _said_where_it_ended(case: Case) -> bool:
    """Whether the seller has said that the goods are with the buyer, or back from there."""
    return any(step.id in _WITH_THE_BUYER and step.done_by == "seller" for step in case.steps)
