"""What is due in open cases: the steps, and the periods of the platform's policy that no step stands for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from watcher.app.ports import Store
from watcher.app.seller import find
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import Step
from watcher.policy.periods import due
from watcher.policy.rule import CountsFrom, Rule
from watcher.policy.rules import rules_for

_WRITTEN = "calendar"
"""Under this name the store keeps the fingerprint of the agenda as it was last written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One moment of a case: a step that is due then, or the end of a period."""

    case: Case
    order: Order
    at: datetime
    subject: Step | Rule
    certainty: Confidence
    """How sure the moment is."""
    urgent: bool = False

    @property
    def uid(self) -> str:
        """What names it for good, on every machine."""
        kind = "step" if isinstance(self.subject, Step) else "rule"
        return f"{self.case.id}-{kind}-{self.subject.id}@stornowacht"


def agenda(store: Store, *, case_id: str | None = None) -> tuple[Appointment, ...]:
    """Return what is due in every open case, or in one, the earliest first.

    Raises:
        UsageError: there is no such case.
    """
    wanted = store.open_cases() if case_id is None else [find(case_id, store.cases(), what="case")]
    orders = store.catalogue().orders_by_id([case.order for case in wanted])
    found = [
        appointment for case in wanted if case.is_open for appointment in _of_case(case, orders[case.order])
    ]
    return tuple(sorted(found, key=lambda each: (each.at, each.uid)))


def beginnings(order: Order) -> Mapping[CountsFrom, datetime]:
    """Return what is known of the moments that periods count from: the page dates the present stage alone."""
    counts_from = {Stage.PAID: CountsFrom.PAID, Stage.DISPUTED: CountsFrom.REPORTED}.get(order.stage)
    return {counts_from: order.stage_at} if counts_from else {}


def fingerprint(appointments: Sequence[Appointment], *words: str) -> str:
    """Return what changes when something in the agenda does: a moment, a step, an item's title, or one of `words`."""
    lines = [
        (each.uid, each.at.isoformat(), each.certainty, each.urgent, each.order.title, each.order.carrier)
        for each in appointments
    ]
    return sha256(repr((lines, words)).encode(errors="replace")).hexdigest()


def keep_agenda(
    store: Store,
    *,
    write: Callable[[Sequence[Appointment]], object],
    words: Sequence[str],
    anew: bool = False,
) -> bool:
    """Have the agenda written when something in it has changed since it was last written; returns whether it was.

    Cheap enough for every round: what was written is remembered by its fingerprint. If `write` raises, nothing is
    remembered, and the next round tries again.

    Args:
        store: what is known.
        write: writes the agenda.
        words: what else the written agenda depends on: where it lies, its language.
        anew: write it whatever is remembered: it is gone.
    """
    appointments = agenda(store)
    mark = fingerprint(appointments, *words)
    if not anew and store.remembered(_WRITTEN) == mark:
        return False
    write(appointments)
    with store.writing() as writing:
        writing.save_remembered(_WRITTEN, mark)
    return True


def _of_case(case: Case, order: Order) -> Iterable[Appointment]:
    steps = [step for step in case.steps if step.is_open and step.due_at is not None]
    for step in steps:
        if step.due_at is not None:
            yield Appointment(
                case=case,
                order=order,
                at=step.due_at,
                subject=step,
                certainty=step.certainty,
                urgent=step.urgent,
            )
    since = beginnings(order)
    for rule in rules_for(case.kind):
        start = since.get(rule.period.counts_from) if rule.period else None
        end = due(rule, since=start) if start else None
        if end is not None and not any(step.id in rule.steps and step.due_at == end for step in steps):
            yield Appointment(case=case, order=order, at=end, subject=rule, certainty=rule.certainty)
