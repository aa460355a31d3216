"""What to do in a case, in which order and until when.

The steps follow the advice that a good seller's guide gives for cancellations: stop the parcel while it can be
stopped, talk to the buyer calmly, tell the platform, keep the proof, and no refund before the goods are back. The
hours are this program's own thresholds unless a carrier's or the platform's rule is named beside them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.domain.case import Case, CaseKind, Step, is_finished

ASK_BUYER_WITHIN = timedelta(hours=4)
TELL_SUPPORT_WITHIN = timedelta(hours=12)
KEEP_PROOF_WITHIN = timedelta(days=1)
REFUND_SEEN_WITHIN = timedelta(days=7)
PARCEL_BACK_WITHIN = timedelta(days=21)
AGREE_WITHIN = timedelta(days=5)
"""After a problem report buyer and seller have five days to agree (the platform's help, article 17231236024220, written
for the old payment provider; not confirmed for the new one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Until when the carrier can still be asked to stop the parcel."""

    closes_at: datetime


def plan(
    kind: CaseKind, *, at: datetime, window: Window | None = None, pickup: bool = False
) -> tuple[Step, ...]:
    """Return the steps of a case that is seen at `at`, in the order in which they should be done.

    `window` is the carrier's; without one, or with one that has closed, the parcel steps are due at once.
    """
    match kind:
        case CaseKind.BEFORE_SHIPMENT:
            first = Step(id="keep_item" if pickup else "do_not_hand_in", due_at=at, urgent=True)
            after_all = () if pickup else (Step(id="handed_in", moves_to=CaseKind.IN_TRANSIT),)
            return (first, *after_all, _ask_buyer(at), *_refund_and_relist(at))
        case CaseKind.IN_TRANSIT:
            closes = max(window.closes_at, at) if window else at
            return (
                Step(id="ask_buyer_to_refuse", due_at=min(closes, at + timedelta(hours=1)), urgent=True),
                Step(id="ask_carrier", due_at=closes, urgent=True),
                Step(id="tell_support", due_at=at + TELL_SUPPORT_WITHIN),
                Step(id="keep_proof", due_at=at + KEEP_PROOF_WITHIN),
                Step(id="parcel_back", due_at=at + PARCEL_BACK_WITHIN),
                *_refund_and_relist(at + PARCEL_BACK_WITHIN),
            )
        case CaseKind.AFTER_DELIVERY:
            return (
                _ask_buyer(at),
                Step(id="tell_support", due_at=at + TELL_SUPPORT_WITHIN),
                Step(id="keep_proof", due_at=at + KEEP_PROOF_WITHIN),
                Step(id="goods_back", due_at=at + PARCEL_BACK_WITHIN),
                Step(id="outcome_seen", due_at=at + PARCEL_BACK_WITHIN + REFUND_SEEN_WITHIN),
            )
        case CaseKind.UNCLEAR:
            return (
                Step(id="do_not_hand_in", due_at=at, urgent=True),
                Step(id="still_at_home", moves_to=CaseKind.BEFORE_SHIPMENT),
                Step(id="handed_in", moves_to=CaseKind.IN_TRANSIT),
                Step(id="with_buyer", moves_to=CaseKind.AFTER_DELIVERY),
            )
        case CaseKind.DISPUTED:
            return (
                Step(id="answer_problem", due_at=at + KEEP_PROOF_WITHIN, urgent=True),
                Step(id="keep_proof", due_at=at + KEEP_PROOF_WITHIN),
                Step(id="agree_or_escalate", due_at=at + AGREE_WITHIN),
                Step(id="outcome_seen", due_at=at + PARCEL_BACK_WITHIN),
            )


def replan(
    case: Case, kind: CaseKind, *, at: datetime, window: Window | None = None, pickup: bool = False
) -> Case:
    """Return the case as one of another kind: done steps stay, open ones are dropped, the new kind's follow.

    A step that was done before stays done when the new kind asks for it again; a case of which nothing is left to do
    is closed.
    """
    kept = [step if step.done_at else replace(step, done_at=at, done_by="dropped") for step in case.steps]
    done = {step.id for step in kept if step.done_by != "dropped"}
    fresh = tuple(step for step in plan(kind, at=at, window=window, pickup=pickup) if step.id not in done)
    wanted = {step.id for step in fresh}
    steps = (*(step for step in kept if step.id not in wanted), *fresh)
    return replace(case, kind=kind, steps=steps, closed_at=at if is_finished(kind, steps) else None)


def _ask_buyer(at: datetime) -> Step:
    return Step(id="ask_buyer", due_at=at + ASK_BUYER_WITHIN)


def _refund_and_relist(at: datetime) -> tuple[Step, ...]:
    return Step(id="refund_seen", due_at=at + REFUND_SEEN_WITHIN), Step(
        id="relist", due_at=at + REFUND_SEEN_WITHIN
    )


STEPS_SEEN_WITH_REFUND = ("refund_seen", "outcome_seen")
"""Steps that a check ticks by itself when the page says that the money went back."""
