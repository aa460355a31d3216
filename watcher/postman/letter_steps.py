"""A case's steps and its carrier's ways, as a letter shows them."""

from watcher.carriers.knowledge import OTHER, Way
from watcher.domain.case import Case, CaseKind, Step
from watcher.domain.fact import Fact
from watcher.postman.letter_facts import LetterFacts, carrier_name, carrier_of, command, subject_of, when
from watcher.postman.letter_view import CommandView, DraftView, StepView, WaysView, WayView
from watcher.postman.letter_words import said
from watcher.texts.language import Language
from watcher.texts.names import until_milestone
from watcher.texts.playbook import words_for

PARCEL_STEPS = frozenset({"ask_buyer_to_refuse", "ask_carrier"})


def tasks(case: Case) -> tuple[Step, ...]:
    """Return what is still to be done, in order; answers to questions are no tasks."""
    return tuple(step for step in case.steps if step.done_at is None and step.moves_to is None)


def full(step: Step, facts: LetterFacts, *, language: Language) -> StepView:
    """Return a step with all its words."""
    words = words_for(step.id, subject_of(facts.order, facts.case, tz=facts.tz), language=language)
    return StepView(
        title=words.title,
        why=words.why,
        due=_due(step, facts, language),
        drafts=tuple(DraftView(label=draft.label, text=draft.text) for draft in words.drafts),
        command=_done(step, facts, language),
    )


def brief(step: Step, facts: LetterFacts, *, language: Language) -> StepView:
    """Return a step as one line."""
    words = words_for(step.id, subject_of(facts.order, facts.case, tz=facts.tz), language=language)
    return StepView(title=words.title, due=_due(step, facts, language), command=_done(step, facts, language))


def question(case: Case, facts: LetterFacts, *, language: Language) -> CommandView | None:
    """Return the answers that say where the goods are; `None` where the case does not ask."""
    answers = [step for step in case.steps if step.done_at is None and step.moves_to is not None]
    if not answers:
        return None
    subject = subject_of(facts.order, facts.case, tz=facts.tz)
    asks = "question_text" if case.kind is CaseKind.UNCLEAR else "handed_in_text"
    return CommandView(
        heading=said("label.question", language=language),
        text=said(f"label.{asks}", language=language),
        commands=tuple(
            (words_for(step.id, subject, language=language).title, command("done", case.id, step.id))
            for step in answers
        ),
    )


def ways(facts: LetterFacts, *, language: Language) -> WaysView:
    """Return how the parcel may still come back, in order, with what is known about it and how well."""
    known = carrier_of(facts.order)
    notes = []
    if known.phone is None:
        notes.append(said("label.no_phone", language=language))
    else:
        notes.append(said("label.phone", language=language, words=known.phone.number))
    if known.cutoff is not None:
        notes.append(f"{known.cutoff.note.said(language)} {_source(known.cutoff.fact, language)}")
    name = known.name if known.id != OTHER else carrier_name(facts.order)
    return WaysView(
        heading=said("label.ways", language=language, carrier=name),
        ways=tuple(_way(way, language) for way in known.ways),
        notes=tuple(notes),
    )


def _way(way: Way, language: Language) -> WayView:
    until = until_milestone(way.until_milestone, language=language)
    lines = [way.how.said(language)]
    if way.have_at_hand:
        lines.append(said("label.at_hand", language=language, words=way.have_at_hand.said(language)))
    lines.append(way.afterwards.said(language))
    if way.cost:
        lines.append(said("label.cost", language=language, words=way.cost.said(language)))
    return WayView(
        who=" · ".join(filter(None, (said(f"label.who_{way.who}", language=language), until))),
        title=way.title.said(language),
        lines=tuple(filter(None, lines)),
        source=_source(way.fact, language),
    )


def _source(fact: Fact, language: Language) -> str:
    return said(
        "label.source",
        language=language,
        source=fact.source,
        published=fact.published,
        seen=f"{fact.seen:%m/%Y}",
        grade=said(f"grade.{fact.confidence}", language=language),
    )


def _due(step: Step, facts: LetterFacts, language: Language) -> str | None:
    if step.due_at is None:
        return None
    deadline = when(step.due_at, facts, language=language)
    if step.due_at > facts.now:
        return said("label.due", language=language, deadline=deadline)
    at_once = facts.case is None or step.due_at <= facts.case.opened_at
    return said("label.due_now" if at_once else "label.overdue", language=language, deadline=deadline)


def _done(step: Step, facts: LetterFacts, language: Language) -> str | None:
    if facts.case is None:
        return None
    return said("label.done", language=language, command=command("done", facts.case.id, step.id))
