"""The seller's side: acknowledge a case, mark a step, write a note."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeVar

from watcher.app.archive import Note
from watcher.app.ports import Store
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.playbook import Window, replan
from watcher.errors import UsageError
from watcher.texts.language import _

T = TypeVar("T", Order, Case)
_FEWEST_LETTERS = 3


def find(wanted: str, known: Sequence[T], *, what: Literal["order", "case"]) -> T:
    """Return the order or case whose id is, or begins with, `wanted`.

    Raises:
        UsageError: no id does, or several do.
    """
    exact = [entry for entry in known if entry.id == wanted]
    found = exact or [
        entry for entry in known if len(wanted) >= _FEWEST_LETTERS and entry.id.startswith(wanted)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        none = _("There is no order {id!r}.") if what == "order" else _("There is no case {id!r}.")
        raise UsageError(
            none.format(id=wanted),
            advice=_("`stornowacht {what}s` lists those that are known.").format(what=what),
        )
    several = ", ".join(entry.id for entry in found)
    raise UsageError(
        _("{id!r} fits several: {several}.").format(id=wanted, several=several),
        advice=_("Type more letters."),
    )


def acknowledge(store: Store, case_id: str, *, clock: Callable[[], datetime]) -> Case:
    """Say "I have it": from now on no reminder of the case goes out, those already waiting included.

    Raises:
        UsageError: there is no such case.
    """
    with store.writing() as writing:
        case, now = find(case_id, store.cases(), what="case"), clock()
        if case.acknowledged_at is None:
            case = replace(case, acknowledged_at=now)
            writing.save_case(case)
            writing.record(
                "acknowledged", at=now, account=case.account, order=case.order, case=case.id, by="cli"
            )
        writing.drop_alerts(case.id, now=now)
    return case


def mark_done(
    store: Store,
    case_id: str,
    step_id: str,
    *,
    window_of: Callable[[Order, datetime], Window | None],
    clock: Callable[[], datetime],
) -> Case:
    """Mark a step as done. An answer ("already handed in") makes the case one of the kind that it names.

    A step that is done already, or that new facts made moot, stays as it is, and the ledger with it.

    Raises:
        UsageError: there is no such case or step.
    """
    with store.writing() as writing:
        case, now = find(case_id, store.cases(), what="case"), clock()
        step = next((step for step in case.steps if step.id == step_id), None)
        if step is None:
            steps = ", ".join(step.id for step in case.steps)
            raise UsageError(
                _("The case {case} has no step {step!r}.").format(case=case.id, step=step_id),
                advice=_("Its steps: {steps}.").format(steps=steps),
            )
        if step.done_at is not None:
            return case
        was_open = case.is_open
        case = case.with_step_done(step.id, at=now, by="seller")
        if step.moves_to is not None:
            order = find(case.order, store.orders(), what="order")
            case = replan(
                case, step.moves_to, at=now, window=window_of(order, now), pickup=bool(order.pickup)
            )
        writing.save_case(case)
        writing.record(
            "step_done", at=now, account=case.account, order=case.order, case=case.id, step=step.id
        )
        if was_open and not case.is_open:
            writing.drop_alerts(case.id, now=now)
            writing.record("case_closed", at=now, account=case.account, order=case.order, case=case.id)
    return case


def write_note(store: Store, order_id: str, text: str, *, clock: Callable[[], datetime]) -> Note:
    """Keep a note about an order, for instance of a phone call; it is only ever added to.

    Raises:
        UsageError: there is no such order, or the note is empty.
    """
    if not text.strip():
        raise UsageError(
            _("An empty note says nothing."),
            advice=_('Example: stornowacht note ORDER "Called DHL at 14:10"'),
        )
    with store.writing() as writing:
        order = find(order_id, store.orders(), what="order")
        note = Note(order=order.id, at=clock(), text=text.strip())
        digest = writing.save_note(note)
        writing.record("note_added", at=note.at, account=order.account, order=order.id, note=digest)
    return note
