"""A case's steps and its carrier's ways, as a letter shows them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from watcher.carriers.knowledge import OTHER, Carrier, Way
from watcher.domain.case import Case
from watcher.domain.fact import Fact
from watcher.domain.reason import NAME_REASON
from watcher.domain.step import CaseKind, Step
from watcher.policy.links import links_for
from watcher.postman.letter_facts import LetterFacts, carrier_name, carrier_of, command, subject_of, when
from watcher.postman.letter_policy import policy_lines
from watcher.postman.letter_view import CommandView, DraftView, LinkView, StepView, WaysView, WayView
from watcher.postman.letter_words import said, source_line
from watcher.texts.language import Language
from watcher.texts.names import until_milestone
from watcher.texts.playbook import words_for

_JUST_NOW = timedelta(hours=1)
"""So long a step is due, and not overdue yet."""
_CHOICES = frozenset({"agree", "insist"})
"""Answers that say what the seller wants; the others say where the goods are."""
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
        rules=_rules(step, facts, language),
        due=_due(step, facts, language),
        drafts=tuple(DraftView(label=draft.label, text=draft.text) for draft in words.drafts),
        links=tuple(
            LinkView(label=link.title.said(language), url=link.address) for link in links_for(step.id)
        ),
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
    choices = [step for step in answers if step.id in _CHOICES]
    topic = "question" if not choices else "choice" if len(choices) == len(answers) else "answers"
    asks = "handed_in_text" if topic == "question" and case.kind is not CaseKind.UNCLEAR else f"{topic}_text"
    return CommandView(
        heading=said(f"label.{topic}", language=language),
        text=said(f"label.{asks}", language=language),
        commands=tuple(
            (words_for(step.id, subject, language=language).title, command("done", case.id, step.id))
            for step in answers
        ),
    )


def ways(facts: LetterFacts, *, language: Language) -> WaysView:
    """Return how the parcel may still come back, in order, with what is known about it and how well."""
    known = carrier_of(facts.order)
    name = known.name if known.id != OTHER else carrier_name(facts.order)
    return WaysView(
        heading=said("label.ways", language=language, carrier=name),
        ways=tuple(_way(way, facts.now, language) for way in known.ways),
        notes=tuple(carrier_notes(known, facts.now, language=language)),
    )


def carrier_notes(known: Carrier, now: datetime, *, language: Language) -> Iterator[str]:
    """Yield how to reach the carrier, until when it takes requests, and what the seller has noted about it."""
    if known.phone is None:
        yield said("label.no_phone", language=language)
    else:
        label = "label.phone" if known.phone.fact else "label.own_phone"
        yield said(label, language=language, words=known.phone.number)
    cutoff = known.cutoff
    if cutoff is not None:
        yield (
            f"{cutoff.note.said(language)} {_source(cutoff.fact, now, language)}"
            if cutoff.fact
            else said("label.own_cutoff", language=language, words=f"{cutoff.time:%H:%M}")
        )
    if known.own_note:
        yield said("label.own_note", language=language, words=known.own_note)


def _way(way: Way, now: datetime, language: Language) -> WayView:
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
        source=_source(way.fact, now, language),
    )


def _source(fact: Fact, now: datetime, language: Language) -> str:
    line = source_line(fact, language=language)
    return f"{line} {said('label.old', language=language)}" if fact.is_old(now.date()) else line


def _rules(step: Step, facts: LetterFacts, language: Language) -> tuple[str, ...]:
    if facts.case is None:
        return ()
    return policy_lines(step, facts.case, facts.order, language=language, now=facts.now, tz=facts.tz)


def _due(step: Step, facts: LetterFacts, language: Language) -> str | None:
    if step.due_at is None:
        return None
    deadline = when(step.due_at, facts, language=language)
    if step.due_at > facts.now:
        return said("label.due", language=language, deadline=deadline)
    if facts.case is None or step.due_at <= facts.case.opened_at:
        return said("label.due_now", language=language)
    just_now = facts.now - step.due_at < _JUST_NOW
    return said("label.due_since" if just_now else "label.overdue", language=language, deadline=deadline)


def _done(step: Step, facts: LetterFacts, language: Language) -> str | None:
    if facts.case is None:
        return None
    typed = (
        command("reason", facts.case.id)
        if step.id == NAME_REASON
        else command("done", facts.case.id, step.id)
    )
    return said("label.done", language=language, command=typed)
