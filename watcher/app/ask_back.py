"""Following up "I have it": asked once whether it is done, and let go where nobody answers; a snooze ends."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.app.ports import Store, Writing
from watcher.domain.acknowledgement import (
    AckEnding,
    Acknowledgement,
    Back,
    check_back,
    in_force,
    question,
)
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.parcel import Origin
from watcher.domain.remind import RemindRules


def follow_acknowledgements(
    store: Store, *, channels: Sequence[str], rules: RemindRules, clock: Callable[[], datetime]
) -> list[Alert]:
    """Do what has become due for the cases that somebody has; returns the questions that were queued.

    A case that was acknowledged before acknowledgements were remembered one by one is left alone. In quiet hours nobody is
    asked, unless the question may wake.
    """
    now, asked = clock(), []
    for case in store.open_cases():
        if case.acknowledged_at is None:
            continue
        if _follows(store, case, rules, now) is None:
            continue
        with store.writing() as writing:
            # Looked at again inside the transaction: the seller, or another process, may have come first.
            current = store.catalogue().case(case.id) or case
            found = _follows(store, current, rules, now)
            if found is not None:
                ack, back = found
                alert = _do(writing, store, current, ack, back, channels=channels, rules=rules, now=now)
                asked += [alert] if alert else []
    return asked


def _follows(
    store: Store, case: Case, rules: RemindRules, now: datetime
) -> tuple[Acknowledgement, Back] | None:
    ack = in_force(store.acknowledgements(case.id))
    if ack is None or case.acknowledged_at is None:
        return None
    asked = ack.asked_at is not None and ack.answered_at is None
    back = check_back(
        ack,
        case,
        heard_at=_heard_at(store, case),
        told_at=store.told_at(question(case, ack, at=now).key) if asked else None,
        ask_back=rules.ask_back,
        now=now,
    )
    if back is Back.ASK and rules.quiet.is_quiet(now):
        return (ack, back) if rules.quiet.wakes(case, AlertKind.ASK_BACK, now=now) else None
    return None if back is None else (ack, back)


def _heard_at(store: Store, case: Case) -> datetime | None:
    """Return when the seller last had something to say about the case; what a carrier says is nobody's answer."""
    marks = [step.done_at for step in case.steps if step.done_at is not None and step.done_by == "seller"]
    notes = [note.at for note in store.notes(case.order)]
    own = {Origin.SELLER, Origin.PASTE}
    words = [sighting.learnt_at for sighting in store.sightings(case.order) if sighting.origin in own]
    return max([*marks, *notes, *words], default=None)


def _do(
    writing: Writing,
    store: Store,
    case: Case,
    ack: Acknowledgement,
    back: Back,
    *,
    channels: Sequence[str],
    rules: RemindRules,
    now: datetime,
) -> Alert | None:
    match back:
        case Back.ASK:
            alert = question(case, ack, at=now)
            alert = replace(alert, wakes=rules.quiet.wakes(case, alert.kind, now=now))
            writing.queue(alert, channels=channels, now=now)
            writing.save_acknowledgement(replace(ack, asked_at=now))
            _record(writing, "asked_back", case, now)
            return alert
        case Back.ANSWERED:
            writing.save_acknowledgement(replace(ack, answered_at=now))
            writing.drop_alerts(case.id, now=now)
        case Back.LAPSE | Back.WAKE:
            ending = AckEnding.UNANSWERED if back is Back.LAPSE else AckEnding.SNOOZE_OVER
            writing.save_acknowledgement(replace(ack, ended_at=now, ending=ending))
            writing.drop_alerts(case.id, now=now)
            writing.save_case(replace(case, acknowledged_at=None))
            writing.save_rounds(case.id, store.rounds(case.id).anew(at=now))
            _record(writing, "acknowledgement_lapsed", case, now, why=ending)
    return None


def _record(writing: Writing, kind: str, case: Case, at: datetime, **facts: str) -> None:
    writing.record(kind, at=at, account=case.account, order=case.order, case=case.id, **facts)
