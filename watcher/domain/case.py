"""The handling of one cancellation or dispute, from first sight to closed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.stage import Stage, has_reached


class CaseKind(StrEnum):
    """Where the goods were when the cancellation came: it decides what is urgent."""

    BEFORE_SHIPMENT = "before_shipment"
    IN_TRANSIT = "in_transit"
    AFTER_DELIVERY = "after_delivery"
    UNCLEAR = "unclear"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing for the seller to do. Its words live in the texts, under its id."""

    id: str
    due_at: datetime | None = None
    urgent: bool = False
    moves_to: CaseKind | None = None
    """Set for an *answer*: marking it says where the goods are, and the case becomes one of that kind."""
    done_at: datetime | None = None
    done_by: str | None = None
    """`seller`, or `seen` when a check saw it done; `dropped` when new facts made it moot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. It is closed by its last step; nothing in it is ever deleted."""

    id: str
    order: str
    account: str
    kind: CaseKind
    confidence: Confidence
    opened_at: datetime
    steps: tuple[Step, ...] = ()
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.closed_at is None

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done: steps stand in the order in which they should be done. A closed case has none."""
        if not self.is_open:
            return None
        open_steps = [step for step in self.steps if step.done_at is None]
        tasks = [step for step in open_steps if step.moves_to is None]
        return next(iter(tasks or open_steps), None)

    def with_step_done(self, step_id: str, *, at: datetime, by: str) -> "Case":
        """Return the case with that step done (an earlier mark stays), closed when it was the last task.

        Answers need not be given, but a case whose goods nobody knows stays open until one is.

        Raises:
            KeyError: the case has no such step.
        """
        if step_id not in {step.id for step in self.steps}:
            raise KeyError(step_id)
        steps = tuple(
            replace(step, done_at=at, done_by=by) if step.id == step_id and step.done_at is None else step
            for step in self.steps
        )
        closed = self.closed_at or (at if is_finished(self.kind, steps) else None)
        return replace(self, steps=steps, closed_at=closed)


def is_finished(kind: CaseKind, steps: Iterable[Step]) -> bool:
    """Whether every task is done. A case whose goods nobody knows is not finished by its steps, only by an answer."""
    return kind is not CaseKind.UNCLEAR and all(step.done_at or step.moves_to for step in steps)


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
