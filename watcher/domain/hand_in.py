"""May this parcel be handed in? A clear yes, a clear no, or "look yourself"."""

from dataclasses import dataclass
from enum import StrEnum

from watcher.domain.case import Case
from watcher.domain.compare import is_cancellation
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.shipping_option import is_untracked
from watcher.domain.stage import Stage


class Answer(StrEnum):
    """Whether the parcel may go."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Why(StrEnum):
    """What the answer rests on, or what to mind."""

    CANCELLED = "cancelled"
    CASE_OPEN = "case_open"
    DISPUTED = "disputed"
    NO_SALE = "no_sale"
    """Declined or run out: nothing was sold."""
    NOT_PAID = "not_paid"
    ALREADY_THERE = "already_there"
    """Delivered, received or paid out: there is nothing left to hand in."""
    PAID = "paid"
    SAYS_SENT = "says_sent"
    """The page says already that it was sent."""
    PICKUP = "pickup"
    NOT_READ = "not_read"
    """Nobody could look just now."""
    NOT_FOUND = "not_found"
    """The look just now did not meet the order."""
    NOT_UNDERSTOOD = "not_understood"
    UNSURE_READING = "unsure_reading"
    GUESSED = "guessed"
    """The stage was read in words that nobody has confirmed yet."""
    NOT_INSURED = "not_insured"
    PARTLY_INSURED = "partly_insured"
    NO_TRACKING = "no_tracking"
    INSURANCE_UNKNOWN = "insurance_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, what it rests on, and what to mind all the same."""

    answer: Answer
    why: Why
    mind: tuple[Why, ...] = ()


_NO = {
    Stage.DISPUTED: Why.DISPUTED,
    Stage.REQUESTED: Why.NOT_PAID,
    Stage.AWAITING_PAYMENT: Why.NOT_PAID,
    Stage.DECLINED: Why.NO_SALE,
    Stage.EXPIRED: Why.NO_SALE,
    Stage.DELIVERED: Why.ALREADY_THERE,
    Stage.RECEIVED: Why.ALREADY_THERE,
    Stage.PAID_OUT: Why.ALREADY_THERE,
}


def may_hand_in(order: Order, case: Case | None, *, was_read: bool) -> Verdict:
    """Judge an order after a fresh look.

    1. What is known to be off stays off, whatever the look just now could see. That the buyer has not paid is no such thing:
       money may have come since, so only a look just now can say it.
    2. Without a look just now that met the order, nobody can tell.
    3. "Yes" needs a paid order, read by readers that do not disagree, without an open case.

    Args:
        order: the order as it is known now.
        case: its open case, if it has one.
        was_read: whether the look just now read the order's own page.
    """
    off = known_to_be_off(order, case)
    if off is Why.NOT_PAID and not was_read:
        off = Why.CASE_OPEN if case is not None else None
    if off is not None:
        return Verdict(answer=Answer.NO, why=off)
    doubt = _doubt(order, was_read=was_read)
    if doubt is not None:
        return Verdict(answer=Answer.UNSURE, why=doubt)
    why = Why.SAYS_SENT if order.stage is Stage.SHIPPED else Why.PAID
    return Verdict(answer=Answer.YES, why=Why.PICKUP if order.pickup else why, mind=_mind(order))


def known_to_be_off(order: Order, case: Case | None) -> Why | None:
    """Return why a parcel must not be handed in, as far as that is known without a look; `None` where nothing is."""
    if is_cancellation(order):
        return Why.CANCELLED
    if order.stage in _NO and order.confidence is not Confidence.UNSURE:
        return _NO[order.stage]
    return Why.CASE_OPEN if case is not None else None


def _doubt(order: Order, *, was_read: bool) -> Why | None:
    if not was_read:
        return Why.NOT_READ
    if order.missing_checks:
        return Why.NOT_FOUND
    if order.stage is Stage.UNKNOWN or order.unknown_events:
        return Why.NOT_UNDERSTOOD
    is_clear = order.confidence is not Confidence.UNSURE and order.stage in {Stage.PAID, Stage.SHIPPED}
    return None if is_clear else Why.UNSURE_READING


def _mind(order: Order) -> tuple[Why, ...]:
    guessed = (Why.GUESSED,) if order.confidence is Confidence.LIKELY else ()
    return guessed if order.pickup else (*guessed, *_insurance(order))


def _insurance(order: Order) -> tuple[Why, ...]:
    """Say how well the way is covered: the platform's seller protection asks for an insured way with tracking."""
    untracked = (Why.NO_TRACKING,) if is_untracked(order.shipping_option) else ()
    if order.liability_cents is None:
        return untracked or (Why.INSURANCE_UNKNOWN,)
    if order.liability_cents == 0:
        return (Why.NOT_INSURED, *untracked)
    if order.amount_cents is not None and order.liability_cents < order.amount_cents:
        return (Why.PARTLY_INSURED, *untracked)
    return untracked
