"""What surrounds a case (its parcel, the talks with support), and how a case follows it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.app.archive import Note, NoteKind
from watcher.app.ports import Store, Writing
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Parcel, Sighting, parcel_of
from watcher.domain.playbook import follow
from watcher.domain.situation import Circumstances, Deadline, Window
from watcher.domain.stage import Stage, has_reached
from watcher.policy.periods import agree_until


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRules:
    """What is in force when a case is planned."""

    window_of: Callable[[Parcel, datetime], Window | None]
    """Until when the carrier can be asked, as things stand at that moment."""
    support_again_after: timedelta = timedelta(days=3)


def circumstances_of(
    order: Order, sightings: Iterable[Sighting], notes: Iterable[Note], *, rules: CaseRules, at: datetime
) -> Circumstances:
    """Return what surrounds an order's case."""
    parcel = parcel_of(sightings, now=at, carrier=order.carrier, number=order.tracking_number)
    contacts = [note.at for note in notes if note.kind is NoteKind.SUPPORT]
    return Circumstances(
        parcel=parcel,
        window=None if order.pickup else rules.window_of(parcel, at),
        support_asked_at=max(contacts, default=None),
        support_again_after=rules.support_again_after,
        agree_by=_agree_by(order),
    )


def _agree_by(order: Order) -> Deadline | None:
    """Return until when the platform's policy lets the two come to terms about a problem that was reported."""
    if order.stage is not Stage.DISPUTED:
        return None
    end = agree_until(order.stage_at)
    return Deadline(at=end.at, certainty=end.certainty)


def as_tracked(order: Order, sightings: Iterable[Sighting], *, at: datetime) -> Order:
    """Return the order with the carrier and the number that were learnt elsewhere than on its page, for texts to name."""
    parcel = parcel_of(sightings, now=at, carrier=order.carrier, number=order.tracking_number)
    return replace(order, carrier=parcel.carrier, tracking_number=parcel.number)


def around(
    store: Store, order: Order, *, rules: CaseRules, at: datetime, news: Sequence[Sighting] = ()
) -> Circumstances:
    """Return what surrounds an order's case, as it is remembered, and with what was just learnt."""
    sightings = (*store.sightings(order.id), *news)
    return circumstances_of(order, sightings, store.notes(order.id), rules=rules, at=at)


def page_sightings(order: Order, known: Iterable[Sighting], *, at: datetime) -> tuple[Sighting, ...]:
    """Return what the order's page says of the parcel and was not remembered yet.

    The page says that the parcel was sent, or that it was delivered; when, only while that is the order's stage.
    """
    if order.pickup:
        return ()
    told = {sighting.milestone for sighting in known if sighting.origin is Origin.PAGE}
    new = []
    for stage, milestone in ((Stage.SHIPPED, Milestone.HANDED_IN), (Stage.DELIVERED, Milestone.DELIVERED)):
        if has_reached(order.reached, stage) and milestone not in told:
            is_now = order.stage is stage
            new.append(
                Sighting(
                    order=order.id,
                    milestone=milestone,
                    at=order.stage_at if is_now else min(order.stage_at, at),
                    learnt_at=at,
                    origin=Origin.PAGE,
                    confidence=order.confidence if is_now else Confidence.LIKELY,
                )
            )
    return tuple(new)


def follow_up(writing: Writing, store: Store, order: Order, *, rules: CaseRules, at: datetime) -> Case | None:
    """Let the order's open case follow what is known now; returns it as it is then, `None` where there is none."""
    case = next((case for case in store.catalogue().cases_of(order.id) if case.is_open), None)
    if case is None:
        return None
    going_on = follow(case, order, around(store, order, rules=rules, at=at), at=at)
    if going_on != case:
        keep(writing, case, going_on, at=at)
    return going_on


def keep(writing: Writing, before: Case, after: Case, *, at: datetime) -> None:
    """Remember a case that has moved on, and put its end into the ledger.

    When it is opened, the goods have moved, or it is closed, the next check keeps what the page says of the order then:
    that is where a dispute begins.
    """
    writing.save_case(after)
    if before is after or (before.kind, before.is_open) != (after.kind, after.is_open):
        writing.want_capture(after.order, at=at)
    if before is after or _shape(before) != _shape(after):
        writing.record(
            "case_planned", at=at, account=after.account, order=after.order, case=after.id, goods=after.kind
        )
    if before.is_open and not after.is_open:
        writing.drop_alerts(after.id, now=at)
        ending = str(after.ending or "")
        writing.record(
            "case_closed", at=at, account=after.account, order=after.order, case=after.id, ending=ending
        )


def _shape(case: Case) -> tuple[object, ...]:
    """Return what makes a case another plan: marks alone have ledger lines of their own."""
    return (case.kind, *(step.id for step in case.steps))
