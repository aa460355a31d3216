"""The handling of one cancellation or dispute, from first sight to closed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.reason import CancelReason
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import Because, CaseKind, Standing, Step


class Ending(StrEnum):
    """How a case came to its end."""

    REFUNDED_GOODS_KEPT = "refunded_goods_kept"
    """Proof: the money went back, and the goods never left."""
    RETURNED_AND_REFUNDED = "returned_and_refunded"
    """Proof: the parcel is back, and so is the buyer's money."""
    PAID_OUT = "paid_out"
    """Proof: the seller has the money."""
    BY_STEPS = "by_steps"
    """The seller marked the last step."""
    BY_SELLER = "by_seller"
    """The seller closed it."""

    @property
    def is_proof(self) -> bool:
        """Whether the case closed by itself."""
        return self in {Ending.REFUNDED_GOODS_KEPT, Ending.RETURNED_AND_REFUNDED, Ending.PAID_OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. It is closed by its last step, by proof or by the seller; nothing in it is ever deleted."""

    id: str
    order: str
    account: str
    kind: CaseKind
    confidence: Confidence
    opened_at: datetime
    steps: tuple[Step, ...] = ()
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    ending: Ending | None = None
    reason: CancelReason | None = None
    reason_found: bool = False
    """Whether the reason was only found in the chat; the seller's own word comes first."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.closed_at is None

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done: steps stand in the order in which they should be done. A closed case has none."""
        if not self.is_open:
            return None
        open_steps = [step for step in self.steps if step.is_open]
        tasks = [step for step in open_steps if step.is_task]
        return next(iter(tasks or open_steps), None)

    def standing(self, step: Step) -> Standing:
        """Return how one of its steps stands. In a closed case nothing is open, but what is optional can still be done."""
        if not step.is_open:
            return Standing.DROPPED if step.done_by == "dropped" else Standing.DONE
        if not self.is_open:
            return Standing.LEFT if step.rule.optional else Standing.MOOT
        return Standing.NEXT if step == self.next_step else Standing.OPEN

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id."""
        return next((step for step in self.steps if step.id == step_id), None)

    def was_done(self, step_id: str) -> bool:
        """Whether the seller or a check marked that step."""
        step = self.step(step_id)
        return step is not None and not step.is_open and step.done_by != "dropped"

    def with_step_done(self, step_id: str, *, at: datetime, by: str) -> "Case":
        """Return the case with that step done (an earlier mark stays). What follows from it is for the playbook to say.

        Raises:
            KeyError: the case has no such step.
        """
        if self.step(step_id) is None:
            raise KeyError(step_id)
        steps = tuple(
            replace(step, done_at=at, done_by=by) if step.id == step_id and step.is_open else step
            for step in self.steps
        )
        return replace(self, steps=steps)

    def closed(self, *, at: datetime, ending: Ending) -> "Case":
        """Return the case at its end; an earlier end stays. Tasks that are open then are dropped, what is optional stays."""
        if not self.is_open:
            return self
        because = Because.SETTLED if ending.is_proof else Because.CLOSED
        steps = tuple(
            step if not step.is_task else step.dropped(at=at, because=because) for step in self.steps
        )
        return replace(self, steps=steps, closed_at=at, ending=ending)


def is_finished(kind: CaseKind, steps: Iterable[Step]) -> bool:
    """Whether every task is done. A case whose goods nobody knows is not finished by its steps, only by an answer."""
    return kind is not CaseKind.UNCLEAR and not any(step.is_open and step.is_task for step in steps)


def kind_of(order: Order) -> CaseKind:
    """Judge a cancelled or disputed order by where its goods were.

    What no table understood may have been the hand-in: then nobody knows where the goods are, and the case says so.
    """
    if order.stage is Stage.DISPUTED:
        return CaseKind.DISPUTED
    if order.pickup:
        return CaseKind.BEFORE_SHIPMENT
    if has_reached(order.reached, Stage.DELIVERED):
        return CaseKind.AFTER_DELIVERY
    if has_reached(order.reached, Stage.SHIPPED):
        return CaseKind.IN_TRANSIT
    if has_reached(order.reached, Stage.AWAITING_PAYMENT) and not order.unknown_events:
        return CaseKind.BEFORE_SHIPMENT
    return CaseKind.UNCLEAR


def case_id(order: str, ordinal: int) -> str:
    """Return the id of an order's case; the ordinal counts from 0 and shows from the second case on."""
    return "c" + order.removeprefix("o") + (f"-{ordinal + 1}" if ordinal else "")
