"""The seller's side: acknowledge a case, mark a step, name the reason, close, write a note."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from watcher.app.archive import Note, NoteKind
from watcher.app.case_book import CaseRules, around, keep
from watcher.app.ports import Store, Writing
from watcher.domain.acknowledgement import AckEnding, Acknowledgement, in_force
from watcher.domain.case import Case, Ending
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.playbook import follow, mark
from watcher.domain.reason import CancelReason
from watcher.domain.step import Step
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


def acknowledge(
    store: Store,
    case_id: str,
    *,
    clock: Callable[[], datetime],
    way: str = "cli",
    who: str | None = None,
    until: datetime | None = None,
) -> Case:
    """Say "I have it", or with `until` "not now": from now on no reminder goes out, those already waiting included.

    A closed case has no reminders: it stays as it is.

    Raises:
        UsageError: there is no such case.
    """
    with store.writing() as writing:
        case = find(case_id, store.cases(), what="case")
        if not case.is_open:
            return case
        return acknowledge_within(writing, store, case, way=way, who=who, until=until, at=clock())


def acknowledge_within(
    writing: Writing,
    store: Store,
    case: Case,
    *,
    way: str,
    who: str | None,
    at: datetime,
    until: datetime | None = None,
) -> Case:
    """Say "I have it" within a transaction that does more than that.

    1. The first one counts. One with another end (a snooze, or no snooze any more) takes the place of the one before.
    2. Said once more it answers the question whether it is done, where that was asked; else it changes nothing.

    Args:
        writing: the transaction.
        store: what is remembered, read within the transaction.
        case: the case, as it was read within the transaction.
        way: by which way it was said: `cli`, or the channel's name.
        who: whoever said so, where that is known; the ledger gets a salted hash of it.
        at: when it was said.
        until: set for a snooze: then the reminders begin anew.
    """
    given = Acknowledgement(case=case.id, at=at, way=way, who=who or "", snoozed_until=until)
    known = in_force(store.acknowledgements(case.id))
    is_another = known is not None and known.snoozed_until != until
    if case.acknowledged_at is None or is_another or (known is None and until is not None):
        if known is not None:
            ending = AckEnding.OVERTAKEN if case.acknowledged_at is None else AckEnding.REPLACED
            writing.save_acknowledgement(replace(known, ended_at=at, ending=ending))
        case = replace(case, acknowledged_at=at)
        writing.save_case(case)
        writing.save_acknowledgement(given)
        _record_acknowledgement(writing, "acknowledged" if until is None else "snoozed", case, given)
    elif known is not None and known.asked_at is not None and known.answered_at is None:
        writing.save_acknowledgement(replace(known, answered_at=at))
        _record_acknowledgement(writing, "question_answered", case, given)
    writing.drop_alerts(case.id, now=at)
    return case


def _record_acknowledgement(writing: Writing, kind: str, case: Case, given: Acknowledgement) -> None:
    facts = {"by": given.way}
    if given.who:
        facts["who"] = writing.salted_hash(case.account, given.who)
    if given.snoozed_until is not None:
        facts["until"] = given.snoozed_until.isoformat()
    writing.record(kind, at=given.at, account=case.account, order=case.order, case=case.id, **facts)


def mark_done(
    store: Store, case_id: str, step_id: str, *, rules: CaseRules, clock: Callable[[], datetime]
) -> Case:
    """Mark a step as done. An answer ("already handed in") makes the case one of the kind that it names.

    What the seller says about the parcel counts as a word about the parcel. A step that is done already, or that new facts made
    moot, stays as it is, and the ledger with it.

    Raises:
        UsageError: there is no such case or step.
    """
    with store.writing() as writing:
        before, now = find(case_id, store.cases(), what="case"), clock()
        step = _step(before, step_id)
        if not step.is_open or (not before.is_open and not step.rule.optional):
            return before
        order = find(before.order, store.orders(), what="order")
        said = _ABOUT_THE_PARCEL.get(step.id)
        if said is not None and not order.pickup:
            writing.save_sighting(seller_saw(order, said, at=now))
        case = mark(before, step.id, order, around(store, order, rules=rules, at=now), at=now)
        writing.record(
            "step_done", at=now, account=case.account, order=case.order, case=case.id, step=step.id
        )
        keep(writing, before, case, at=now)
    return case


def name_reason(
    store: Store, case_id: str, reason: CancelReason, *, rules: CaseRules, clock: Callable[[], datetime]
) -> Case:
    """Keep why the buyer cancelled; a suspicion of fraud brings its own steps.

    Raises:
        UsageError: there is no such case.
    """
    with store.writing() as writing:
        before, now = find(case_id, store.cases(), what="case"), clock()
        order = find(before.order, store.orders(), what="order")
        case = replace(before, reason=reason, reason_found=False)
        case = follow(case, order, around(store, order, rules=rules, at=now), at=now)
        writing.record(
            "reason_named", at=now, account=case.account, order=case.order, case=case.id, reason=reason
        )
        keep(writing, before, case, at=now)
    return case


def close_case(store: Store, case_id: str, *, clock: Callable[[], datetime]) -> Case:
    """Close a case because the seller says that it is over; what was open in it is dropped, nothing is deleted.

    Raises:
        UsageError: there is no such case.
    """
    with store.writing() as writing:
        before, now = find(case_id, store.cases(), what="case"), clock()
        case = before.closed(at=now, ending=Ending.BY_SELLER)
        if case != before:
            keep(writing, before, case, at=now)
    return case


def seller_saw(
    order: Order, milestone: Milestone, *, at: datetime, learnt_at: datetime | None = None
) -> Sighting:
    """Return the seller's own word about the parcel."""
    return Sighting(
        order=order.id, milestone=milestone, at=at, learnt_at=learnt_at or at, origin=Origin.SELLER
    )


_ABOUT_THE_PARCEL = {
    "handed_in": Milestone.HANDED_IN,
    "still_at_home": Milestone.LABEL_CREATED,
    "with_buyer": Milestone.DELIVERED,
    "parcel_back": Milestone.RETURNED,
    "goods_back": Milestone.RETURNED,
    "fetch_from_shop": Milestone.RETURNED,
}


def _step(case: Case, step_id: str) -> Step:
    step = case.step(step_id)
    if step is not None:
        return step
    steps = ", ".join(step.id for step in case.steps)
    raise UsageError(
        _("The case {case} has no step {step!r}.").format(case=case.id, step=step_id),
        advice=_("Its steps: {steps}.").format(steps=steps),
    )


def write_note(
    store: Store,
    order_id: str,
    text: str,
    *,
    rules: CaseRules,
    clock: Callable[[], datetime],
    kind: NoteKind = NoteKind.NOTE,
) -> Note:
    """Keep a note about an order, for instance of a phone call; it is only ever added to.

    A contact with support marks the step that asks for it, and plans the one follow-up; the follow-up is marked by a contact
    only once it is due.

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
        note = Note(order=order.id, at=clock(), text=text.strip(), kind=kind)
        digest = writing.save_note(note)
        writing.record(
            "note_added", at=note.at, account=order.account, order=order.id, note=digest, about=kind
        )
        if kind is NoteKind.SUPPORT:
            _mark_support(writing, store, order, rules=rules, at=note.at)
    return note


def _mark_support(writing: Writing, store: Store, order: Order, *, rules: CaseRules, at: datetime) -> None:
    case = next(
        (case for case in store.cases(order.account) if case.order == order.id and case.is_open), None
    )
    if case is None:
        return
    waiting = [
        step.id for step in case.steps if step.is_open and step.id in _SUPPORT_STEPS and _asks_now(step, at)
    ]
    after = case.with_step_done(waiting[0], at=at, by="seller") if waiting else case
    keep(writing, case, follow(after, order, around(store, order, rules=rules, at=at), at=at), at=at)


def _asks_now(step: Step, at: datetime) -> bool:
    """Whether a contact is what the step asks for: a second one that comes too soon is no follow-up."""
    return step.id != "follow_up_support" or (step.due_at is not None and step.due_at <= at)


_SUPPORT_STEPS = ("tell_support", "report_fraud", "follow_up_support", "ask_about_refund")


def earlier_contacts(store: Store, order: Order, *, within: timedelta, now: datetime) -> list[Note]:
    """Return the contacts with support that are too fresh for another one: a second inquiry in the same matter delays both."""
    notes = store.notes(order.id)
    return [note for note in notes if note.kind is NoteKind.SUPPORT and now - note.at < within]
