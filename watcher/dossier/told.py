"""What was said and done: cases, messages, notes, the time line."""

from watcher.app.archive import NoteKind
from watcher.app.evidence import CaseRecord, Evidence
from watcher.app.sealed import SealedNote
from watcher.domain.case import Case
from watcher.domain.message import Message
from watcher.domain.step import Standing, Step
from watcher.dossier import called
from watcher.dossier.front import FAR, whole_moment
from watcher.dossier.timeline import Moment, timeline
from watcher.dossier.views import Bubble, CaseView, MomentView, NoteView, StepRow
from watcher.dossier.words import said
from watcher.texts.fill import harmless_lines, one_line
from watcher.texts.language import Language
from watcher.texts.names import clock, day, kind_name, reason_name
from watcher.texts.playbook import Subject, words_for

_LONGEST_QUOTE = 300


def cases_of(evidence: Evidence, *, language: Language) -> tuple[CaseView, ...]:
    """Return every case, the oldest first, with its steps and what became of each."""
    return tuple(_case(record, evidence, language) for record in reversed(evidence.cases))


def subject_in(evidence: Evidence, record: CaseRecord | None) -> Subject:
    """Return what names the order in a step's title: no more than the title and the parties."""
    order = evidence.order
    return Subject(
        kind=record.case.kind if record else None,
        order=order.id,
        title=order.title,
        buyer=order.buyer,
        amount_cents=order.amount_cents,
        carrier=order.carrier,
        tracking_number=order.tracking_number,
    )


def _case(record: CaseRecord, evidence: Evidence, language: Language) -> CaseView:
    case = record.case
    subject = subject_in(evidence, record)
    kind = kind_name(case.kind, language=language)
    lines = [said("label.opened_at", language=language, at=whole_moment(case.opened_at, language=language))]
    lines += _reason(record, language)
    for ack in record.acknowledgements:
        until = ack.snoozed_until
        lines.append(
            said(
                "label.snoozed" if until else "label.acknowledged",
                language=language,
                at=whole_moment(ack.at, language=language),
                way=called.way(ack.way, language=language),
                who=ack.who or None,
                until=whole_moment(until, language=language) if until else None,
            )
        )
    if case.closed_at is not None:
        ending = called.ending(case.ending, language=language) if case.ending else None
        at = whole_moment(case.closed_at, language=language)
        lines.append(said("label.closed_at", language=language, at=at, ending=ending))
    return CaseView(
        heading=said("label.opened", language=language, case=case.id, kind=kind),
        lines=tuple(lines),
        steps=tuple(
            _step(step, case, subject, language)
            for step in case.steps
            if step.moves_to is None or step.done_at
        ),
    )


def _reason(record: CaseRecord, language: Language) -> list[str]:
    lines, case, found = [], record.case, record.found
    if found is not None:
        lines.append(
            said(
                "label.found_reason",
                language=language,
                reason=reason_name(found.reason, language=language),
                sentence=one_line(found.sentence, limit=_LONGEST_QUOTE),
            )
        )
    if case.reason is not None and not case.reason_found:
        reason = reason_name(case.reason, language=language)
        lines.append(said("label.named_reason", language=language, reason=reason))
    return lines


def _step(step: Step, case: Case, subject: Subject, language: Language) -> StepRow:
    done = step.done_at
    dropped = step.done_by == "dropped"
    if done is not None:
        path = {"dropped": "label.done_dropped", "seen": "label.done_seen"}.get(
            step.done_by or "", "label.done_by_seller"
        )
        why = called.because(step.because, language=language) if step.because else None
        state = said(path, language=language, at=whole_moment(done, language=language), why=why)
    elif case.standing(step) is Standing.LEFT:
        state = said("label.step_left", language=language)
    elif step.due_at is not None:
        state = said("label.step_due", language=language, at=whole_moment(step.due_at, language=language))
    else:
        state = said("label.step_open", language=language)
    title = words_for(step.id, subject, language=language).title
    return StepRow(title=title, state=state, open=done is None, dropped=dropped)


def moments_of(evidence: Evidence, *, language: Language) -> tuple[MomentView, ...]:
    """Return the time line, with the day where a new one begins."""
    subject = subject_in(evidence, evidence.cases[0] if evidence.cases else None)
    found = timeline(
        evidence,
        language=language,
        title_of_step=lambda step: words_for(step, subject, language=language).title if step else "",
    )
    views, last = [], ""
    for moment in found:
        shown = day(moment.at, language=language, now=FAR)
        views.append(
            MomentView(
                day=shown if shown != last else "",
                clock=clock(moment.at, language=language),
                moment=moment,
                source=_source(moment, language),
            )
        )
        last = shown
    return tuple(views)


def _source(moment: Moment, language: Language) -> str:
    if moment.source:
        return moment.source
    numbers = ", ".join(map(str, moment.lines))
    return said("label.line", language=language, number=numbers)


def bubbles_of(evidence: Evidence, *, language: Language) -> tuple[Bubble, ...]:
    """Return the messages, with the day where a new one begins."""
    messages = evidence.chat.messages if evidence.chat else ()
    own = ", ".join(sorted(evidence.people.own)) or said("label.seller", language=language)
    other = evidence.order.buyer or said("label.buyer", language=language)
    bubbles, last = [], ""
    for message in messages:
        shown = day(message.at, language=language, now=FAR) if message.at else ""
        side, sender = _side(message, own, other, language)
        bubbles.append(
            Bubble(
                day=shown if shown != last else "",
                clock=clock(message.at, language=language)
                if message.at
                else said("label.no_time", language=language),
                sender=one_line(sender),
                side=side,
                text=harmless_lines(message.text),
            )
        )
        last = shown or last
    return tuple(bubbles)


def _side(message: Message, own: str, other: str, language: Language) -> tuple[str, str]:
    if message.inbound is None:
        return "unknown", said("label.unknown_sender", language=language)
    return ("other", other) if message.inbound else ("own", own)


def notes_of(evidence: Evidence, *, language: Language) -> tuple[NoteView, ...]:
    """Return the notes, each with the line of the ledger that proves it."""
    lines = {entry.text("note"): entry.seq for entry in evidence.entries if entry.kind == "note_added"}
    return tuple(_note(note, lines.get(note.sha256), language) for note in evidence.notes)


def _note(note: SealedNote, line: int | None, language: Language) -> NoteView:
    is_support = note.kind is NoteKind.SUPPORT
    return NoteView(
        when=whole_moment(note.at, language=language),
        kind=said("label.support_note", language=language) if is_support else "",
        lines=tuple(harmless_lines(note.text).splitlines()),
        seal=said("label.note_seal", language=language, line=str(line))
        if line
        else said("label.note_unsealed", language=language),
    )
